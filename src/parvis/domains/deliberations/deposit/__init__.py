"""From a dropped file to an act that somebody confirmed: received, read, proposed, confirmed."""
