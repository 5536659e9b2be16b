"""What kind of portal is at an address: each kind is asked one thing that it alone answers so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.ckan import root_of as ckan_root
from parvis.core.sources.data_fair import api_of
from parvis.core.sources.paging import base_url, below, cut_at, with_query
from parvis.core.sources.udata import site_of
from parvis.core.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Recognised:
    """How many datasets the portal announces."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """Where a kind is asked, where its answer has the number of datasets, and what its addresses often hold."""

    address: Callable[[str], str]
    count: Callable[[Mapping[str, Any]], object]
    marks: tuple[str, ...]


def _explore(url: str) -> str:
    root = cut_at(base_url(url), "/api/", "/explore", "/pages")
    return with_query(below(root, "api/explore/v2.1/catalog/datasets"), {"limit": 1})


def _ckan(url: str) -> str:
    return with_query(below(ckan_root(url), "api/3/action/package_search"), {"rows": 0})


def _udata(url: str) -> str:
    return with_query(f"{below(site_of(base_url(url)), 'api/1')}/datasets/", {"page_size": 1})


def _data_fair(url: str) -> str:
    return with_query(f"{api_of(url)}/datasets", {"size": 0})


def _of_ckan(body: Mapping[str, Any]) -> object:
    result = body.get("result")
    return result.get("count") if body.get("success") is True and isinstance(result, Mapping) else None


PROBES: Final[Mapping[str, Probe]] = {
    "explore": Probe(
        _explore,
        lambda body: body.get("total_count") if isinstance(body.get("results"), list) else None,
        ("/explore/", "opendatasoft.com", "/api/explore"),
    ),
    "ckan": Probe(_ckan, _of_ckan, ("/api/3", "ckan", "/organization/")),
    "udata": Probe(
        _udata,
        lambda body: body.get("total") if isinstance(body.get("data"), list) else None,
        ("/api/1", "/organizations/", "data.gouv.fr"),
    ),
    "data_fair": Probe(
        _data_fair,
        lambda body: body.get("count") if isinstance(body.get("results"), list) else None,
        ("/data-fair", "/api/v1", "koumoul.com"),
    ),
}

_ANOTHER = gettext_noop("sa réponse n’est pas celle de ce genre de portail")


def recognised(answer: Path, slug: str) -> Recognised:
    """The portal, of that kind; UnreadableAnswer when its answer is another's. Run in a confined child."""
    count = PROBES[slug].count(json_object(answer))
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise unreadable(_ANOTHER)
    return Recognised(count)
