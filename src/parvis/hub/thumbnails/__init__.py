"""Thumbnails: small pictures of datasets, maps, charts and pages, made in the background for the cards that lead to them."""
