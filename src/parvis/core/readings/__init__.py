"""What a cell written otherwise probably means: a date in another order, a decimal comma, a code without its zero. Never a guess
given as certain."""
