"""Checking any file against a schema, without an account; the schemas; the address that does it for programs."""
