"""A dataset that was moved in, compared value by value with what its portal has: identifiers, card, columns, rows, facets, documents.

Nothing of what brought it serves here: the portal is asked again, for other forms of the same (its object alone, its CSV, its facets),
and ours is read in the files of its version and as our own API tells it.
"""

from __future__ import annotations

import html
import json
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from parvis.core.children import call
from parvis.core.columns import Column, ColumnType
from parvis.core.errors import Cancelled, ParvisError
from parvis.core.fetching import HttpStatus
from parvis.core.metadata import LICENCE_BY_SLUG
from parvis.core.progress import Progress
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.explore import plain
from parvis.core.sources.explore_facts import FacetCounts, facet_counts, far_object
from parvis.core.sources.fingerprints import TableSum, sum_of_csv, sum_of_objects, sum_of_parquet
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.text import fold
from parvis.core.versions.manifest import Manifest
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import attachments_of
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.closed_exports import is_closed, rows_by_pages
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
from parvis.hub.harvesting.models import Item, Run, Source
from parvis.hub.harvesting.move_kinds import MOVE_KINDS
from parvis.hub.harvesting.moves import DOCUMENTS, FILES_LEFT
from parvis.hub.harvesting.rules import ComparisonState, Correspondence, SourceRefused
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import manifest_of

MOST_TOLD: Final = 200
"""Differences of one dataset that are listed; all are counted."""
_OBJECT_BYTES: Final = 20_000_000

_MEASURED: Final[Mapping[str, Collection[str]]] = {
    "default": {
        "data_processed",
        "metadata_processed",
        "records_count",
        "bbox",
        "geometry_types",
        "publisher",
        "geographic_reference_auto",
        "federated",
        "shared_catalog",
        "source_domain",
        "source_domain_title",
        "source_domain_address",
        "source_dataset",
        "parent_domain",
    },
    "parvis": {"page", "version", "organisation", "organisation_kind"},
}
"""Metadata that tell of the portal itself, or that each portal measures; the publisher is an organisation here, chosen by whoever moves."""
_ANNOTATIONS: Final = ("facet", "sortable", "disjunctive", "multivalued", "hierarchical", "unit", "decimals")
_ANNOTATIONS_MORE: Final = ("timeserie_precision", "facetsort", "id", "timerangeFilter")


_STAMPS: Final = ("told", "etag", "last_modified")
"""In ``Item.copied``, by what rows are known not to have changed."""


def is_compared(row: Item, run: Run) -> bool:
    """Whether this run has compared it already, as it is now."""
    return row.comparison.get("run") == run.pk


def compare(source: Source, row: Item, run: Run, progress: Progress) -> dict[str, Any]:
    """Compare one dataset and write how it ended; ``ComeBackLater`` and Cancelled pass through, other errors are told in its place."""
    dataset = row.dataset
    assert dataset is not None
    facts: dict[str, Any] = {"run": run.pk, "at": timezone.now().isoformat(timespec="seconds"), "differences": []}
    try:
        facts |= _compared(source, row, dataset, progress)
    except Cancelled:
        raise
    except ParvisError as error:
        facts |= {"state": ComparisonState.UNKNOWN.value, "reason": error.sentences()[0].to_json()}
    row.comparison = facts
    if _have_other_rows(facts):
        # What did not come right is asked for again, whatever the portal tells of when it changed.
        row.digest, row.copied = "", {name: value for name, value in row.copied.items() if name not in _STAMPS}
    row.save(update_fields=["comparison", "digest", "copied"])
    return facts


def _have_other_rows(facts: Mapping[str, Any]) -> bool:
    return any(len(set(facts.get(name) or [])) > 1 for name in ("rows", "sums"))


def _compared(source: Source, row: Item, dataset: Dataset, progress: Progress) -> dict[str, Any]:
    version = dataset.current or dataset.versions.order_by("-pk").first()
    if version is None:
        return {"state": ComparisonState.ABSENT.value}
    if path := MOVE_KINDS[source.dialect].comparison:
        elsewhere: dict[str, Any] = import_string(path)(source, row, dataset, version, progress)
        return elsewhere
    address = _address(row)
    with tempfile.TemporaryDirectory(prefix="compare-", dir=process_folder()) as folder:
        far = _far_object(source, address, Path(folder), progress)
        dataset.current = version  # of a draft, what was brought
        here = served_object(dataset)
        manifest = manifest_of(dataset.uid, version.name)
        differences = [
            *_identifiers(far, here),
            *_cards(_as_chosen(Correspondence.of(source.mapping), far, here), here),
            # Of one that has no rows there, the table of its documents has columns here.
            *(field_differences(far.get("fields") or [], here.get("fields") or []) if far.get("has_records") else ()),
            *_documents(far, row, dataset),
        ]
        table: dict[str, Any] = {}
        if far.get("has_records") and far.get("data_visible") is not False:
            columns = common_columns(far.get("fields") or [], manifest)
            theirs_sum = _far_sum(source, address, columns, far.get("fields") or [], Path(folder), progress)
            facets = [column.name for column in columns if _is_flat_facet(column, far)]
            ours_sum = sum_of_parquet(files_of_version(dataset, version, manifest), columns, facets)
            counts = _far_facets(source, address, facets, Path(folder), progress) if facets else FacetCounts()
            table = table_facts(columns, theirs_sum, ours_sum)
            differences += [
                *row_differences(columns, theirs_sum, ours_sum),
                *value_differences(counts.counts, ours_sum),
            ]
    usage = (far.get("metas") or {}).get("explore") or {}
    return {
        "state": (ComparisonState.DIFFERENT if differences else ComparisonState.SAME).value,
        "version": version.name,
        "published": dataset.status == Status.PUBLISHED,
        "count": len(differences),
        "differences": differences[:MOST_TOLD],
        "usage": {
            name: usage[name] for name in ("download_count", "api_call_count") if isinstance(usage.get(name), int)
        },
        **table,
    }


def _address(row: Item) -> str:
    root, _mark, rest = row.landing_page.partition("/explore/dataset/")
    return f"{root}/api/explore/v2.1/catalog/datasets/{rest.strip('/')}"


def _far_object(source: Source, address: str, folder: Path, progress: Progress) -> dict[str, Any]:
    path = ask_again(source, f"{address}?include_app_metas=true", folder / "object", progress, _OBJECT_BYTES)
    with confined(source.title, path) as (_work, permits):
        text = call(far_object, path, permits=permits).text
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _far_sum(
    source: Source,
    address: str,
    columns: Sequence[Column],
    fields: Sequence[Mapping[str, Any]],
    folder: Path,
    progress: Progress,
) -> TableSum:
    """The table there; an export that cannot be read is asked once more."""
    for is_last in (False, True):
        path, read = _far_rows(source, address, fields, folder, progress)
        try:
            with confined(source.title, path) as (_work, permits):
                result: TableSum = call(read, path, tuple(columns), permits=permits, progress=progress)
                return result
        except UnreadableAnswer:
            if is_last:
                raise
            path.unlink(missing_ok=True)
    raise AssertionError


def _far_rows(
    source: Source, address: str, fields: Sequence[Mapping[str, Any]], folder: Path, progress: Progress
) -> tuple[Path, Callable[..., TableSum]]:
    """All rows as a portal writes them otherwise than they came, and what reads them: in CSV, else as one list of JSON, else page by page in
    another order."""
    limit, utc = settings.PARVIS["PARVIS_UPLOAD_BYTES"], {"timezone": "UTC"}
    csv_options = urlencode({"delimiter": ";", "use_labels": "false", **utc})
    for form, options, read in (("csv", csv_options, sum_of_csv), ("json", urlencode(utc), sum_of_objects)):
        try:
            return ask_again(source, f"{address}/exports/{form}?{options}", folder / form, progress, limit), read
        except (HttpStatus, SourceRefused) as error:
            if not is_closed(error):
                raise
    return rows_by_pages(source, address, {"fields": fields}, folder, progress, again=True).path, sum_of_objects


def _far_facets(source: Source, address: str, facets: Sequence[str], folder: Path, progress: Progress) -> FacetCounts:
    url = f"{address}/facets?{urlencode([('facet', name) for name in facets])}"
    path = ask_again(source, url, folder / "facets", progress, _OBJECT_BYTES)
    with confined(source.title, path) as (_work, permits):
        return call(facet_counts, path, permits=permits)


def common_columns(fields: Sequence[Mapping[str, Any]], manifest: Manifest) -> list[Column]:
    """The columns that both have under one name and one type: the others are told as different, and have no sums."""
    ours_by_name = {column.name: column for column in manifest.shape}
    columns = []
    for field in fields:
        own = ours_by_name.get(str(field.get("name")))
        if own is not None and str(own.type) == field.get("type"):
            columns.append(own)
    return columns


def _is_flat_facet(column: Column, far: Mapping[str, Any]) -> bool:
    field = next((row for row in far.get("fields") or [] if row.get("name") == column.name), {})
    annotations = _annotations_of(field)
    return column.type is ColumnType.TEXT and bool(annotations.get("facet")) and not annotations.get("hierarchical")


def _identifiers(far: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Difference]:
    for name in ("dataset_id", "dataset_uid"):
        if far.get(name) != here.get(name):
            yield difference("identifier", name, far.get(name), here.get(name))
    if far.get("visibility") != here.get("visibility"):
        yield difference("identifier", "visibility", far.get("visibility"), here.get("visibility"))


def _as_chosen(chosen: Correspondence, far: Mapping[str, Any], here: Mapping[str, Any]) -> dict[str, Any]:
    """The far object in the words that somebody chose of ours for its own: a choice is no difference."""
    metas = far.get("metas")
    default = metas.get("default") if isinstance(metas, Mapping) else None
    if not isinstance(metas, Mapping) or not isinstance(default, Mapping):
        return dict(far)
    values = dict(default)
    if isinstance(themes := values.get("theme"), list):
        values["theme"] = themes_chosen(chosen, map(str, themes))
    slug = chosen.licences.get(fold(str(values.get("license") or values.get("license_url") or "")))
    if slug in LICENCE_BY_SLUG:
        own = (here.get("metas") or {}).get("default") or {}
        is_own = licence_slug(str(own.get("license") or ""), str(own.get("license_url") or "")) == slug
        values |= {"license": None if is_own else LICENCE_BY_SLUG[slug].name, "license_url": None}
    return {**far, "metas": {**metas, "default": values}}


def _cards(far: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Difference]:
    own_metas = here.get("metas") or {}
    for template, values in (far.get("metas") or {}).items():
        if template == "explore" or template not in own_metas or not isinstance(values, Mapping):
            continue
        for name, value in values.items():
            own = own_metas[template].get(name)
            is_measured = name in _MEASURED.get(template, ())
            if not is_measured and value not in _EMPTY and _comparable(name, value) != _comparable(name, own):
                yield difference("card", f"{template}.{name}", value, own)


_EMPTY: tuple[Any, ...] = (None, "", [], {})


def _comparable(name: str, value: Any) -> Any:
    """The same for what says the same: lists in another order, dates with another offset, a text with other tags."""
    if isinstance(value, list):
        return sorted(json.dumps(part, sort_keys=True, ensure_ascii=False) for part in value)
    if not isinstance(value, str):
        return value
    if name == "description":
        return plain(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?", value):
        with suppress(
            ValueError, OverflowError
        ):  # a day is its first instant, an instant without offset is of UTC: so is it served here
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return " ".join(html.unescape(value).split())


def field_differences(
    fields: Sequence[Mapping[str, Any]], own_fields: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """How columns differ: names, order, types, labels, descriptions, annotations."""
    names, own_names = ([str(row.get("name")) for row in rows] for rows in (fields, own_fields))
    by_name = {str(row.get("name")): row for row in own_fields}
    shared = [name for name in names if name in by_name]
    if shared != [name for name in own_names if name in set(names)]:
        yield difference("column", "order", ", ".join(names), ", ".join(own_names))
    for name in own_names:
        if name not in names:
            yield difference("column", name, None, by_name[name].get("type"))
    for field in fields:
        own = by_name.get(str(field.get("name")))
        if own is None:
            yield difference("column", str(field.get("name")), field.get("type"), None)
            continue
        for name in ("type", "label", "description"):
            if (field.get(name) or "") != (own.get(name) or ""):
                yield difference("column", f"{field['name']}.{name}", field.get(name), own.get(name))
        there, here = _annotations_of(field), _annotations_of(own)
        for name in (*_ANNOTATIONS, *_ANNOTATIONS_MORE):
            if there.get(name) and not _same_annotation(name, there[name], here.get(name)):
                yield difference("column", f"{field['name']}.{name}", there[name], here.get(name))


def _annotations_of(field: Mapping[str, Any]) -> dict[str, Any]:
    """As scalars, from the spellings that portals have."""
    written = field.get("annotations") or {}
    if isinstance(written, list):
        written = {str(row.get("name")): row.get("args") or True for row in written if isinstance(row, Mapping)}
    return {
        name: value[0] if isinstance(value, list) and value else value or value == 0 for name, value in written.items()
    }


def _same_annotation(name: str, there: Any, here: Any) -> bool:
    return bool(there) == bool(here) if there is True or here is True else there == here


def _documents(far: Mapping[str, Any], row: Item, dataset: Dataset) -> Iterator[Difference]:
    documents = row.copied.get(DOCUMENTS, {})
    slugs = set(attachments_of(dataset).values_list("slug", flat=True))
    for kind in ("attachments", "alternative_exports"):
        for part in far.get(kind) or []:
            if isinstance(part, Mapping) and documents.get(f"{kind}:{part.get('id')}", {}).get("slug") not in slugs:
                yield difference("document", str(part.get("title") or part.get("id")), part.get("url"), None)

    if count := row.copied.get(FILES_LEFT):
        yield difference("document", "fichiers des lignes", count, 0)
