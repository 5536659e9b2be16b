"""Finding acts online: by words, facets, dates, amounts and places; what is found is shown with its page."""
