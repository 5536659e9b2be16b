"""Which schema each dataset follows, what was found of each version, and what an organisation does about it."""
