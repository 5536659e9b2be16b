"""The inventory of the usual datasets of a local authority: ``datasets.csv`` and its reader; see ``SOURCE.md``."""
