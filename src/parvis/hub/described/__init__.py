"""What rooms that the web does not know add to its descriptions and to its lists of pages."""
