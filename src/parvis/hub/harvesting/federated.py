"""Federated datasets: a version without rows here, whose rows are asked of the portal of its source at the moment they are read.

A question goes through the guard of addresses and the turn of readers (``readers``), is bounded in time and size, and what is answered
is shared for some seconds by all who ask the same. Whoever asks has checked the right to see the dataset.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from parvis.core.caches import ByteLRUCache
from parvis.core.columns import Column
from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import ExploreRequest, RecordsPage
from parvis.core.explore import elsewhere as far
from parvis.core.explore.elsewhere import Pairs, UnreadableElsewhere
from parvis.core.explore.facets import FacetGroup
from parvis.core.fetching import Answer, FetchTooLarge, FetchTooSlow, ask
from parvis.core.odsql import Names
from parvis.core.progress import Progress
from parvis.core.sources.contract import Item as ToldItem
from parvis.core.translation import Sentence
from parvis.core.versions.formats import FEDERATED
from parvis.core.versions.hollow import columns_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.services import publish as publish_version
from parvis.hub.datastore.facts import listed_facts
from parvis.hub.datastore.services import add_hollow_version, forget_hollow_versions, note_rows
from parvis.hub.harvesting import readers
from parvis.hub.harvesting.asking import is_its_own, secrets_of
from parvis.hub.harvesting.copies import Copied
from parvis.hub.harvesting.far_errors import FarBusy, FarClosed, FarDown, FarGone, FarRefuses, FarSlow, FarSourceAway
from parvis.hub.harvesting.hosts import allowed_by_robots, host_of
from parvis.hub.harvesting.models import Item, Source
from parvis.hub.harvesting.rules import RobotsRefuse
from parvis.hub.harvesting.transports import reach_from
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.quotas.metering import waiting
from parvis.hub.registry import laid_rows_of, overlay_of

SECONDS, IDLE_SECONDS = 10.0, 6.0
"""Longest wait for an answer, and for its next bytes."""
MOST_BYTES = 8_000_000
FRESH = 30.0
"""Seconds for which an answer is given again to whoever asks the same."""


def federate(
    actor: Actor,
    source: Source,
    item: ToldItem,
    dataset: Dataset,
    former: Mapping[str, Any],
    progress: Progress,
    *,
    publish: bool,
) -> Copied:
    """Have the rows of the dataset asked of its portal from now on, ``publish`` it when that may be; RobotsRefuse.

    The rows that were copied before stay as former versions, and what a person has published over it since stays online.
    """
    card, address = _card(item), _address(item)
    allowed = reach_from(source, address).allowed
    if not source.ignore_robots and not allowed_by_robots([f"{address}/records"], progress, allowed)[0]:
        raise RobotsRefuse(host=host_of(address))
    shape, rows = columns_of(_columns(card)), _rows_in(card)
    version = dataset.versions.filter(format=FEDERATED).first()
    is_new = version is None or version.source != address or listed_facts(version, dataset.uid).shape != shape
    if version is None or is_new:
        text = json.dumps(card, ensure_ascii=False).encode("utf-8", "replace")
        version = add_hollow_version(actor, dataset, shape, rows=rows, bbox=item.bbox, card=text, source=address)
    else:
        note_rows(version, rows)
    notes = _put_online(actor, source, dataset, version, former) if publish else []
    forget_hollow_versions(actor, dataset, but=version)
    return Copied({FEDERATED: address}, notes, is_imported=is_new)


def _put_online(
    actor: Actor, source: Source, dataset: Dataset, version: Version, former: Mapping[str, Any]
) -> list[Sentence]:
    if dataset.current_id == version.pk:
        return []
    if source.secrets:
        # No check of ours sees these rows, and somebody keeps them behind a key.
        return [Sentence("attend que quelqu’un la mette en ligne : sa source s’ouvre avec une clé")]
    if FEDERATED in former and dataset.current is not None and not dataset.current.is_federated:
        return [Sentence("garde les lignes qu’une personne a publiées ici")]
    try:
        publish_version(actor, dataset, version)
    except PublicationHeld as held:
        return [held.sentences()[0]]
    dataset.refresh_from_db()
    return []


def obstacle_to_federation(item: ToldItem, dataset: Dataset) -> Sentence | None:
    """Why the rows of a dataset cannot be asked there; None when they can."""
    if not _card(item).get("fields") or not _address(item):
        return Sentence("son portail ne répond pas sur ses lignes : des liens y mènent")
    if (_card(item).get("metas") or {}).get("default", {}).get("federated") is True:
        return Sentence("son portail demande lui-même ces lignes à un autre : des liens y mènent")
    if dataset.steps or laid_rows_of(dataset) or overlay_of(dataset):
        return Sentence("ses lignes restent copiées : elles sont préparées, corrigées ou complétées ici")
    return None


def _rows_in(card: Mapping[str, Any]) -> int:
    default = (card.get("metas") or {}).get("default") or {}
    rows = default.get("records_count")
    return rows if isinstance(rows, int) and not isinstance(rows, bool) and 0 <= rows < 2**53 else 0


def _card(item: ToldItem) -> Mapping[str, Any]:
    """The item as its portal tells it; the child that read it wrote it as JSON."""
    card = json.loads(item.extras.get("explore", "{}"))
    return card if isinstance(card, dict) else {}


def _address(item: ToldItem) -> str:
    """Where its API is; the page of the dataset is below the same root."""
    root, mark, rest = item.landing_page.partition("/explore/dataset/")
    name = rest.strip("/")
    return f"{root}/api/explore/v2.1/catalog/datasets/{name}" if mark and name and item.resources else ""


def _columns(card: Mapping[str, Any]) -> list[Column]:
    columns = []
    for row in card.get("fields") or ():
        try:
            annotations = row.get("annotations")
            is_list = isinstance(annotations, dict) and bool(annotations.get("multivalued"))
            marks = {"multivalued": annotations["multivalued"]} if is_list else {}
            columns.append(Column.from_dict({**row, "annotations": marks, "kind": ""}))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # a type that we do not know: the portal still gives its values
    return columns


def far_rows(dataset: Dataset) -> FederatedRows | None:
    """The rows of a dataset whose current version is federated; FarSourceAway when its source asks no more."""
    version = dataset.current
    item = Item.objects.filter(dataset=dataset).select_related("source").first()
    if version is None or not version.is_federated:
        return None
    if item is None or not item.source.active:
        raise FarSourceAway
    return FederatedRows(item.source, version.source, item.landing_page)


@dataclass(frozen=True, slots=True)
class FederatedRows:
    """The rows of one dataset, at the address of its API."""

    source: Source
    address: str
    page: str

    @property
    def portal(self) -> str:
        """What the source is called here."""
        return self.source.title

    @property
    def gives_files(self) -> bool:
        """Whether anybody may fetch files there: a key of ours is shown to nobody."""
        return not self.source.secrets

    def records(self, names: Names, request: ExploreRequest) -> RecordsPage:
        """A page of rows or groups."""
        return far.read_page(self._ask("/records", far.page_question(names, request)), names, request)

    def record(self, names: Names, record_id: str, request: ExploreRequest) -> dict[str, Any]:
        """One row; NotFound."""
        path = f"/records/{quote(record_id[:300], safe='')}"
        try:
            return far.read_record(self._ask(path, far.record_question(names, request)))
        except FarGone as error:
            raise NotFound(name=record_id) from error

    def facets(self, names: Names, request: ExploreRequest) -> list[FacetGroup]:
        """Values with their counts."""
        return far.read_facets(self._ask("/facets", far.facets_question(names, request)))

    def export_address(self, names: Names, request: ExploreRequest, format_name: str) -> str:
        """Where the file is; FarClosed when only a key opens it."""
        pairs = far.export_question(names, request, format_name)
        if not self.gives_files:
            raise FarClosed(host=host_of(self.address))
        return f"{self.address}/exports/{format_name}{'?' if pairs else ''}{urlencode(pairs)}"

    def _ask(self, path: str, pairs: Pairs) -> bytes:
        """The body of the answer; FarSlow, FarBusy, FarGone and the other errors of that family."""
        url = f"{self.address}{path}?{urlencode(pairs)}"
        key = (self.source.pk, self.source.modified, url)
        if (body := _fresh(key)) is not None:
            return body
        host = host_of(url)
        with waiting("portals", FarBusy(host=host, seconds=5)), readers.reader_turn(url):
            if (body := _fresh(key)) is not None:  # another reader had the same question in hand
                return body
            body = self._sent(url)
        _answers().put(key, (time.monotonic() + FRESH, body), len(body) + len(url))
        return body

    def _sent(self, url: str) -> bytes:
        host = host_of(url)
        own = secrets_of(self.source) if is_its_own(self.source, url) else {}
        with tempfile.TemporaryDirectory(prefix="far-", dir=process_folder()) as folder:
            try:
                answer = ask(
                    url,
                    Path(folder, "answer"),
                    headers={"Accept": "application/json", **own},
                    max_bytes=MOST_BYTES,
                    allowed=reach_from(self.source, url).allowed,
                    idle_seconds=IDLE_SECONDS,
                    total_seconds=SECONDS,
                )
            except FetchTooLarge as error:
                raise UnreadableElsewhere(reason=Sentence(_TOO_LARGE, {"mb": MOST_BYTES // 1_000_000})) from error
            except FetchTooSlow as error:
                readers.did_not_answer(url, is_slow=True)
                raise FarSlow(host=host) from error
            except ParvisError as error:
                readers.did_not_answer(url)
                raise FarDown(host=host) from error
            _judge(answer, url)
            readers.answered(url)
            return answer.path.read_bytes()


_TOO_LARGE = "elle dépasse {mb} Mo"


def _judge(answer: Answer, url: str) -> None:
    """Nothing for a 200; the error that the status means."""
    host, status = host_of(url), answer.status
    if status == 200:
        return
    if status in (429, 503) and (status == 429 or answer.wait is not None):
        raise readers.busy(url, readers.leave_alone(url, max(answer.wait or 0.0, _USUAL_WAIT)))
    if status >= 500:
        readers.did_not_answer(url)
        raise FarDown(host=host)
    readers.answered(url)
    if status in (404, 410):
        raise FarGone(host=host)
    if status in (401, 402, 403, 407, 451):
        raise FarClosed(host=host)
    if status in (400, 414, 422):
        raise FarRefuses(host=host)
    raise FarDown(host=host)


_USUAL_WAIT = 10.0


def _answers() -> ByteLRUCache[tuple[float, bytes]]:
    return byte_cache("portals")


def _fresh(key: Sequence[object]) -> bytes | None:
    entry = _answers().get(key)
    return entry[1] if entry is not None and entry[0] > time.monotonic() else None
