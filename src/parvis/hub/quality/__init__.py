"""The quality of what is published: measured after each publication, reckoned again each day, told to its owners."""
