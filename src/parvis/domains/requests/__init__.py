"""Requests for data: asked by anybody, answered within the month of the law; and letters to organisations."""
