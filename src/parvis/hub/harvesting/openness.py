"""Whether everybody sees of a dataset that moves in what a key sees of it: what comes by a key is never more open here than it was there.

Portals close rows and columns by rules that their public API does not tell; what it shows to who has no key does tell whether there are any.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.fetching import HttpStatus
from parvis.core.progress import Progress
from parvis.core.sources.contract import Item, Request
from parvis.core.sources.portal_lists import read_openness, read_total
from parvis.core.translation import Sentence
from parvis.hub.catalogue.rules import Access
from parvis.hub.harvesting.asking import ask_and_read
from parvis.hub.harvesting.cards import ToldCard
from parvis.hub.harvesting.hosts import ComeBackLater, HostIsDown
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import SourceRefused, name_in

_MOST_BYTES: Final = 20_000_000


def close_what_is_narrower(source: Source, item: Item, card: ToldCard, progress: Progress) -> list[Sentence]:
    """Restrict the card of a dataset of which a key sees more than everybody; why, in words. Other kinds of portals than Explore close
    whole datasets, and say so on their cards."""
    is_explore = source.dialect == "explore" and "explore" in item.extras
    if not source.secrets or card.values.get("access") == Access.RESTRICTED or not is_explore:
        return []
    reason = _narrower(source, item, progress)
    if reason is None:
        return []
    card.values["access"] = Access.RESTRICTED.value
    return [Sentence("réservé ici : {reason}", {"reason": reason})]


def _narrower(source: Source, item: Item, progress: Progress) -> Sentence | None:
    stranger = copy.copy(source)
    stranger.secrets = ""
    base, _mark, _rest = item.landing_page.partition("/explore/dataset/")
    address = f"{base}/api/explore/v2.1/catalog/datasets/{quote(name_in(item), safe='')}"
    try:
        shown = _read(stranger, address, read_openness, progress)
        own = _read(source, address, read_openness, progress)
        if own.data_visible and not shown.data_visible:
            return Sentence("là-bas, ses lignes ne se lisent pas sans clé")
        if hidden := sorted(set(own.fields) - set(shown.fields)):
            return Sentence(
                "là-bas, des colonnes ne se lisent pas sans clé ({columns})", {"columns": ", ".join(hidden[:20])}
            )
        if not own.data_visible or not own.fields:
            return None
        rows = f"{address}/records?limit=0"
        seen, whole = _read(stranger, rows, read_total, progress), _read(source, rows, read_total, progress)
        if seen < whole:
            values = {"seen": seen, "whole": whole}
            return Sentence("là-bas, {seen} lignes sur {whole} se lisent sans clé", values)
    except (Cancelled, ComeBackLater, HostIsDown):
        raise
    except SourceRefused:
        return Sentence("là-bas, il ne se voit pas sans clé")
    except ParvisError as error:
        if isinstance(error, HttpStatus) and error.details.get("status") == 404:
            return Sentence("là-bas, il ne se voit pas sans clé")
        # Nobody can tell what is closed: as closed as it may be.
        return Sentence(
            "ce que tout le monde en voit là-bas n’a pas pu être lu ({error})", {"error": error.sentences()[0]}
        )
    return None


def _read[T](source: Source, url: str, read: Callable[[Path], T], progress: Progress) -> T:
    return ask_and_read(source, Request(url), progress, read, max_bytes=_MOST_BYTES)
