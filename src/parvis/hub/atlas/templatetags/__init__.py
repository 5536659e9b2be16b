"""Template tags of maps of several layers."""
