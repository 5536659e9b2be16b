"""The trees of version 1's tests, published."""

from parvis.web.api.explore_v1.tests.conftest import ask, own_home, publish, shared_home, trees  # noqa: F401
