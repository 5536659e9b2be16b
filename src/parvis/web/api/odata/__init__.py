"""OData 4, for Excel, Power BI and what else reads it: a service for each dataset, one for the catalogue."""
