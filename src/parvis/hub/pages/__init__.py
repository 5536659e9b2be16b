"""Editorial pages: themes told with words and data, made of blocks."""
