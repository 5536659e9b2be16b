"""Datasets: cards, versions, publication."""
