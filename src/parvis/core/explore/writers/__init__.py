"""Writers: batches of an answer to the bytes of a file, one module a format."""
