"""SQL written by strangers: read by DuckDB's own parser, checked node by node, its errors told without a word about the server."""
