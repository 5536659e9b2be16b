"""API keys: long-lived secrets by which programs act for the person who made them."""
