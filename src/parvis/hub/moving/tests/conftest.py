"""A former portal with all that it has besides datasets."""

from parvis.hub.harvesting.tests.conftest import portal

__all__ = ["portal"]
