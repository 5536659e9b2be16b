"""Writing by programs: the operations of ``/api/parvis/v1`` that do what the back office does, and the keys that may."""
