"""A dataset as programs that learn from data load it: Croissant 1.0 (MLCommons), JSON-LD over schema.org."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.explore import export_format
from parvis.core.media_types import media_type_of
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.catalogue.rules import Access, cache_control
from parvis.hub.catalogue.selectors import published_versions
from parvis.hub.datastore.prepared import PLAIN, Ready, ready
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.privacy.selectors import originals_offered
from parvis.hub.registry import laid_rows_of
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.store import store
from parvis.hub.ui.derived import derived
from parvis.web.portal.dataset import of_dataset
from parvis.web.portal.structured_data import described, exports_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.0"
RECORDS: Final = "rows"
"""What names the rows among the sets of records."""
_MONTH = 30 * 24 * 3600
_TERMS = (
    *(
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileObject",
        "fileProperty",
        "fileSet",
        "format",
        "includes",
    ),
    *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "samplingRate", "separator", "source", "subField", "transform"),
)
"""The words of Croissant besides those of schema.org."""
CONTEXT: Final[dict[str, Any]] = {
    "@language": "fr",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_TYPES = {
    ColumnType.INT: "sc:Integer",
    ColumnType.DOUBLE: "sc:Float",
    ColumnType.BOOLEAN: "sc:Boolean",
    ColumnType.DATE: "sc:Date",
    ColumnType.DATETIME: "sc:DateTime",
}
"""Types of columns; texts are the others, and places, whose bytes (WKB) no type of Croissant 1.0 is of."""
_PARQUET: Final = "application/x-parquet"
"""The name by which readers of Croissant 1.0 know it."""


@of_dataset
def croissant(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The description, its files by addresses that stay and, where they are made ahead or were received so, their checksums."""
    body = description_of(dataset, face_of(request).name)
    is_public = dataset.access == Access.PUBLIC
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1),
        content_type="application/ld+json; charset=utf-8",
        headers={"Cache-Control": cache_control(public=is_public), "Access-Control-Allow-Origin": "*"},
    )
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def description_of(dataset: Dataset, portal: str) -> dict[str, Any]:
    """The whole of it; of a dataset whose rows are asked elsewhere, no file and no record."""
    shape, manifest = shape_of(dataset), source_of(dataset).manifest
    facts = described(dataset, shape, manifest, portal)
    facts["datePublished"] = facts["datePublished"] or facts["dateCreated"]
    files = [] if dataset.current.is_federated else list(_files(dataset, shape))
    body = {
        "@context": {**CONTEXT, "@language": dataset.spoken.get("title") or dataset.language or "fr"},
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        **{name: value for name, value in facts.items() if value},
        # As the norm writes versions: rows may have changed anyhow from one to the next.
        "version": f"{published_versions(dataset).count()}.0.0",
        "citeAs": _citation(dataset),
        "isLiveDataset": not all("sha256" in row for row in files),
        "distribution": files,
        "recordSet": [_records(shape)] if files else [],
    }
    return {name: value for name, value in body.items() if value not in (None, "", [])}


def _files(dataset: Dataset, shape: TableShape) -> Iterator[dict[str, Any]]:
    """Parquet, which keeps types and is where records are read; CSV; the file as it was received."""
    version = dataset.current
    # A version never changes; what lies over it, and what a commune's site shows of it, has no name of its own.
    is_fixed = laid_rows_of(dataset) is None and current_lens() is None
    for name, media in (("parquet", _PARQUET), ("csv", "text/csv")):
        query = {"version": version.name} if is_fixed else {}
        made = ready(dataset, version, shape, name, PLAIN) if is_fixed else None
        row = {
            "@type": "cr:FileObject",
            "@id": name,
            "name": f"{dataset.dataset_id}.{export_format(name).extension}",
            "description": export_format(name).label,
            "contentUrl": f"{exports_of(dataset)}{name}" + (f"?{urlencode(query)}" if query else ""),
            "encodingFormat": media,
        }
        yield row | (_sums(made) if made is not None else {})
    original = originals_offered([dataset]).get(dataset.pk) if current_lens() is None else None
    if original is not None:
        name, size, sha256 = original
        yield {
            "@type": "cr:FileObject",
            "@id": "original",
            "name": name,
            "contentUrl": canonical(absolute_path(f"/explore/dataset/{dataset.dataset_id}/original/")),
            "encodingFormat": media_type_of(name),
            "contentSize": f"{size} B",
            "sha256": sha256,
        }


def _sums(made: Ready) -> dict[str, str]:
    """The size and the checksum of a file made ahead, counted once."""
    place = f"croissant:{made.name}"
    facts: dict[str, str] | None = derived.get(place)
    if facts is None:
        digest = hashlib.sha256()
        with store().open(made.name) as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
        facts = {"contentSize": f"{store().stat(made.name).bytes} B", "sha256": digest.hexdigest()}
        derived.set(place, facts, _MONTH)
    return facts


def _records(shape: TableShape) -> dict[str, Any]:
    keys = [{"@id": f"{RECORDS}/{column.name}"} for column in shape if column.annotations.get("id")]
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": RECORDS,
        "name": RECORDS,
        "field": [_field(column) for column in shape],
    }
    return {**records, "key": keys if len(keys) > 1 else keys[0]} if keys else records


def _field(column: Column) -> dict[str, Any]:
    place = "WKB" if column.type.is_geographic else ""
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{RECORDS}/{column.name}",
        "name": column.name,
        "description": " – ".join(dict.fromkeys(filter(None, (column.label, column.description, place)))),
        "dataType": _TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": "parquet"}, "extract": {"column": column.name}},
    }
    if column.annotations.get("multivalued"):
        field["repeated"] = True
    return field


def _citation(dataset: Dataset) -> str:
    """As BibTeX, its braces and backslashes left out of what people wrote."""
    address = canonical(dataset.get_absolute_url())
    facts = {
        "title": dataset.title,
        "author": dataset.organisation.name,
        "year": str((dataset.data_modified or dataset.modified).year),
        "version": dataset.current.name,
        "url": address,
    }
    lines = ", ".join(f"{name}={{{re.sub(r'[{}\\\\]', '', value)}}}" for name, value in facts.items())
    return f"@misc{{{dataset.dataset_id}, {lines}}}"
