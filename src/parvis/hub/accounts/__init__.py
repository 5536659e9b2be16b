"""People, organisations, roles."""
