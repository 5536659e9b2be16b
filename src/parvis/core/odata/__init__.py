"""OData 4: a table as an entity set, its questions read into the trees of the query language, its pages written."""
