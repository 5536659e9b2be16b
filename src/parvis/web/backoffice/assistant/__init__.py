"""From a file to a published dataset, in five steps."""
