"""Links between pages lead no further than paging may reach."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from parvis.core.explore.request import LAST_ROW
from parvis.web.api.explore.links import page_links


def offsets(limit: int, offset: int, total: int) -> dict[str, int]:
    request = RequestFactory().get("/api/explore/v2.1/catalog/datasets/arbres/records", {"where": "x > 1"})
    links = {row["rel"]: parse_qs(urlsplit(row["href"]).query) for row in page_links(request, limit, offset, total)}
    assert all(query["where"] == ["x > 1"] for query in links.values())
    return {rel: int(query["offset"][0]) for rel, query in links.items()}


@pytest.mark.parametrize(
    ("total", "offset", "expected"),
    [
        (0, 0, {"self": 0, "first": 0, "last": 0}),
        (20, 0, {"self": 0, "first": 0, "last": 0}),
        (21, 0, {"self": 0, "first": 0, "last": 20, "next": 20}),
        (45, 20, {"self": 20, "first": 0, "last": 40, "next": 40}),
        (45, 40, {"self": 40, "first": 0, "last": 40}),
        (LAST_ROW + 5_000, LAST_ROW - 40, {"self": 9_960, "first": 0, "last": 9_980, "next": 9_980}),
        (LAST_ROW + 5_000, LAST_ROW - 20, {"self": 9_980, "first": 0, "last": 9_980}),
    ],
)
def test_pages_of_twenty_rows_are_linked_up_to_the_last_that_may_be_reached(total, offset, expected):
    assert offsets(20, offset, total) == expected
