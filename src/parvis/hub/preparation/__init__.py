"""Datasets made of others by their recipe: made again, or their owners told, when what they are made of changes."""
