"""What a version is worth against the schema of its dataset: the whole report, for anyone who may read the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.core.errors import NotFound
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.validation.presentation import tell
from parvis.hub.validation.selectors import (
    followed,
    report_file,
    report_files,
    schema_of,
    verdict_of,
)
from parvis.web.portal.dataset import of_dataset, shared_facts
from parvis.web.portal.privacy_facts import require_checks

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.validation.models import Verdict


def _verdict(request: HttpRequest, dataset: Dataset, version: str) -> Verdict:
    row, version_row = followed(dataset), version_of(dataset, version)
    require_checks(request, dataset, version_row)
    verdict = verdict_of(version_row, row) if row is not None else None
    if verdict is None:
        raise NotFound(name=f"{version}/validation")
    return verdict


@of_dataset
def validation(request: HttpRequest, dataset: Dataset, version: str) -> HttpResponse:
    """The report of a version: counts, excerpts, files."""
    verdict, row = _verdict(request, dataset, version), followed(dataset)
    assert row is not None
    assert row.ref is not None
    report_view = tell({"report": verdict.summary, "around": verdict.summary.get("around")}, schema_of(row.ref))
    facts = {
        **shared_facts(dataset, ""),
        "verdict": verdict,
        "version": verdict.dataset_version,
        "told": report_view,
        "report": report_view.report,
        "endings": report_files(dataset, verdict),
    }
    return render(request, "portal/dataset_validation.html", facts)


@of_dataset
def validation_file(request: HttpRequest, dataset: Dataset, version: str, ending: str) -> FileResponse:
    """The full report as a file."""
    file = report_file(dataset, _verdict(request, dataset, version), ending)
    return FileResponse(file, as_attachment=True, filename=f"{dataset.dataset_id}-rapport.{ending}")
