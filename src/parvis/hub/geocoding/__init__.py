"""The national service of addresses: what was asked of it is remembered, what is new is asked in batches."""
