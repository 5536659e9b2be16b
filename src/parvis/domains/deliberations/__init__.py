"""Deliberations and other acts: dropped once, published as the law asks, sealed, found again."""
