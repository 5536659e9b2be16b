"""What a stranger asks: a file or its address, a schema by name, address or file; checked within the request."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from parvis.core.fetching import fetch
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.core.schemas.retrieval import is_address
from parvis.core.validation.reports.endings import ENDINGS
from parvis.hub.datastore.rules import safe_name
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.validation.checks import check_file, check_upload, schema_inspector
from parvis.hub.validation.selectors import bundled_ref, require_sound, schema_of, schema_title
from parvis.hub.validation.strangers import load_schema_of_stranger, read_schema_of_stranger
from parvis.web.validation.uploads import MOST_BYTES, SCHEMA_FIELD, NothingSent

SECONDS = 300.0
"""Longest time one check may take."""
FETCH_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Against:
    """The schema asked for: how it is named, and itself."""

    ref: SchemaRef
    schema: TableSchema
    title: str
    raw: dict[str, Any] | None = None
    """The schema itself when it is not of the catalogue, to show the report with it."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for one request, gone with it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="check-", dir=process_folder()) as name:
        yield Path(name)


def uploaded_file(request: HttpRequest, folder: Path) -> tuple[Path, str]:
    """The file of the form, or the one at the address of the form; NothingSent when there is neither."""
    uploaded = request.FILES.get("fichier") or request.FILES.get("file")
    if uploaded is not None and uploaded.size:
        return Path(uploaded.file.name), safe_name(uploaded.name or "fichier")
    url = (request.POST.get("adresse") or request.POST.get("url") or request.GET.get("url") or "").strip()
    if not url:
        raise NothingSent
    path = folder / "venu"
    fetched = fetch(url, path, max_bytes=MOST_BYTES, total_seconds=FETCH_SECONDS)
    return path, safe_name(fetched.name or url.partition("?")[0])


def requested_schema(request: HttpRequest, reference: str) -> Against | None:
    """The schema of the form: a file first, then an address, then a name of the catalogue; None to let it be found."""
    uploaded = request.FILES.get(SCHEMA_FIELD) or request.FILES.get("schema")
    if uploaded is not None and uploaded.size:
        name = safe_name(uploaded.name or "schema.json")
        return _outside(read_schema_of_stranger(uploaded.read(), name), SchemaRef(Origin.FILE, name))
    reference = reference.strip()
    if not reference:
        return None
    if is_address(reference):
        return _outside(load_schema_of_stranger(reference), SchemaRef(Origin.ADDRESS, reference))
    return catalogue_schema(reference)


def catalogue_schema(reference: str) -> Against:
    """The schema of the catalogue called ``name`` or ``name@version``; UnknownSchema, AmbiguousSchema or UnknownVersion."""
    ref = bundled_ref(reference)
    return Against(ref, schema_of(ref), schema_title(ref))


def _outside(schema: TableSchema, ref: SchemaRef) -> Against:
    schema = require_sound(schema)
    version = str(schema.raw.get("version") or "")
    return Against(SchemaRef(ref.origin, ref.name, version), schema, schema.title or ref.name, dict(schema.raw))


def check(
    path: Path, name: str, against: Against | None, *, strict: bool, report: Path, endings: Sequence[str] = ENDINGS
) -> Mapping[str, Any]:
    """Check the file, the full report in ``report``; without a schema, the schemas that it may follow."""
    memory = settings.PARVIS["PARVIS_IMPORT_MEMORY"]
    if against is None:
        inspector = schema_inspector(None, assist=True)
        return check_file(path, name=name, inspector=inspector, memory=memory, seconds=SECONDS)
    return check_upload(
        path,
        name=name,
        against=(against.ref, against.schema),
        strict=strict,
        report_folder=report,
        endings=endings,
        language=get_language() or "fr",
        seconds=SECONDS,
    )
