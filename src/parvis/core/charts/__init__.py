"""Charts: one description makes the questions, the drawing for browser and server, the sentence and the table."""
