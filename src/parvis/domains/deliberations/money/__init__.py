"""What an act costs or brings in, what it decides on elsewhere in the portal, what became of it. None of it is what the act states:
it is followed while the act is online."""
