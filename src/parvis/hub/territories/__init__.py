"""Communes, EPCI, departments, regions: codes, parents, population, contours."""
