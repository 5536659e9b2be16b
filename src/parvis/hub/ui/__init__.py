"""Page shell, components, template tags, static files."""
