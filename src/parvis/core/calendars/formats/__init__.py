"""One file a format of events: bytes to a ``Reading``, and events to text."""
