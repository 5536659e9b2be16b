"""The Explore API v2.1: what clients of an Opendatasoft portal call."""
