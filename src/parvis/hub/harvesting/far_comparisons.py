"""A dataset that came from CKAN, udata or Data Fair, compared with what is there: its card asked alone, its documents fetched again and
digested, its rows by what another part of the portal writes (the dump of the DataStore, lines in CSV), or the file read once more.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.conf import settings

from parvis.core.children import call
from parvis.core.columns import Column, ColumnType
from parvis.core.errors import Cancelled, ParvisError
from parvis.core.fetching import HttpStatus
from parvis.core.progress import Progress
from parvis.core.sources.ckan_moves import ROWS_SLUG, dictionary
from parvis.core.sources.data_fair import LINES, api_of
from parvis.core.sources.far_cards import (
    FarCard,
    FarDocument,
    data_fair_card,
    data_fair_page,
    data_fair_schema,
    data_fair_values,
    package_card,
    sum_of_dump,
    sum_of_file,
    sum_of_lines,
    udata_card,
    udata_resources,
)
from parvis.core.sources.far_sheets import sum_of_workbook
from parvis.core.sources.fingerprints import TableSum, sum_of_parquet
from parvis.core.sources.paging import base_url, below, cut_at, with_query
from parvis.core.sources.udata import site_of
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.text import fold
from parvis.hub.catalogue.attachments import MOST_BYTES
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import attachments_of
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.comparison_facts import (
    Difference,
    ask_again,
    difference,
    files_of_version,
    row_differences,
    served_object,
    table_facts,
    themes_chosen,
    value_differences,
)
from parvis.hub.harvesting.comparisons import MOST_TOLD, common_columns, field_differences
from parvis.hub.harvesting.files import item_name
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import OTHERS, Item, Source
from parvis.hub.harvesting.moves import DOCUMENTS, FILES_LEFT, PARTS
from parvis.hub.harvesting.rules import ComparisonState, Correspondence
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import manifest_of

_CARD_BYTES: Final = 50_000_000
_MOST_PAGES: Final = 5_000
_MOST_FACETS: Final = 20
_AGG: Final = 1_000


@dataclass(frozen=True, slots=True)
class Again:
    """The portal asked again for one dataset: where its answers go, and how each is read in a child."""

    source: Source
    folder: Path
    progress: Progress

    def read[Answer](self, url: str, reader: Callable[[Path], Answer]) -> Answer:
        """What the answer at that address says."""
        path = self.file(url, "answer", _CARD_BYTES)
        with confined(self.source.title, path) as (_work, permits):
            return call(reader, path, permits=permits)

    def file(self, url: str, name: str, most: int) -> Path:
        """A file, to be read after, in the place of the one that had that name."""
        (self.folder / name).unlink(missing_ok=True)
        return ask_again(self.source, url, self.folder / name, self.progress, most)


def compared(source: Source, row: Item, dataset: Dataset, version: Version, progress: Progress) -> dict[str, Any]:
    """How it compares, as ``comparisons`` tells it."""
    with tempfile.TemporaryDirectory(prefix="compare-", dir=process_folder()) as name:
        again = Again(source, Path(name), progress)
        far = _CARDS[source.dialect](again, row)
        dataset.current = version  # of a draft, what was brought
        here = served_object(dataset)
        differences = [*_cards(source, far, here, row), *_documents(again, far, row, dataset)]
        of_rows, table = _table(again, row, dataset, version, here)
        differences += of_rows
    return {
        "state": (ComparisonState.DIFFERENT if differences else ComparisonState.SAME).value,
        "version": version.name,
        "published": dataset.status == Status.PUBLISHED,
        "count": len(differences),
        "differences": differences[:MOST_TOLD],
        "usage": dict(far.usage),
        **table,
    }


def _ckan_card(again: Again, row: Item) -> FarCard:
    return again.read(_ckan_action(again.source, "package_show", row), package_card)


def _ckan_action(source: Source, action: str, row: Item) -> str:
    root = cut_at(base_url(source.url), "/api/", "/dataset", "/organization", "/group")
    return with_query(below(root, f"api/3/action/{action}"), {"id": item_name(row.identifier)})


def _udata_card(again: Again, row: Item) -> FarCard:
    """By the second version of its API, which gives resources page by page; by the first on a site that has no other."""
    site, name = site_of(base_url(again.source.url)), quote(item_name(row.identifier), safe="")
    try:
        far = again.read(f"{below(site, 'api/2')}/datasets/{name}/", udata_card)
    except (Cancelled, ComeBackLater):
        raise
    except ParvisError:
        return again.read(f"{below(site, 'api/1')}/datasets/{name}/", udata_card)
    following, documents = far.following, list(far.documents)
    for _rank in range(_MOST_PAGES):
        if not following or urlsplit(following).netloc != urlsplit(site).netloc:
            break
        page = again.read(following, udata_resources)
        documents += page.documents
        following = page.following if page.documents else ""
    return replace(far, documents=tuple(documents))


def _data_fair_card(again: Again, row: Item) -> FarCard:
    return again.read(_data_fair_address(again.source, row), data_fair_card)


def _data_fair_address(source: Source, row: Item) -> str:
    return f"{api_of(source.url)}/datasets/{quote(row.identifier, safe='')}"


_CARDS: Final[Mapping[str, Callable[[Again, Item], FarCard]]] = {
    "ckan": _ckan_card,
    "udata": _udata_card,
    "data_fair": _data_fair_card,
}


def _cards(source: Source, far: FarCard, here: Mapping[str, Any], row: Item) -> Iterator[Difference]:
    default = (here.get("metas") or {}).get("default") or {}
    is_part = item_name(row.identifier) != row.identifier
    if not is_part and far.name != here.get("dataset_id"):
        yield difference("identifier", "dataset_id", far.name, here.get("dataset_id"))
    if far.is_restricted and here.get("visibility") != "restricted":
        yield difference("identifier", "visibility", "restricted", here.get("visibility"))
    title, own_title = (" ".join(text.split()) for text in (far.title, str(default.get("title") or "")))
    is_titled = own_title.startswith(f"{title[:120]} – ") if is_part else own_title == title[:200].strip()
    if not is_titled:
        yield difference("card", "title", far.title, default.get("title"))
    there, own = _words(far.text)[:1_000], _words(str(default.get("description") or ""))[:1_000]
    if there and there != own[: len(there)]:
        yield difference("card", "description", far.text, default.get("description"))
    if left := {fold(word)[:100] for word in far.words if word} - {fold(word) for word in default.get("keyword") or []}:
        yield difference("card", "keyword", ", ".join(sorted(left)), ", ".join(default.get("keyword") or []))
    chosen = Correspondence.of(source.mapping)
    themes = {fold(word) for word in themes_chosen(chosen, filter(None, far.themes))}
    if left := themes - {fold(word) for word in default.get("theme") or []}:
        yield difference("card", "theme", ", ".join(sorted(left)), ", ".join(default.get("theme") or []))
    own_licence = licence_slug(str(default.get("license") or ""), str(default.get("license_url") or ""))
    wished = chosen.licences.get(fold(far.licence), far.licence)
    if far.licence and wished != own_licence:
        yield difference("card", "license", wished, default.get("license"))


def _words(text: str) -> list[str]:
    """The words of a text whatever its marks: addresses, tags and signs of emphasis are written in several ways."""
    bare = html.unescape(re.sub(r"<[^>]{0,2000}>", " ", text[:50_000]))
    bare = re.sub(r"(?:https?://|mailto:|www\.)[^\s)\]>\"]*", " ", bare)
    return re.findall(r"[^\W_]+", bare)


def _documents(again: Again, far: FarCard, row: Item, dataset: Dataset) -> Iterator[Difference]:
    """Each file of the portal must be the rows, a document whose bytes are the same, or a link that is shown."""
    brought, parts = row.copied.get(DOCUMENTS, {}), row.copied.get(PARTS, {})
    by_slug = {attachment.slug: attachment for attachment in attachments_of(dataset)}
    shown = {str(link.get("url")) for link in row.copied.get(OTHERS, []) if isinstance(link, Mapping)}
    is_part = item_name(row.identifier) != row.identifier
    for document in far.documents:
        identifier = document.id or document.url
        state = brought.get(f"attachments:{identifier}")
        if identifier == parts.get("rows"):
            continue
        if identifier in parts.get("links", []) and document.url in shown:
            continue
        if state is None and is_part:
            continue  # another table, which is a dataset of its own
        attachment = by_slug.get(str((state or {}).get("slug")))
        if state is None or attachment is None:
            yield difference("document", document.title or identifier, document.url, None)
        elif other := _other_bytes(again, document, state, attachment):
            yield other
    if count := row.copied.get(FILES_LEFT):
        yield difference("document", "fichiers des lignes", count, 0)


def _other_bytes(
    again: Again, document: FarDocument, state: Mapping[str, str], attachment: Attachment
) -> Difference | None:
    """How a document differs from what is there now; what was packed or drawn again is known by what came."""
    path = again.file(str(state["url"]), "document", MOST_BYTES)
    with path.open("rb") as stream:
        there = hashlib.file_digest(stream, "sha256").hexdigest()
    if there in (attachment.sha256, state.get("sha256")):
        return None
    return difference("document", document.title or document.id, there, attachment.sha256)


def _table(
    again: Again, row: Item, dataset: Dataset, version: Version, here: Mapping[str, Any]
) -> tuple[list[Difference], dict[str, Any]]:
    parts = row.copied.get(PARTS, {})
    if not parts.get("rows"):
        return [], {}
    manifest = manifest_of(dataset.uid, version.name)
    files = files_of_version(dataset, version, manifest)
    fields: list[dict[str, Any]] = []
    facets: list[str] = []
    counts: dict[str, Mapping[str, int]] = {}
    if parts.get("dialect") == ROWS_SLUG:
        fields = json.loads(again.read(with_query(parts["url"], {"limit": 0}), dictionary).fields)
        columns = common_columns(fields, manifest)
        far_sum = _dump_sum(again, row, columns)
    elif parts.get("dialect") == "data_fair":
        address = _data_fair_address(again.source, row)
        schema = again.read(f"{address}/schema", data_fair_schema)
        fields = json.loads(schema.text)
        columns = common_columns(fields, manifest)
        far_sum = _lines_sum(again, address, fields, schema.keys, columns)
        keys = {str(field["name"]): key for field, key in zip(fields, schema.keys, strict=True)}
        facets = [column.name for column in columns if _is_counted(column)][:_MOST_FACETS]
        for name in facets:
            query = {"field": keys[name], "agg_size": _AGG, "size": 0}
            with suppress(HttpStatus):  # a column may be closed to it
                counts[name] = again.read(with_query(f"{address}/values_agg", query), data_fair_values).counts
    else:
        return _file_table(again, row, list(manifest.shape), files)
    own_sum = sum_of_parquet(files, columns, facets)
    shown = {str(field.get("name")): field.get("type") for field in here.get("fields") or []}
    # A type that the portal does not tell was recognised here.
    fields = [field if field.get("type") else {**field, "type": shown.get(str(field["name"]))} for field in fields]
    differences = [
        *field_differences(fields, here.get("fields") or []),
        *row_differences(columns, far_sum, own_sum),
        *value_differences(counts, own_sum),
    ]
    return differences, table_facts(columns, far_sum, own_sum)


def _is_counted(column: Column) -> bool:
    return column.type is ColumnType.TEXT and not column.annotations.get("multivalued")


def _dump_sum(again: Again, row: Item, columns: Sequence[Column]) -> TableSum:
    root = cut_at(base_url(again.source.url), "/api/", "/dataset", "/organization", "/group")
    url = f"{root}/datastore/dump/{quote(str(row.copied[PARTS]['rows']), safe='')}?bom=true"
    path = again.file(url, "rows", settings.PARVIS["PARVIS_UPLOAD_BYTES"])
    with confined(again.source.title, path) as (_work, permits):
        return call(sum_of_dump, path, tuple(columns), permits=permits, progress=again.progress)


def _lines_sum(
    again: Again, address: str, fields: Sequence[Mapping[str, Any]], keys: Sequence[str], columns: Sequence[Column]
) -> TableSum:
    """Every page of lines in CSV: where pages begin is told by the JSON of the same, of one column."""
    names = [str(field["name"]) for field in fields]
    places = [names.index(column.name) for column in columns]
    paths: list[Path] = []
    following = with_query(f"{address}/lines", {"size": LINES, "select": "_id"})
    left = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    for rank in range(_MOST_PAGES):
        text = with_query(following, {"select": ",".join(keys), "format": "csv"})
        paths.append(again.file(text, f"lines-{rank}", max(left, 1)))
        left -= paths[-1].stat().st_size
        further = again.read(following, data_fair_page).following
        query = urlsplit(further).query
        if not query or f"{address}/lines?{query}" == following:
            break
        following = f"{address}/lines?{query}"
    with confined(again.source.title, *paths) as (_work, permits):
        return call(sum_of_lines, tuple(paths), tuple(columns), tuple(places), permits=permits, progress=again.progress)


def _file_table(
    again: Again, row: Item, shape: Sequence[Column], files: Sequence[Path]
) -> tuple[list[Difference], dict[str, Any]]:
    """The file fetched again: the same bytes, and of a CSV or a workbook the same values, read by another reader than ours."""
    state = row.copied
    own_sum = sum_of_parquet(files, shape)
    facts = {"rows": [own_sum.rows, own_sum.rows], "sums": [own_sum.sum, own_sum.sum]}
    if state[PARTS].get("dialect"):  # a service of another server, whose answers are never twice the same bytes
        return [], facts
    path = again.file(str(state["url"]), "rows", settings.PARVIS["PARVIS_UPLOAD_BYTES"])
    with path.open("rb") as stream:
        there = hashlib.file_digest(stream, "sha256").hexdigest()
    if there != state.get("sha256"):
        return [difference("values", "sha256", there, state.get("sha256"))], facts
    if state[PARTS].get("format") not in ("csv", "xlsx"):
        return [], facts
    try:
        with confined(again.source.title, path) as (_work, permits):
            if state[PARTS]["format"] == "csv":
                far_sum = call(sum_of_file, path, tuple(shape), permits=permits, progress=again.progress)
            else:
                sheet = call(sum_of_workbook, path, tuple(shape), permits=permits, progress=again.progress)
                shape, far_sum = [column for column in shape if column.name in sheet.names], sheet.table
                own_sum = sum_of_parquet(files, shape)
    except Cancelled:
        raise
    except ParvisError:
        return [], facts  # a file that only our reader makes sense of: its bytes are the same
    if not far_sum.sum:
        return [], facts
    return list(row_differences(shape, far_sum, own_sum)), table_facts(shape, far_sum, own_sum)
