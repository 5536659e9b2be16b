"""The privacy gate: what was found of persons in each version, and what was decided about it."""
