"""Typing a small table online, page by page: works as a plain form; with JavaScript cells are checked as one types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import ParvisError, RequestError
from parvis.core.identifiers import column_names
from parvis.core.ingest.schema_checks import CellFault, RowFaults
from parvis.core.schemas import Field, TableSchema
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.selectors import ImportState, shape_of
from parvis.hub.validation.checks import check_rows
from parvis.hub.validation.rules import RowsChanged
from parvis.hub.validation.selectors import followed, schema_of
from parvis.hub.validation.services import change_rows, drop_draft, is_behind, open_draft, save_draft
from parvis.hub.validation.services.entry import csv_of
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.validation.models import EntryDraft

MOST_ON_A_PAGE = 50
MOST_CELLS = 1_500
NEW_ROWS = 5
NARROWEST, WIDEST = 8, 60
"""Characters of a cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid."""

    name: str
    label: str
    value: str
    fault: str
    width: int


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the grid: its name in the file, what people read, and how many characters show its values."""

    name: str
    label: str
    required: bool
    example: Any
    width: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the grid: its number in the file, its place in the form."""

    number: int
    rank: int
    cells: list[Cell]
    fault: str


class EntryScreen(DatasetScreen):
    """The grid."""

    tab = "dataset_entry"
    template_name = "backoffice/datasets/entry.html"

    @cached_property
    def draft(self) -> EntryDraft:
        """What the person types."""
        return open_draft(self.actor, self.dataset)

    @cached_property
    def schema(self) -> TableSchema | None:
        """The schema the dataset follows."""
        row = followed(self.dataset)
        return schema_of(row.ref) if row is not None and row.ref is not None else None

    def fallback(self) -> str:
        """The card, with the reason."""
        return self.here("dataset")

    @property
    def page_rows(self) -> int:
        """Rows on a page: fewer when there are many columns."""
        return max(10, min(MOST_ON_A_PAGE, MOST_CELLS // max(1, len(self.draft.columns))))

    @property
    def page(self) -> int:
        """The page asked for, from 1."""
        text = self.request.POST.get("page") or self.request.GET.get("page") or "1"
        return max(1, min(int(text[:9]), self.pages)) if text.isascii() and text.isdigit() else 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.draft.rows) // self.page_rows))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the page with their faults, and some empty ones at the end of the last."""
        context = {**super().get_context_data(**kwargs)}
        draft, page = self.draft, self.page
        first = (page - 1) * self.page_rows
        shown = draft.rows[first : first + self.page_rows]
        empty = NEW_ROWS if page == self.pages else 0
        faults = self.checked(draft.rows)
        by_row: dict[int, list[CellFault]] = {}
        for fault in faults.items:
            by_row.setdefault(fault.row, []).append(fault)
        rows = [*shown, *([[""] * len(draft.columns)] * empty)]
        return {
            **context,
            "draft": draft,
            "grid": [self._grid_row(first + rank, rank, row, by_row) for rank, row in enumerate(rows)],
            "heads": [self._head(rank, name) for rank, name in enumerate(draft.columns)],
            "first": first,
            "former": len(shown),
            "page": page,
            "pages": self.pages,
            "total_faults": faults.total,
            "fault_rows": sorted({fault.row for fault in faults.items})[:20],
            "page_rows": self.page_rows,
            "behind": is_behind(draft),
            "is_draft": draft.pk is not None,
            "check_url": self.here("dataset_entry_check"),
            **kwargs,
        }

    def checked(self, rows: list[list[str]]) -> RowFaults:
        """The faults of rows, in the language of the page."""
        return check_rows(self.draft.columns, rows, self.schema, get_language() or "fr")

    def _head(self, rank: int, name: str) -> Head:
        field = (self.schema.find(name) if self.schema else None) or Field(name)
        return Head(name, self.labels.get(name, name), field.required, field.example, self.widths[rank])

    @cached_property
    def widths(self) -> list[int]:
        """Characters that show the longest value of each column, within bounds: long texts scroll in their cell."""
        longest = [
            max((len(row[rank]) for row in self.draft.rows if rank < len(row)), default=0)
            for rank in range(len(self.draft.columns))
        ]
        return [min(max(length + 1, NARROWEST), WIDEST) for length in longest]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each column of the version online, by its header in the file, whatever it was renamed to."""
        if self.dataset.current is None:
            return {}
        by_name = {column.name: column.label for column in shape_of(self.dataset, self.dataset.current)}
        headers, overrides = self.draft.columns, self.dataset.overrides
        pairs = zip(headers, column_names(headers), strict=True)
        names = {
            header: (overrides.get(name) or overrides.get(header) or {}).get("name") or name for header, name in pairs
        }
        return {header: by_name[name] for header, name in names.items() if name in by_name}

    def _grid_row(self, place: int, rank: int, row: list[str], by_row: dict[int, list[CellFault]]) -> GridRow:
        row_faults = by_row.get(place + 2, []) if place < len(self.draft.rows) else []
        by_column = {fault.column: fault.text for fault in row_faults if fault.column}
        cells = [
            Cell(
                f"c-{rank}-{column}",
                f"{self.labels.get(name, name)}, {_('ligne')} {place + 1}",
                row[column] if column < len(row) else "",
                by_column.get(name, ""),
                self.widths[column],
            )
            for column, name in enumerate(self.draft.columns)
        ]
        whole = " ".join(fault.text for fault in row_faults if not fault.column)
        return GridRow(place + 1, rank, cells, whole)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the page, then do what the button says."""
        if "oublier" in request.POST:
            drop_draft(self.actor, self.dataset)
            messages.success(request, _("Le brouillon est oublié ; vous repartez de la version à jour."))
            return redirect(self.here("dataset_entry"))
        self._keep(request)
        if "publier" in request.POST or "par-dessus" in request.POST:
            return self._save(request)
        towards = {"precedente": self.page - 1, "suivante": self.page + 1}.get(request.POST.get("aller", ""), self.page)
        if "ajouter" in request.POST:
            towards = self.pages
        return redirect(f"{self.here('dataset_entry')}?page={max(1, min(towards, self.pages))}#grille")

    def _keep(self, request: HttpRequest) -> None:
        """Put the rows of the form in the draft: those ticked go, empty new ones are not added."""
        first, former = (self._natural(request.POST.get(name)) for name in ("premiere", "combien"))
        if former + first > len(self.draft.rows):
            former = max(0, len(self.draft.rows) - first)
        gone, rows, rank = set(request.POST.getlist("retirer")), [], 0
        while f"c-{rank}-0" in request.POST:
            row = [request.POST.get(f"c-{rank}-{column}", "") for column in range(len(self.draft.columns))]
            is_new = rank >= former
            if str(rank) not in gone and not (is_new and not any(cell.strip() for cell in row)):
                rows.append(row)
            rank += 1
        change_rows(self.actor, self.draft, first, former, rows)

    @staticmethod
    def _natural(text: str | None) -> int:
        return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0

    def _save(self, request: HttpRequest) -> HttpResponse:
        try:
            imported = save_draft(self.actor, self.draft, over="par-dessus" in request.POST)
        except RowsChanged as error:
            messages.error(request, sentence(error))
            return self.render_to_response(self.get_context_data(), status=409)
        except ParvisError as error:
            messages.error(request, sentence(error))
            return self.render_to_response(self.get_context_data(), status=422)
        if imported.state == ImportState.HELD:
            messages.warning(
                request, _("La version est gardée, mais sa publication attend : voyez pourquoi sur la page Schéma.")
            )
            return redirect(self.here("dataset_schema"))
        message = _("La nouvelle version est en ligne.") if imported.publish else _("La nouvelle version est gardée.")
        messages.success(request, message)
        return redirect(self.here("dataset_versions"))


class EntryCheck(EntryScreen):
    """For the grid’s script: the faults of the rows as they stand on the screen, as JSON."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is checked on GET."""
        return redirect(self.here("dataset_entry"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """``{"rows": [[…]]}`` in, ``{"faults": [{"row", "column", "text"}]}`` out; rows from 0, columns by place."""
        try:
            rows = json.loads(request.read(4_000_000))["rows"]
            cells = [[str(cell) for cell in row][: len(self.draft.columns)] for row in rows[: MOST_ON_A_PAGE * 4]]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RequestError from error
        row_check = self.checked(cells)
        places = {name: rank for rank, name in enumerate(self.draft.columns)}
        faults = [
            {"row": fault.row - 2, "column": places.get(fault.column or "", -1), "text": fault.text}
            for fault in row_check.items
            if fault.row
        ]
        return JsonResponse({"faults": faults}, headers={"Cache-Control": "no-store"})


class EntryFile(EntryScreen):
    """What the person typed, as CSV: nothing typed is ever lost."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The draft."""
        answer = HttpResponse(csv_of(self.draft), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.dataset.dataset_id}-saisie.csv"'
        return answer
