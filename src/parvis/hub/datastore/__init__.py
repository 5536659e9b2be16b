"""From a file to a queryable table; reading rows by dataset."""
