"""The files of a report."""

ENDINGS = ("csv", "json", "xlsx")
