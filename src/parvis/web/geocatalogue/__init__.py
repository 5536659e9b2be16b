"""The catalogue by the protocols of geographers: CSW 2.0.2 and 3.0, and OGC API – Records."""
