"""Tags of screens about records."""
