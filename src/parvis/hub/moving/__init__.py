"""The rest of a portal that moves in: pages, people, reuses, rules, child portals, counts; proposed here, and decided by somebody."""
