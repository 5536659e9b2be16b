"""Charts of datasets: asked as somebody, drawn, framed with their sentence and table; kept under a permanent address."""
