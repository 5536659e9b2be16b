"""What a dataset of a portal that is moved in brings besides its card: every row, of the types of its fields, its documents, its files.

Rows come as JSON Lines rather than CSV, which tells neither lists nor files, and are read with the types that the fields announce
(``Dataset.overrides``, written from the card): nothing is guessed again. What files are called there is replaced by what they are here.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse

from parvis.core.children import call
from parvis.core.errors import DataError
from parvis.core.fetching import Answer, HttpStatus
from parvis.core.formats.refusals import EmptyFile
from parvis.core.progress import Progress
from parvis.core.sources import data_fair
from parvis.core.sources.contract import Item, Request, Resource
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.explore import exact_rows
from parvis.core.sources.file_cells import FarFile, count_rows, files_in, with_names
from parvis.core.sources.portal_lists import read_total
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import attachments_of
from parvis.hub.catalogue.services import update_card
from parvis.hub.catalogue.sidecar import uid_in
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.closed_exports import is_closed, rows_by_pages
from parvis.hub.harvesting.copies import Copied, ask_for_file, copy, fetch_file, import_file, stamp_of, write_table
from parvis.hub.harvesting.documents import DocumentsBrought, FilesBrought, bring_documents, bring_files, link_of
from parvis.hub.harvesting.former import remember_addresses
from parvis.hub.harvesting.models import OTHERS, Source
from parvis.hub.harvesting.rules import SourceRefused, name_in
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import store, versions_name

DOCUMENTS: Final = "documents"
"""In ``Item.copied``, what came of the documents, by what they are called there."""
FILES: Final = "files"
"""The same of the files that rows name: their addresses here."""

PARTS: Final = "parts"
"""Of another kind of portal, which of its parts the rows are, where they are read, and which parts stay links."""

FILES_LEFT: Final = "files_left"
"""How many of those did not come."""

_TOTAL_BYTES: Final = 1_000_000
BY_PAGES: Final = gettext_noop("ses exports sont fermés là-bas : ses lignes sont lues page par page")

type Keep = Callable[[Mapping[str, Any]], None]
"""Writes what came so far."""


def far_card(item: Item) -> dict[str, Any]:
    """The item as its portal tells it; the child that read it wrote it as JSON."""
    try:
        card = json.loads(item.extras.get("explore", "{}"))
    except (ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}


def uid_of(item: Item) -> str:
    """The internal identifier that a dataset had there, when it may have it here: no rows are under that name."""
    uid = uid_in(far_card(item))
    return "" if uid and store().children(versions_name(uid)) else uid


def same_here(source: Source, item: Item) -> Dataset | None:
    """The dataset that has here the internal identifier that the item has there: it went from one portal to the other, whatever each
    believes its own address to be."""
    uid = uid_in(far_card(item))
    if not uid:
        return None
    others = Dataset.objects.filter(uid=uid).exclude(status=Status.DELETED)
    return others.exclude(pk__in=source.items.filter(dataset__isnull=False).values("dataset")).first()


def bring(
    actor: Actor,
    source: Source,
    item: Item,
    dataset: Dataset,
    former: dict[str, Any],
    progress: Progress,
    *,
    publish: bool,
    keep: Keep,
) -> Copied:
    """Documents first, for a dataset that goes online to have them, then rows; what stops the import is raised."""
    return _Arrival(actor, source, item, far_card(item), dataset, former, progress, publish).bring(keep)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One dataset that comes: by whom, from where, what its portal says of it, what came of it before, whether it goes online."""

    actor: Actor
    source: Source
    item: Item
    card: Mapping[str, Any]
    dataset: Dataset
    former: dict[str, Any]
    progress: Progress
    publish: bool

    def bring(self, keep: Keep) -> Copied:
        """All of it."""
        card, former, state = self.card, self.former, dict(self.former)
        documents = dict(former.get(DOCUMENTS, {}))

        def brought(told_card: Mapping[str, Any]) -> DocumentsBrought:
            return bring_documents(
                self.actor,
                self.source,
                told_card,
                self.dataset,
                documents,
                self.progress,
                lambda: keep({**state, DOCUMENTS: documents}),
            )

        came = brought(card)
        notes, left = came.notes, [*came.left, *map(link_of, card.get("links") or [])]
        state[DOCUMENTS] = documents
        notes += _notes_of(card)
        try:
            rows = self._told_rows()
        except DataError as error:
            why = _why_joined(card, error) if card.get("rows") else None
            if why is None or (former.get(PARTS) or {}).get("rows"):
                raise  # what is here is better than what came
            notes.append(why)
            card = {**card, "rows": None, "attachments": [*card["attachments"], card["table"]]}
            came = brought(card)
            notes, left = [*notes, *came.notes], [*left, *came.left]
            rows = self._table_of_documents()
        state |= rows.state or {}
        state |= {DOCUMENTS: documents, OTHERS: left}
        if "paths" in card:
            state[PARTS] = _parts_of(card)
        slugs = {key: row["slug"] for key, row in documents.items()}
        remember_addresses(self.dataset, card.get("paths") or [], slugs)
        is_partial = came.is_partial or rows.is_partial
        return Copied(state, notes + rows.notes, is_imported=rows.is_imported, is_partial=is_partial)

    def _told_rows(self) -> Copied:
        """The rows as the card tells them: of another kind of portal, none but documents, closed, or of an Explore API."""
        if self.card.get("rows"):
            return self._rows_elsewhere()
        if not self.card.get("has_records"):
            return self._table_of_documents()
        if not self.card.get("data_visible", True):
            return Copied(None, [Sentence("ses lignes ne sont pas lisibles là-bas sans une clé qui en a le droit")])
        return self._rows()

    def _table_of_documents(self) -> Copied:
        table = _documents_table(self.dataset, self.item)
        return write_table(table, self.dataset, self.former, self.progress, publish=self.publish)

    def _files(self, files: Sequence[FarFile]) -> FilesBrought:
        return bring_files(self.actor, self.source, self.dataset, files, self.former.get(FILES, []), self.progress)

    def _rows_elsewhere(self) -> Copied:
        """Rows of another kind of portal: a file, or pages that one of the dialects of rows reads, whose files come too."""
        facts = {name: value for name, value in self.card["rows"].items() if name != "id"}
        columns = _file_columns(self.card) if facts["dialect"] == data_fair.SLUG else []
        came: list[FilesBrought] = []

        def named(path: Path) -> Path:
            """The rows, each file under its name here: a cell says where it is below the dataset, or its whole address."""
            with confined(self.item.title[:100], path) as (work, permits):
                cells = call(files_in, path, columns, permits=permits, progress=self.progress).files
                there = [FarFile(*data_fair.place_of_file(facts["url"], cell.url)) for cell in cells]
                came.append(self._files(there))
                names = {cell.url: came[0].names.get(far.url, far.url) for cell, far in zip(cells, there, strict=True)}
                fresh = work / path.name
                call(with_names, path, columns, names, fresh, permits=permits, progress=self.progress)
                path.unlink()
                return fresh.rename(path)

        rows = copy(
            self.source,
            replace(self.item, resources=(Resource(**facts),)),
            self.dataset,
            self.former,
            self.progress,
            publish=self.publish,
            finished=named if columns else None,
        )
        for files in came:
            rows.state = {**(rows.state or self.former), FILES: files.slugs, FILES_LEFT: files.left}
            rows.notes, rows.is_partial = files.notes + rows.notes, rows.is_partial or files.is_partial
        return rows

    @property
    def _base(self) -> str:
        return self.item.landing_page.partition("/explore/dataset/")[0]

    def _rows(self) -> Copied:
        name, former, dataset = name_in(self.item), self.former, self.dataset
        resource = Resource(exact_rows(name, self._base), f"{name}.jsonl", "jsonl", modified=_changed(self.card))
        with tempfile.TemporaryDirectory(prefix="move-", dir=process_folder()) as folder:
            answer, path = self._whole_answer(resource, Path(folder))
            if answer is None:
                return Copied({**former, "told": stamp_of(resource)})
            came = None
            if (columns := _file_columns(self.card)) and path.suffix == ".jsonl":
                with confined(self.item.title[:100], path) as (work, permits):
                    came = self._files(call(files_in, path, columns, permits=permits, progress=self.progress).files)
                    named = work / "lignes.jsonl"
                    call(with_names, path, columns, came.names, named, permits=permits, progress=self.progress)
                    path.unlink()
                    named.rename(path)
            path = _with_header(path, self.card) if path.suffix == ".jsonl" else path
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            state = {"url": resource.url, "told": stamp_of(resource), "sha256": digest}
            state |= {"etag": answer.etag, "last_modified": answer.last_modified}
            notes = [Sentence(BY_PAGES)] if answer.url.partition("?")[0].endswith("/records") else []
            notes += came.notes if came else []
            if came is not None:
                state |= {FILES: came.slugs, FILES_LEFT: came.left}
            is_partial = came is not None and came.is_partial
            # Held, unpublished or published, the version of these very bytes is there.
            if former.get("sha256") == digest and dataset.versions.exists():
                return Copied(state, notes, is_partial=is_partial)
            # A value that is none of the type of its column keeps no other from coming: the column is then text, which is told.
            dated = dataset.as_told.get("default", {}).get("modified")
            notes = notes + import_file(dataset, path, self.progress, publish=self.publish, policy=MisfitPolicy.TEXT)
            _date_as_there(self.actor, dataset, dated)
            return Copied(state, notes, is_imported=True, is_partial=is_partial)

    def _whole_answer(self, resource: Resource, folder: Path) -> tuple[Answer | None, Path]:
        """The rows, and where they are; asked once more when what came is not all of them. UnreadableAnswer, and what fetching raises."""
        for is_last in (False, True):
            try:
                answer, extension = self._answer(resource, folder)
                path = folder / f"lignes.{extension}"
                if answer is not None:
                    answer.path.rename(path)
                    if extension == "jsonl":
                        self._require_whole(path)
                return answer, path
            except UnreadableAnswer:
                if is_last:
                    raise
        raise AssertionError

    def _require_whole(self, path: Path) -> None:
        """UnreadableAnswer for rows that are cut, or none where the portal still tells some when asked."""
        names = [str(field.get("name")) for field in self.card.get("fields") or []]
        with confined(self.item.title[:100], path) as (_work, permits):
            count = call(count_rows, path, names, permits=permits, progress=self.progress).count
        if count:
            return
        name, total = quote(name_in(self.item), safe=""), 0
        with tempfile.TemporaryDirectory(prefix="move-", dir=process_folder()) as folder, suppress(HttpStatus):
            request = Request(f"{self._base}/api/explore/v2.1/catalog/datasets/{name}/records?limit=0")
            where = Path(folder, "answer")
            answer = ask_for_file(self.source, request, where, self.progress, max_bytes=_TOTAL_BYTES)
            with confined(self.item.title[:100], answer.path) as (_work, permits):
                total = call(read_total, answer.path, permits=permits)
        if total:
            reason = Sentence("l’export est vide, et le portail annonce {count} lignes", {"count": total})
            raise UnreadableAnswer(file=path.name, reason=reason)

    def _answer(self, resource: Resource, folder: Path) -> tuple[Answer | None, str]:
        """The rows and their format: as one list from a portal that knows no JSON Lines, in CSV from one that knows no JSON, page by page
        from one that has no export or refuses them all; None when they are as they were."""
        name, bounds = name_in(self.item), {"max_bytes": settings.PARVIS["PARVIS_UPLOAD_BYTES"]}
        others = {
            "jsonl": exact_rows(name, self._base, "json"),
            "csv": f"{exact_rows(name, self._base, 'csv')}&{_csv_options(self.card)}",
        }
        try:
            return fetch_file(self.source, resource, folder, self.former, self.progress), "jsonl"
        except (HttpStatus, SourceRefused) as error:
            if not is_closed(error):
                raise
            if isinstance(error, SourceRefused):
                others = {}
        for extension, url in others.items():
            try:
                return ask_for_file(self.source, Request(url), folder / "answer", self.progress, **bounds), extension
            except (HttpStatus, SourceRefused) as error:
                if not is_closed(error):
                    raise
        address = f"{self._base}/api/explore/v2.1/catalog/datasets/{quote(name, safe='')}"
        return rows_by_pages(self.source, address, self.card, folder, self.progress), "jsonl"


def _notes_of(card: Mapping[str, Any]) -> list[Sentence]:
    """What is said of documents that stay there, and of tables that are joined."""
    notes = []
    if card.get("left"):
        notes.append(Sentence("documents restés là-bas : {count}", {"count": card["left"]}))
    if (count := card.get("tables", 0)) == 1:
        notes.append(Sentence("un autre tableau est joint ; « un jeu par tableau » (--each-table) en ferait un jeu"))
    elif count:
        values: dict[str, str | int | Sentence] = {"count": count}
        notes.append(
            Sentence(
                "{count} autres tableaux sont joints ; « un jeu par tableau » (--each-table) en ferait des jeux", values
            )
        )
    return notes


def _why_joined(card: Mapping[str, Any], error: DataError) -> Sentence | None:
    """Why a table is attached rather than read; None for rows that came by pages and cannot be read: they are asked again."""
    name = card["table"]["title"]
    if not card["rows"]["dialect"]:
        values: dict[str, str | int | Sentence] = {"name": name, "reason": error.sentences()[0]}
        return Sentence("« {name} » ne se lit pas comme un tableau, et est joint ({reason})", values)
    return Sentence("« {name} » n’a aucune ligne là-bas", {"name": name}) if isinstance(error, EmptyFile) else None


def _parts_of(card: Mapping[str, Any]) -> dict[str, Any]:
    rows = card.get("rows") or {}
    facts = {"rows": rows.get("id"), **{name: rows.get(name, "") for name in ("url", "dialect", "format")}}
    return {**facts, "links": [row["id"] for row in card.get("links") or []]}


def _date_as_there(actor: Actor, dataset: Dataset, dated: str | None) -> None:
    """The date of change that the portal tells holds: these data are the ones it is told of."""
    dataset.refresh_from_db()
    default = dataset.as_told.get("default", {})
    if dated and default.get("modified") != dated:
        update_card(actor, dataset, {"as_told": {**dataset.as_told, "default": {**default, "modified": dated}}})


def _csv_options(card: Mapping[str, Any]) -> str:
    """Names as headers, and lists parted by the sign that their column announces."""
    annotations = [field.get("annotations") for field in card.get("fields") or []]
    signs = [row["multivalued"] for row in annotations if isinstance(row, Mapping) and row.get("multivalued")]
    sign = next((sign for sign in signs if isinstance(sign, str)), ",")
    return urlencode({"delimiter": ";", "use_labels": "false", "list_separator": sign})


def _changed(card: Mapping[str, Any]) -> str:
    default = (card.get("metas") or {}).get("default") or {}
    return str(default.get("data_processed") or default.get("modified") or "")


def _file_columns(card: Mapping[str, Any]) -> list[str]:
    return [str(field["name"]) for field in card.get("fields") or [] if field.get("type") == "file"]


def _with_header(path: Path, card: Mapping[str, Any]) -> Path:
    """The rows; of a table that has none, its columns alone, which no row would tell."""
    if path.stat().st_size > 64 or path.read_bytes().strip(b" \t\r\n[]"):
        return path
    empty = path.with_suffix(".csv")
    with empty.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream, delimiter=";").writerow([field.get("name") for field in card.get("fields") or []])
    return empty


def _documents_table(dataset: Dataset, item: Item) -> list[list[str]]:
    """What a dataset without rows shows: its documents, where they are here."""
    shown = attachments_of(dataset).filter(held=False).order_by("slug")
    rows = [
        [row.title, row.file.name.rpartition(".")[2], _attachment_address(dataset, row.slug), str(row.bytes), ""]
        for row in shown
    ]
    return rows or [[item.title, "", item.landing_page, "", ""]]


def _attachment_address(dataset: Dataset, slug: str) -> str:
    return canonical(reverse("explore_attachment", args=[dataset.dataset_id, slug]))
