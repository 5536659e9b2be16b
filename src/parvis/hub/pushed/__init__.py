"""Pages written once for all communes: pushed to their sites, filled with their names, kept in step, never over local work."""
