"""Which file of an item is copied, by the formats as sources name them."""

import pytest

from parvis.core.sources.contract import Resource
from parvis.core.sources.format_words import FORMAT_WORDS
from parvis.hub.harvesting.resources import best_resource, format_of


@pytest.mark.parametrize("slug", sorted(set(FORMAT_WORDS.values()) - {"xml"}))
def test_every_format_that_is_read_is_copied_whatever_its_address(slug: str) -> None:
    described = Resource("https://ckan.example/telecharger/12", format=slug)
    assert format_of(described)
    assert best_resource([Resource("https://ckan.example/notice.pdf"), described]) is described
