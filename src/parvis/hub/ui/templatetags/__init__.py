"""Template tags of the page shell and components."""
