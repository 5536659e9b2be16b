"""Rows that programs push into datasets: taken one by one, kept at once, seen at once, folded into versions."""
