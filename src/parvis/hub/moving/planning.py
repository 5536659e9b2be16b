"""What would come of a portal besides its datasets, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import SourceBusy
from parvis.hub.moving.catalogues import showcases
from parvis.hub.moving.drawings import views_of
from parvis.hub.moving.reading import AUTOMATION, CATALOGUE, Portal, is_nobody, views_told
from parvis.hub.moving.rules import KINDS, kinds_of


def plan_rest(source: Source, without: Iterable[str], progress: Progress = no_progress) -> dict[str, dict[str, Any]]:
    """What would come besides datasets, by kind: how many, or why it cannot be told. Nothing is written."""
    portal, left_out = Portal(source, progress), set(kinds_of(without))
    if source.dialect != "explore":
        return _planned(
            portal, left_out, {"reuses": lambda: len(showcases(portal))} if source.dialect == "ckan" else {}
        )
    pages = f"{AUTOMATION}/code_editor_pages/" if portal.has_key else "/api/v2/pages"

    def rows(kind: str, path: str) -> Iterator[dict[str, Any]]:
        return portal.every(path, kind, KINDS[kind].most)

    def portals() -> int:
        catalogue = portal.every(CATALOGUE, "datasets", KINDS["counts"].most)
        return len({row["source_domain"] for row in catalogue} - {"", urlsplit(portal.root).hostname})

    counted: dict[str, Callable[[], int]] = {
        "users": lambda: sum(not is_nobody(row) for row in rows("users", f"{AUTOMATION}/users/")),
        "groups": lambda: sum(1 for _row in rows("groups", f"{AUTOMATION}/groups/")),
        "pages": lambda: sum(1 for _row in rows("pages", pages)),
        "portals": portals,
        "drawings": lambda: sum(1 for row in views_told(portal) for _view in views_of(row)),
    }
    return _planned(portal, left_out, counted)


def _planned(
    portal: Portal, left_out: Collection[str], counted: Mapping[str, Callable[[], int]]
) -> dict[str, dict[str, Any]]:
    plan: dict[str, dict[str, Any]] = {}
    for kind, count in counted.items():
        if kind in left_out:
            continue
        if KINDS[kind].needs_key and not portal.has_key:
            plan[kind] = {"count": None, "reason": Sentence("il faut une clé d’API qui ait le droit de les lire")}
            continue
        try:
            plan[kind] = {"count": count(), "reason": None}
        except Cancelled:
            raise
        except ComeBackLater:
            plan[kind] = {"count": None, "reason": SourceBusy().sentences()[0]}
        except ParvisError as error:  # datasets were read already: what is not known of the rest is said
            plan[kind] = {"count": None, "reason": error.sentences()[0]}
    return plan
