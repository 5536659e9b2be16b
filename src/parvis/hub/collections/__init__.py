"""Records as everybody sees them, by declaration: a list, a page each, and their forms for programs and other sites."""
