"""Being told by mail of what answers a search: acts that went online, points of the agendas of sittings to come."""
