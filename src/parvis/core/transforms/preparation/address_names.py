"""The files in which the addresses of an instance are: read by geocoding, written by whoever loads them."""

from __future__ import annotations

NUMBERS, STREETS, CITIES = "numbers.parquet", "streets.parquet", "cities.parquet"
FILES = (NUMBERS, STREETS, CITIES)
"""In the order in which geocoding is given them."""
