"""The description of the Explore API v2.1 in OpenAPI 3.1, made from the rows of the code."""
