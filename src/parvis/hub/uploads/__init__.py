"""Pictures and documents that people send to the back office, received through a confined child."""
