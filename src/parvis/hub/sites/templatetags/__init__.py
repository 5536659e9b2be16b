"""Template filters about sites."""
