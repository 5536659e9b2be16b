"""Indicators: figures computed at each version, kept for ever, and told with all that they come from."""
