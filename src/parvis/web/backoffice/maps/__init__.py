"""Screens of saved maps: the list, the maker."""
