"""How the house is put together and started: Django settings, addresses, command line."""
