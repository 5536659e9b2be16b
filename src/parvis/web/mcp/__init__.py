"""The Model Context Protocol at ``/mcp``: the catalogue and its rows, read by assistants as by anybody."""
