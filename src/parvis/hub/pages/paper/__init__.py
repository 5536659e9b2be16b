"""Pages on paper: a page as a tagged PDF, fit for the file of a council."""
