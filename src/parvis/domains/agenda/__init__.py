"""The cultural agenda of a territory: what happens, where and when, no matter who announced it."""
