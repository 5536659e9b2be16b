"""Version 2.0 of the Explore API: the present one's answers in their former shapes (specification, section 11.1)."""
