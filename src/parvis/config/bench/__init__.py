"""The published benchmark: what Parvis takes, beside peers run on the same file in the same run."""
