"""Datasets of the Explore API, read by OData."""

from parvis.web.api.explore.tests.conftest import body, dataset, own_home, publish, shared_home, thorns

__all__ = ["body", "dataset", "own_home", "publish", "shared_home", "thorns"]
