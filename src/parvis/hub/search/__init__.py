"""Full-text search in French over the catalogue."""
