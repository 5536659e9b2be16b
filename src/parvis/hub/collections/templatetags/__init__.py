"""Tags of templates that show records."""
