"""The cultural agenda of a territory: what happens, where and when, whoever announced it."""
