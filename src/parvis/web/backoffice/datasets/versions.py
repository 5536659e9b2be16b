"""Versions of a dataset: list, which is served, differences, the original file, importing it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.recipes.lineage import failures_of
from parvis.hub.catalogue.selectors import any_version
from parvis.hub.catalogue.services import publish
from parvis.hub.datastore.aside_words import failure_label, reason_label
from parvis.hub.datastore.selectors import described_source, original_name, shape_of
from parvis.hub.datastore.services import deposit_original, examine_import, start_import
from parvis.hub.datastore.side_files import EMPTIED, FAILED, REJECTED, as_csv, first_rows, side_file
from parvis.hub.store import store
from parvis.web.backoffice.datasets.comparison import compare
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

SHOWN_ASIDE = 100
"""Refused lines, and emptied cells, shown on the screen; the CSV has them all."""


class VersionsScreen(DatasetScreen):
    """Every version kept, latest first."""

    tab = "dataset_versions"
    template_name = "backoffice/datasets/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The versions, each with the one before it."""
        versions = list(self.dataset.versions.select_related("author"))
        return {
            **super().get_context_data(**kwargs),
            "versions": list(zip(versions, [*versions[1:], None], strict=True)),
            "lineages": {version.name: lineage_of(self.dataset, version) for version in versions},
        }


def lineage_of(dataset: Dataset, version: Version) -> list[dict[str, Any]]:
    """What was done to the file between the original and the rows; nothing for a version whose folder is gone."""
    source = described_source(dataset, version)
    return [] if source is None else source.manifest.lineage


class CompareScreen(DatasetScreen):
    """What changed between two versions: rows added, removed, changed, and columns."""

    tab = "dataset_versions"
    template_name = "backoffice/datasets/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The comparison of ``avant`` and ``apres``; by default the two latest."""
        versions = list(self.dataset.versions.all())
        query = self.request.GET
        new = any_version(self.dataset, query["apres"]) if query.get("apres") else (versions or [None])[0]
        old = any_version(self.dataset, query["avant"]) if query.get("avant") else (versions[1:] or [None])[0]
        however_many = "lignes" in query
        comparison = compare(self.dataset, old, new, however_many=however_many) if old and new else None
        context = super().get_context_data(**kwargs)
        return {**context, "versions": versions, "old": old, "new": new, "comparison": comparison}


class _OneVersion(DatasetScreen):
    tab = "dataset_versions"

    def version(self) -> Version:
        """The version of the address."""
        return any_version(self.dataset, self.kwargs["version"])

    def fallback(self) -> str:
        """Back to the list of versions, with the reason."""
        return self.here("dataset_versions")


class RejectsScreen(_OneVersion):
    """The lines and cells that the import of a version set apart: the first ones here, all of them as CSV."""

    template_name = "backoffice/datasets/put_aside.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The first refused lines with their reason in words, the first emptied cells with their column's label."""
        chosen = self.version()
        labels = {column.name: column.label for column in shape_of(self.dataset, chosen)} if chosen.nulled else {}
        rejected = self._first(chosen, REJECTED) if chosen.rejects else []
        emptied = self._first(chosen, EMPTIED) if chosen.nulled else []
        lineage = lineage_of(self.dataset, chosen)
        failures = failures_of(lineage)
        failed = self._first(chosen, FAILED) if failures else []
        return {
            **super().get_context_data(**kwargs),
            "version": chosen,
            "rejected": [(row["line"], reason_label(row["reason"]), row["content"]) for row in rejected],
            "failures": failures,
            "failed": [
                (row["line"], lineage[row["step"] - 1], row["column"], row["value"], failure_label(row["reason"]))
                for row in failed
            ],
            "emptied": [(row["line"], labels.get(row["column"], row["column"]), row["value"]) for row in emptied],
        }

    def _first(self, chosen: Version, name: str) -> list[dict[str, Any]]:
        return first_rows(side_file(self.dataset, chosen, name), SHOWN_ASIDE)


class RejectsFile(_OneVersion):
    """All of them, as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """The file."""
        name = self.kwargs["name"]
        answer = StreamingHttpResponse(
            as_csv(self.dataset, self.version(), name), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{self.dataset.dataset_id}-{name}.csv"'
        return answer


class MakeCurrent(_OneVersion):
    """Serve this version from now on: publish it, or come back to it."""

    template_name = "backoffice/datasets/make_current.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would change for the public."""
        chosen, current = self.version(), self.dataset.current
        comparison = compare(self.dataset, current, chosen) if current and current != chosen else None
        return {**super().get_context_data(**kwargs), "version": chosen, "comparison": comparison}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch."""
        publish(self.actor, self.dataset, self.version())
        messages.success(request, _("Cette version est en ligne."))
        return redirect(self.here("dataset_versions"))


class OriginalFile(_OneVersion):
    """The source of a version, byte for byte."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The bytes."""
        name = original_name(self.dataset, self.version())
        filename = name.rpartition("/")[2]
        return FileResponse(
            store().open(name), as_attachment=True, filename=filename, content_type="application/octet-stream"
        )


class ImportAgain(_OneVersion):
    """Take the source of a version through the assistant again, without uploading it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is done on GET."""
        return redirect(self.here("dataset_versions"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin."""
        deposit = deposit_original(self.actor, self.dataset, self.version())
        imported = start_import(self.actor, deposit=deposit, dataset=self.dataset)
        examine_import(self.actor, imported)
        return redirect(reverse("backoffice:import_wait", args=[imported.pk]))
