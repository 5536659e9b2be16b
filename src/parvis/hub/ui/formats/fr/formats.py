"""The marks of numbers in French."""

THOUSAND_SEPARATOR = "\u202f"
"""Narrow and unbreakable, where Django's is wide: figures fill tables."""
