"""Use cases without code, loaded into an instance."""
