"""The home of a site: its layout, its words, what it puts forward."""
