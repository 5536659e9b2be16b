"""Datasets that subjects publish of themselves: their rows become a dataset like any other, with all that comes with it."""
