"""Maps: one description makes the questions, the legends, the picture of the server and the list."""
