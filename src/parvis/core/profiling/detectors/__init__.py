"""The families of parsers, one file a family; each row carries values that fit it and values that do not."""
