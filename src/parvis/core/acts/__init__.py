"""Acts of local authorities: their text, what rules read in it, what makes sense together. No database, no Django."""
