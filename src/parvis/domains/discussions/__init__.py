"""Discussions: what people ask and say of a dataset, and what those who publish it answer."""
