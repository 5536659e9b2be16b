"""The kinds of portals from which one moves in: how each is recognised, how its key is shown, what it is asked besides its catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from parvis.core.errors import Cancelled, DataError, OperationError, ParvisError
from parvis.core.fetching import HttpStatus
from parvis.core.progress import Progress, no_progress
from parvis.core.sources.ckan_moves import ROWS_SLUG, dictionary
from parvis.core.sources.contract import Item, Request
from parvis.core.sources.paging import with_query
from parvis.core.sources.recognised import PROBES, recognised
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.harvesting.asking import ask_and_read, sealed, secrets_of
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.move_parts import arranged, rows_told
from parvis.hub.harvesting.rules import LostSecret, RobotsRefuse, SourceBusy, SourceRefused

_PROBE_BYTES: Final = 20_000_000
_PROBE_SECONDS: Final = 60.0


class UnknownPortal(OperationError):
    """An address that none of the kinds answers at."""

    code: ClassVar[str] = "move-unknown-portal"
    sentence: ClassVar[str] = gettext_noop("« {url} » n’est reconnu comme aucun genre de portail : {reasons}.")
    advice: ClassVar[str] = gettext_noop(
        "Donnez l’adresse du portail lui-même, ou dites son genre : « Genre de portail » à l’écran, --kind explore, ckan, udata ou data_fair à "
        "la commande."
    )


@dataclass(frozen=True, slots=True)
class MoveKind:
    """A kind of portal: its name for people, the header that shows a key, what compares a dataset (a dotted path), whether a dataset of it
    may have several tables."""

    name: str
    header: str
    prefix: str = ""
    comparison: str = "parvis.hub.harvesting.far_comparisons.compared"
    has_tables: bool = False

    def secrets(self, key: str) -> dict[str, str]:
        """The key as the portal wants to be shown it."""
        return {self.header: f"{self.prefix}{key}"}

    def key_of(self, secrets: Mapping[str, str]) -> str:
        """The key that is shown so; empty when there is none."""
        return secrets.get(self.header, "").removeprefix(self.prefix)


MOVE_KINDS: Final[Mapping[str, MoveKind]] = {
    "explore": MoveKind("Opendatasoft / Parvis (API Explore)", "Authorization", "Apikey ", comparison=""),
    "ckan": MoveKind("CKAN", "Authorization", has_tables=True),
    "udata": MoveKind("udata", "X-API-KEY", has_tables=True),
    "data_fair": MoveKind("Data Fair", "x-apiKey"),
}


def shown_as(source: Source, former: str, kind: str) -> str:
    """The secrets of a source of a former kind, sealed anew: its key is shown as another kind wants it, the rest stays. One that cannot be
    opened is left: whoever reads the source is told so."""
    if not source.secrets or former == kind or not {former, kind} <= MOVE_KINDS.keys():
        return source.secrets
    try:
        secrets = secrets_of(source)
    except LostSecret:
        return source.secrets
    key = MOVE_KINDS[former].key_of(secrets)
    if not key:
        return source.secrets
    rest = {name: value for name, value in secrets.items() if name != MOVE_KINDS[former].header}
    return sealed({**rest, **MOVE_KINDS[kind].secrets(key)})


def kind_of_portal(source: Source, progress: Progress = no_progress) -> tuple[str, Sentence]:
    """The kind of the portal at the address of a source, and by what it was recognised; UnknownPortal tells what each answered.

    Each kind is asked with the key, shown as that kind wants it: some portals tell nothing without.
    """
    refusals: list[Sentence] = []
    for slug in _likely_first(source.url):
        try:
            return slug, _recognised(_as_kind(source, slug), slug, progress)
        except ComeBackLater as later:
            raise SourceBusy from later
        except (
            DataError,
            HttpStatus,
            RobotsRefuse,
            SourceRefused,
        ) as error:  # others are of the address, not of the kind
            values: dict[str, str | int | Sentence] = {"kind": MOVE_KINDS[slug].name, "reason": error.sentences()[0]}
            refusals.append(Sentence("{kind} : {reason}", values))
    texts = " ; ".join(row.text("fr").rstrip(".") for row in refusals)
    raise UnknownPortal(url=source.url[:300], reasons=texts)


def _likely_first(url: str) -> Iterable[str]:
    """All kinds; those whose marks the address has before the others."""
    return sorted(MOVE_KINDS, key=lambda slug: not any(mark in url for mark in PROBES[slug].marks))


def _as_kind(source: Source, slug: str) -> Source:
    row = copy(source)
    row.secrets, row.dialect = shown_as(source, source.dialect, slug), slug
    return row


def _recognised(source: Source, slug: str, progress: Progress) -> Sentence:
    request = Request(PROBES[slug].address(source.url), headers={"Accept": "application/json"})
    bounds: dict[str, Any] = {"max_bytes": _PROBE_BYTES, "total_seconds": _PROBE_SECONDS}
    count = ask_and_read(source, request, progress, recognised, slug, **bounds).count
    values: dict[str, str | int | Sentence] = {"kind": MOVE_KINDS[slug].name, "url": request.url[:300], "count": count}
    return Sentence("{kind} : {url} annonce {count} jeux", values)


def completed(source: Source, item: Item, progress: Progress = no_progress) -> tuple[Item, list[Sentence]]:
    """The item with its object, once the portal told what its catalogue does not: the fields of a table of its DataStore.

    A table that the portal announces and does not give is left for the file it was made of.
    """
    rows = rows_told(item)
    if rows.get("dialect") != ROWS_SLUG:
        return arranged(item), []
    try:
        url = with_query(str(rows["url"]), {"limit": 0, "include_total": "true"})
        fields: Any = json.loads(
            ask_and_read(source, Request(url), progress, dictionary, max_bytes=_PROBE_BYTES).fields
        )
        return arranged(item, fields if isinstance(fields, list) else []), []
    except (Cancelled, ComeBackLater):
        raise
    except ParvisError as error:
        note = Sentence(
            "sa table n’est pas donnée là-bas : son fichier est pris ({reason})", {"reason": error.sentences()[0]}
        )
        return arranged(item, without=str(rows["id"])), [note]
