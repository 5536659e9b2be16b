"""Downloads of a dataset: every format, the original, what was set apart, attachments; and the page of its API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.columns import ColumnType, TableShape
from parvis.core.errors import NotFound
from parvis.core.explore import (
    ExploreRequest,
    ExportFormat,
    Family,
    export,
    formats_of,
    formula_cells,
)
from parvis.core.explore.elsewhere import FORMATS
from parvis.core.media_types import media_type_of
from parvis.core.odsql.expressions import RESERVED
from parvis.core.versions.delivered import is_overlaid
from parvis.core.versions.manifest import Manifest
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.datastore.prepared import ready, usual_request
from parvis.hub.datastore.selectors import delivered_source_of, engine, original_name, shape_of, source_of
from parvis.hub.datastore.side_files import as_csv
from parvis.hub.quotas.metering import counted_file
from parvis.hub.sites.lens import current_lens
from parvis.hub.store import store
from parvis.hub.ui.derived import derived
from parvis.hub.ui.filters import as_parameters, conditions, field, quoted, read_filters
from parvis.hub.ui.templatetags.parvis_ui import canonical
from parvis.hub.uploads.answers import file_answer
from parvis.web.portal.dataset import of_dataset, shared_facts
from parvis.web.portal.dataset_requests import samples
from parvis.web.portal.privacy_facts import privacy_facts, require_original

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SAMPLE_ROWS = 500


FAMILIES = (
    (Family.TABLE, gettext_lazy("Pour un tableur")),
    (Family.MAP, gettext_lazy("Pour une carte")),
    (Family.CODE, gettext_lazy("Pour un programme ou une analyse")),
    (Family.AGENDA, gettext_lazy("Pour un agenda")),
    (Family.WEB, gettext_lazy("Données liées (RDF)")),
)
"""What people want to do with a file, the most common first."""


@dataclass(frozen=True, slots=True)
class Download:
    """One format: where to fetch it, its advice and limits, its size, exact or estimated (None when not known before)."""

    format: ExportFormat
    address: str
    bytes: int | None
    is_exact: bool

    @property
    def advice(self) -> str:
        """When to take it, in the language of the page."""
        return _(self.format.advice)

    @property
    def limits(self) -> str:
        """What it cannot hold, in the language of the page."""
        return _(self.format.limits) if self.format.limits else ""


@dataclass(frozen=True, slots=True)
class DownloadFamily:
    """Formats for one use."""

    name: str
    label: str
    downloads: list[Download]


@of_dataset
def export_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """Every format with its size, whole or filtered as the table was."""
    filters, text = read_filters(request), request.GET.get("q", "").strip()[:300]
    where = conditions(shape_of(dataset), filters, text)
    parameters = as_parameters(filters, text)
    source, is_here = source_of(dataset), not dataset.current.is_federated
    shared = shared_facts(dataset, "export", parameters)
    is_offered = shared["far"] is None or shared["far"].gives_files
    facts = {
        **shared,
        "families": families(downloads(dataset, where) if is_offered else []),
        "where": where,
        "filters": filters,
        "text": text,
        "table_address": f"{dataset.get_absolute_url()}table/?{urlencode(parameters)}",
        "original": source.manifest.original,
        "delivered": _delivered(dataset),
        **(privacy_facts(request, dataset) if is_here else {}),
        "formulas": formula_cells(engine(), source, seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"]) if is_here else 0,
    }
    return render(request, "portal/dataset_export.html", facts)


def _delivered(dataset: Dataset) -> list[tuple[str, str]]:
    """Label and address of the files without contributions; none where nobody changed anything, nor where rows are cut."""
    if current_lens() is not None or not is_overlaid(source_of(dataset).manifest):
        return []
    base = f"{dataset.get_absolute_url()}versions/{dataset.current.name}/source."
    return [(row.label, f"{base}{row.name}") for row in formats_of(shape_of(dataset))]


def families(download_rows: list[Download]) -> list[DownloadFamily]:
    """The formats by use; a use without any is left out."""
    grouped = [
        DownloadFamily(family, str(label), [row for row in download_rows if row.format.family == family])
        for family, label in FAMILIES
    ]
    return [family for family in grouped if family.downloads]


def downloads(dataset: Dataset, where: tuple[str, ...]) -> list[Download]:
    """The formats that make sense, with the size of the whole file; of a federated dataset those that its portal makes."""
    is_here = not dataset.current.is_federated
    base = absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/exports/")
    shape = shape_of(dataset)
    files = []
    for row in formats_of(shape):
        if not is_here and row.name not in FORMATS:
            continue
        question = usual_request(row)
        pairs = [*(("where", condition) for condition in where), *_reader_parameters(question)]
        size, is_exact = (None, False) if where or not is_here else whole_size(dataset, shape, row, question)
        files.append(Download(row, f"{base}{row.name}{'?' if pairs else ''}{urlencode(pairs)}", size, is_exact))
    return files


def whole_size(
    dataset: Dataset, shape: TableShape, format_row: ExportFormat, question: ExploreRequest
) -> tuple[int | None, bool]:
    """Bytes of the whole export: exact when it is made ahead or small, else reckoned from its first rows, or not known."""
    made = ready(dataset, dataset.current, shape, format_row.name, question)
    if made is not None:
        return store().stat(made.name).bytes, True
    if not format_row.is_light:
        return None, False
    source, lens = source_of(dataset), current_lens()
    key = f"export-size:{(source.base or source).key}:{lens.key if lens else ''}:{format_row.name}"
    size = derived.get(key)
    if size is None:
        sample = sum(map(len, export(engine(), source, format_row.name, replace(question, limit=SAMPLE_ROWS))))
        size = round(sample * max(source.rows, 1) / max(min(source.rows, SAMPLE_ROWS), 1))
        derived.set(key, size, 30 * 24 * 3600)
    return size, source.rows <= SAMPLE_ROWS


def _reader_parameters(question: ExploreRequest) -> list[tuple[str, str]]:
    """The parameters that ask for titles in plain words and hours of France."""
    if not question.use_labels:
        return []
    return [("lang", question.lang), ("timezone", question.timezone), ("use_labels", "true")]


@of_dataset
def api_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """Real requests over this dataset's own columns, for several tools."""
    shape, manifest = shape_of(dataset), source_of(dataset).manifest
    base = canonical(absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}"))
    condition = example_condition(shape, manifest)
    facts = {
        **shared_facts(dataset, "api"),
        "base": base,
        "shape": shape,
        "examples": examples(base, shape, manifest),
        "samples": samples(base, condition),
        "odata": "" if dataset.current.is_federated else canonical(absolute_path(f"/odata/{dataset.dataset_id}/")),
        "console": f"{absolute_path('/api/console/')}?{urlencode({'operation': 'getRecords', 'dataset_id': dataset.dataset_id})}",
    }
    return render(request, "portal/dataset_api.html", facts)


def examples(base: str, shape: TableShape, manifest: Manifest) -> list[tuple[str, str]]:
    """Name and full address of a few requests that answer something."""
    condition = example_condition(shape, manifest)
    sortable = next((c.name for c in shape if c.type.is_number or c.type is ColumnType.DATE), "")
    rows = [("records", f"{base}/records?limit=10")]
    if condition:
        rows.append(("where", f"{base}/records?{urlencode({'where': condition, 'limit': 10})}"))
    if sortable:
        rows.append(("order", f"{base}/records?{urlencode({'order_by': f'{_written(sortable)} desc', 'limit': 10})}"))
    rows.append(("dataset", base))
    rows.append(("export", f"{base}/exports/csv"))
    return rows


def example_condition(shape: TableShape, manifest: Manifest) -> str:
    """A condition that keeps some rows of this dataset: its most frequent text."""
    for column in shape:
        top = manifest.profile[column.name].top if column.name in manifest.profile else []
        if column.type is ColumnType.TEXT and not column.annotations.get("multivalued") and top and len(top[0][0]) < 60:
            return f"{_written(column.name)} = {quoted(top[0][0])}"
    return ""


def _written(name: str) -> str:
    """A column's name as a condition needs it: as it is when it can stand alone, else in its own quotes."""
    stands_alone = name.isascii() and name.isidentifier() and name.lower() not in RESERVED
    return name if stands_alone else field(name)


@of_dataset
def current_original(request: HttpRequest, dataset: Dataset) -> FileResponse:
    """The source file of the version that readers see, at an address that does not change with it."""
    require_original(request, dataset, dataset.current)
    name = original_name(dataset, dataset.current)
    return _sent(request, store().open(name), name.rpartition("/")[2])


@of_dataset
def original(request: HttpRequest, dataset: Dataset, version: str) -> FileResponse:
    """The source file of a version, byte for byte, always as a download."""
    chosen = version_of(dataset, version)
    require_original(request, dataset, chosen)
    name = original_name(dataset, chosen)
    return _sent(request, store().open(name), name.rpartition("/")[2])


@of_dataset
def delivered_file(request: HttpRequest, dataset: Dataset, version: str, ending: str) -> StreamingHttpResponse:
    """All the rows of a version as its source delivered them, without contributions, in any format that they can have."""
    chosen = version_of(dataset, version)
    row = next((row for row in formats_of(shape_of(dataset, chosen)) if row.name == ending), None)
    if row is None:
        raise NotFound(name=ending)
    pieces = export(engine(), delivered_source_of(dataset, chosen), row.name, usual_request(row))
    answer = StreamingHttpResponse(pieces, content_type=row.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{dataset.dataset_id}-source.{row.extension}"'
    return counted_file(request, actor_of(request.user), answer)


@of_dataset
def side_file(request: HttpRequest, dataset: Dataset, version: str, name: str) -> StreamingHttpResponse:
    """The refused lines or the emptied cells of a version, as CSV."""
    chosen = version_of(dataset, version)
    require_original(request, dataset, chosen)
    answer = StreamingHttpResponse(as_csv(dataset, chosen, name), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{dataset.dataset_id}-{name}.csv"'
    return counted_file(request, actor_of(request.user), answer)


@of_dataset
def attachment(request: HttpRequest, dataset: Dataset, slug: str) -> FileResponse:
    """A document that goes with the dataset, always as a download: its content is not ours."""
    document = dataset.attachments.filter(slug=slug).first()
    if document is None:
        raise NotFound(name=slug)
    return _counted(request, file_answer(document.file, "application/octet-stream"))


def _sent(request: HttpRequest, stream: IO[bytes], name: str) -> FileResponse:
    """A file that somebody gave, always as a download, of the type that catalogues announce."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=media_type_of(name))
    return _counted(request, response)


def _counted(request: HttpRequest, response: FileResponse) -> FileResponse:
    """Its bytes leave as they are, and are counted until they have left."""
    # Gzipped on the way it would have neither length nor validator, and cost a processor for each of its readers.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    return counted_file(request, actor_of(request.user), response)
