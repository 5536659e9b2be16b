"""Catalogues and feeds of elsewhere, read page by page: what to ask a server, and what its answers say. Nothing here opens a connection."""
