"""From a file to a published dataset, step by step."""
