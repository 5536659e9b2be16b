"""Full text over the catalogue."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
LIST = "/api/explore/v2.1/catalog/datasets"


def test_a_full_text_search_passes_over_codes_and_addresses(client, dataset):
    for word in ("domain", "http", "etalab", "authority", dataset.uid):
        assert client.get(LIST, {"where": f'"{word}"'}).json()["total_count"] == 0, word
    assert client.get(LIST, {"where": '"equipements sport"'}).json()["total_count"] == 1
