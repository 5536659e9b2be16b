"""Full-text search in long documents: a library of its own for each subject that has some, on disk."""
