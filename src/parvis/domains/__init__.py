"""Domains: things a territory does with its data, each in its own room, that know the hub and not one another."""
