"""What INSPIRE wants said of a geographic dataset (regulation (EC) 1205/2008, technical guidance 2.0). Pure: no Django."""
