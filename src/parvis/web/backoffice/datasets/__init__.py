"""Lists, cards, versions and lives of datasets."""
