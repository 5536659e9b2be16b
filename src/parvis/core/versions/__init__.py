"""Versions of a dataset: folders that never change once they have their name."""
