"""Screens of saved charts: the list, the maker."""
