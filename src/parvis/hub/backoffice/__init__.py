"""What screens of the back office are made of, whichever room they are in: who asks, rights, records by declaration."""
