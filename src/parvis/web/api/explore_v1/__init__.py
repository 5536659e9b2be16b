"""Version 1 of the Explore API, for the widgets and scripts that still speak it."""
