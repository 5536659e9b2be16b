"""Rows of a dataset, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.core.columns import Column, ColumnType
from parvis.hub.catalogue.provenance import SHARED, checks_and_citation, provenance
from parvis.hub.drawings.frames import credit_of
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import csv_address, question_text, rows_address
from parvis.hub.pages.block_queries import filtered_query
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks.data import (
    DATA_GROUP,
    DataBlock,
    DatasetBlock,
    column_block,
    condition_block,
    finer,
    known_columns,
    split_names,
)
from parvis.hub.pages.blocks.measured import trail_of
from parvis.hub.ui.formatting import number, written
from parvis.hub.ui.trail import SharedTrail, Trail

MOST_ROWS = 100
USUAL_ROWS = 10
USUAL_COLUMNS = 6


class TableBlock(DataBlock):
    """The first rows of a dataset, in chosen columns and order."""

    kind = "table"

    title = blocks.CharBlock(label=gettext_lazy("Titre"), required=False, max_length=160)
    dataset = DatasetBlock()
    columns = column_block(
        gettext_lazy("Colonnes"),
        "several",
        help_text=gettext_lazy("Aucune : les premières du jeu."),
    )
    where = condition_block()
    order = column_block(gettext_lazy("Trier par"))
    descending = blocks.BooleanBlock(label=gettext_lazy("Du plus grand au plus petit"), required=False)
    limit = blocks.IntegerBlock(
        label=gettext_lazy("Nombre de lignes"), required=False, min_value=1, max_value=MOST_ROWS, default=USUAL_ROWS
    )

    class Meta:
        label = gettext_lazy("Tableau")
        icon = "table"
        group = DATA_GROUP
        template = "parvis/pages/blocks/table.html"
        description = gettext_lazy("Les premières lignes d’un jeu de données, dans les colonnes choisies.")
        label_format = "{title} {dataset}"
        form_layout = blocks.BlockGroup(["dataset", "columns", "title", "limit", finer("order", "descending", "where")])

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The rows asked."""
        query, notes = filtered_query(
            reader,
            value["dataset"],
            where=(value["where"],) if value.get("where") else (),
            limit=value.get("limit") or USUAL_ROWS,
        )
        shape, title = query.source.shape, query.dataset.title
        names = known_columns(shape, title, split_names(value.get("columns") or ""), "columns")
        columns = [column for name in names if (column := shape.get(name))] or _usual(list(shape))
        order = known_columns(shape, title, [value["order"]], "order") if value.get("order") else []
        direction = " desc" if value.get("descending") else ""
        question = replace(
            query.question,
            select=", ".join(f"`{column.name}`" for column in columns),
            order_by=f"`{order[0]}`{direction}" if order else "",
        )
        return Plan((replace(query, question=question),), columns, notes)

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """The rows with their total."""
        query, columns = plan.questions[0], plan.state
        rows, total = answers[0]
        title = value.get("title") or query.dataset.title
        written = [_row(query, columns, row) for row in rows]
        facts = {
            "heads": [
                {"text": c.label, "unit": c.annotations.get("unit", ""), "number": c.type.is_number} for c in columns
            ],
            "rows": written,
            "shared": SharedTrail(
                SHARED,
                _("Voir les lignes"),
                provenance(
                    query.dataset, query.version, question_text(query.question.select, query.question.where, "")
                ),
                checks_and_citation(query.dataset),
            ),
            "total": total,
            "total_trail": trail_of(query, number(total), str(_("nombre de lignes"))),
            "address": rows_address(query) or f"{query.dataset.get_absolute_url()}table/",
            "csv": csv_address(query.dataset.dataset_id, query.question),
        }
        cells = Cells(tuple(c.label for c in columns), [[row.get(c.name) for c in columns] for row in rows])
        return Shown(title, facts, cells, (credit_of(query),), plan.notes, title)


def _usual(columns: list[Column]) -> list[Column]:
    return [column for column in columns if not column.type.is_geographic][:USUAL_COLUMNS] or columns[:1]


def _row(query: Asked, columns: list[Column], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells of a row; a number leads to the rows of the table that have the same words as it in their first column of text."""
    named = next(
        ((c.name, "egal", row[c.name]) for c in columns if c.type is ColumnType.TEXT and row.get(c.name)), None
    )
    address = rows_address(query, (named,) if named else ()) or f"{query.dataset.get_absolute_url()}table/"
    return [_written(column, row.get(column.name), address) for column in columns]


def _written(column: Column, value: Any, address: str) -> dict[str, Any]:
    text, is_number = written(value, column), column.type.is_number
    trail = Trail(text, address, ((column.label, text),)) if is_number and text else None
    return {"text": text, "number": is_number, "trail": trail}
