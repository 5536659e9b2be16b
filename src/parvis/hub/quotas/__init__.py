"""What each caller may ask of the engine: budgets in seconds a day, and places at the counter."""
