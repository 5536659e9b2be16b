"""A page to try the Explore API: choose, see the address, run, read the answer."""
