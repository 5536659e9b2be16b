"""Checking a table against a Table Schema: verdicts of Validata, computed over whole columns, every fault counted."""
