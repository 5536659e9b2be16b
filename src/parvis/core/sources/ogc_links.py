"""The links of the documents of an OGC API: those of a relation, and the one to the next page."""

from __future__ import annotations

from typing import Any, Final

from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import LONGEST_URL, address, rows, short

JSON: Final = {"Accept": "application/json"}
GEOJSON: Final = {"Accept": "application/geo+json, application/json;q=0.9"}


def next_of(body: dict[str, Any]) -> str:
    """The address of the next page as it is written: ``paging`` says whether it may be followed."""
    return first_of(short(link.get("href"), LONGEST_URL + 1) for link in links_of(body, "next"))


def first_link(body: dict[str, Any], relation: str, base: str = "") -> str:
    """The address of the link of that relation."""
    return first_of(address(link.get("href"), base) for link in links_of(body, relation))


def links_of(body: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    """The links of that relation, GeoJSON or JSON rather than pages for people."""
    links = [link for link in rows(body.get("links")) if relation_of(link) == relation]
    links.sort(key=lambda link: ("geo+json" not in short(link.get("type")), "json" not in short(link.get("type"))))
    return [link for link in links if "html" not in short(link.get("type"))] or links


def relation_of(link: dict[str, Any]) -> str:
    """The relation of a link, by its last word when it is an address."""
    return short(link.get("rel"), 100).rpartition("/")[2]
