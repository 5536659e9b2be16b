"""Drawings that people compose and save: what saved charts and saved maps have in common."""
