"""Asking a portal for what is not a dataset: politely, a page after the other, each answer read in a confined child."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from parvis.core.children import call
from parvis.core.fetching import HttpStatus
from parvis.core.progress import Progress, no_progress
from parvis.core.sources.catalogue_lists import CataloguePage, read_catalogue_list
from parvis.core.sources.ckan import root_of as ckan_root
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import PageInstead, SourceRefuses, UnreadableAnswer
from parvis.core.sources.explore import root_of
from parvis.core.sources.page_skeletons import Skeleton, read_skeleton, skeleton_in
from parvis.core.sources.paging import base_url
from parvis.core.sources.portal_lists import FarList, read_list, read_total
from parvis.core.sources.udata import site_of
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.asking import READ_SECONDS, ask_and_read
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import RobotsRefuse, SourceRefused
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.moving.rules import KINDS

PAGE: Final = 100
LIST_BYTES: Final = 60_000_000
"""Of one page of a list."""
HTML_BYTES: Final = 8_000_000
"""Of one page of the portal."""
AUTOMATION: Final = "/api/automation/v1.0"
"""What a key of who runs a portal opens."""
CATALOGUE: Final = "/api/explore/v2.1/catalog/datasets"
"""What everybody may read of its datasets."""
NOT_GIVEN: Final = (SourceRefused, SourceRefuses, RobotsRefuse, HttpStatus, PageInstead, UnreadableAnswer)
"""What a portal answers for a list that it does not give, or does not give to who asks."""


_ROOTS: Final[Mapping[str, Callable[[str], str]]] = {
    "ckan": ckan_root,
    "udata": lambda url: site_of(base_url(url)),
}
"""Where a portal begins, whichever of its addresses was given; others are as those of Explore."""


class Portal:
    """A portal that is asked, with the key of its source."""

    def __init__(self, source: Source, progress: Progress = no_progress) -> None:
        self.source, self.progress = source, progress
        self.root = _ROOTS.get(source.dialect, root_of)(source.url)
        self.short: dict[str, tuple[int, int]] = {}
        """Lists that gave fewer things than they say there are, by their kind: how many came, how many there are."""

    @property
    def has_key(self) -> bool:
        """Whether it is asked with a key."""
        return bool(self.source.secrets)

    def every(self, path: str, kind: str, most: int, query: str = "") -> Iterator[dict[str, Any]]:
        """The rows of a list, one page after the other, ``most`` at the most; those that come twice are given once."""
        names: set[str] = set()
        rows = 0
        for offset in range(0, most, PAGE):
            # The second version of the API asked for rows from a start.
            former = f"&rows={PAGE}&start={offset}" if path.startswith("/api/v2/") else ""
            page = self.page(f"{path}?limit={PAGE}&offset={offset}{former}{query}", kind)
            fresh = [row for row in page.facts() if row["identifier"] not in names]
            rows += page.read if fresh else 0
            for row in fresh[: most - len(names)]:
                names.add(row["identifier"])
                yield row
            # A portal that does not turn its pages gives the same again: nothing new is the end.
            if not fresh or (page.total is not None and rows >= page.total):
                break
        if page.total is not None and page.total > rows:
            self.short[kind] = (rows, page.total)

    def page(self, path: str, kind: str) -> FarList:
        """One page of a list."""
        return self.read(path, read_list, kind)

    def rows_of_filter(self, dataset: str, query: str) -> int:
        """How many rows of a dataset the portal itself says that a filter keeps, for the key that it is asked with."""
        words = urlencode({"dataset": dataset, "q": query, "rows": 0})
        return self.read(f"/api/records/1.0/search/?{words}", read_total, "nhits")

    def catalogue(self, path: str, kind: str) -> CataloguePage:
        """One page of a list of a CKAN or a udata."""
        return self.read(path, read_catalogue_list, kind)

    def public_page(self, slug: str) -> Skeleton:
        """A page as everybody sees it."""
        return self.read(f"/pages/{quote(slug, safe='')}/", read_skeleton, most=HTML_BYTES)

    def read[T](self, path: str, read: Callable[..., T], *words: str, most: int = LIST_BYTES) -> T:
        """What ``read`` makes of what is at a path, in a confined child."""
        return ask_and_read(self.source, Request(f"{self.root}{path}"), self.progress, read, *words, max_bytes=most)


def skeleton(title: str, html: str) -> Skeleton:
    """The pieces of a page whose HTML the portal gave."""
    with tempfile.TemporaryDirectory(prefix="moving-", dir=process_folder()) as folder:
        path = Path(folder, "page.html")
        path.write_text(html, encoding="utf-8", errors="replace")
        with confined(title, path, seconds=READ_SECONDS) as (_work, permits):
            return call(skeleton_in, path, permits=permits)


def is_nobody(facts: Mapping[str, Any]) -> bool:
    """Whether an account is closed, or the supplier's own: nobody to invite."""
    return not facts["is_active"] or bool(facts["is_of_the_supplier"])


def views_told(portal: Portal) -> Iterator[dict[str, Any]]:
    """What datasets showed there, as the catalogue says it (see ``drawings.views_of``)."""
    return portal.every(CATALOGUE, "views", KINDS["drawings"].most, "&include_app_metas=true")
