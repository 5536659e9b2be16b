"""The house's own API, ``/api/parvis/v1``: what the operations of every room share, and their description in OpenAPI."""
