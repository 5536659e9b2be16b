"""Services of the catalogue: APIs, geographic services, live feeds and applications, beside the datasets that they serve."""
