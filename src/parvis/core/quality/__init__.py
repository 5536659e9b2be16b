"""How good a version is: what is measured in its rows, what is known around it, and one score whose formula is told."""
