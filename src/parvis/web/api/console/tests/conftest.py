"""The datasets of the Explore API's own tests."""

from parvis.web.api.explore.tests.conftest import (  # noqa: F401
    dataset,
    own_home,
    publish,
    shared_home,
    thorns,
)
