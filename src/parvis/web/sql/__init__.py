"""SQL over the datasets one may read: the page for people, the address for programs."""
