"""Parvis, the data hub of a French territory."""

__version__ = "0.2.0"
