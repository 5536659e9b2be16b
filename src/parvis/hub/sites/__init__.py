"""Public faces: name, colours, logo."""
