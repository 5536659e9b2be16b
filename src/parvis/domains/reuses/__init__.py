"""Reuses: what people make of the data, shown with the data that they use."""
