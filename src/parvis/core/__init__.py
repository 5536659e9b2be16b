"""What works on data with no idea of users or pages: standard library, DuckDB and Arrow, no Django."""
