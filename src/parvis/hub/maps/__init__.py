"""Maps: what a layer shows, the base map, the words of the screen."""
