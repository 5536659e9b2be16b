"""The back office, in Wagtail's admin."""
