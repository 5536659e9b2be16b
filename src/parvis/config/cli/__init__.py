"""The ``parvis`` command: one row in ``arguments``, one module, for each command."""
