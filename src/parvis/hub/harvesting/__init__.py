"""Datasets that come by themselves: sources with a schedule, read again and again, told item by item."""
