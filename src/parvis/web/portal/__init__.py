"""Public screens that cross subjects: home, search, dataset, territory, organisation."""
