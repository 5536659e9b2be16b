"""The seal of what is published: one chain for the instance, to which rows are only added, that anyone can read and check."""
