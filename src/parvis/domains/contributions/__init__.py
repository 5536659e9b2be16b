"""Contributing to any dataset: proposals, their moderation, and what holds of them when the source comes again."""
