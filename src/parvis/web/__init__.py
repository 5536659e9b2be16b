"""The house seen from outside: pages, API, back office."""
