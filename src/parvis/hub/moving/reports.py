"""The rest of a portal in words: what would come, what came, as lines and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language

from parvis.core.spreadsheets import spreadsheet_cell
from parvis.core.translation import SOURCE
from parvis.hub.moving.rules import KINDS, STATES, State


def planned_facts(plan: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What would come, JSON-able."""
    language = get_language() or SOURCE
    return {
        kind: {"count": row["count"], "reason": row["reason"].text(language) if row["reason"] else ""}
        for kind, row in plan.items()
    }


def planned_lines(plan: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The same for a person."""
    lines = []
    for kind, row in planned_facts(plan).items():
        words = str(row["count"]) if row["count"] is not None else f"non lu, {row['reason']}"
        lines.append(f"{KINDS[kind].label} : {words}")
    return lines


def rest_lines(report: Mapping[str, Any]) -> list[str]:
    """What came, by kind."""
    lines = []
    for row in report["kinds"]:
        counts = ", ".join(f"{STATES[State(name)]} {count}" for name, count in sorted(row["counts"].items()))
        words = " ; ".join(filter(None, (counts, row["note"])))
        lines.append(f"{row['what']} : {words or 'rien'}.")
    if report["themes"]:
        words = ", ".join(f"« {name} » ({count})" for name, count in report["themes"].items())
        lines.append(f"thèmes sans mot d’ici, gardés tels quels : {words}.")
    return lines


def rest_csv(report: Mapping[str, Any]) -> Iterator[str]:
    """What came as lines of the table of the report: a line a thing."""
    for row in report["parts"]:
        here = row["here"] or row["dataset"]
        yield csv_line(
            (row["there"], here, row["title"], row["state"], row["kind"], "", "", "", " ; ".join(row["notes"]))
        )


def people_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """People to be invited, for a spreadsheet."""
    yield "\ufeff" + csv_line(("adresse", "nom", "rôle proposé", "groupes", "état"))
    for row in rows:
        yield csv_line((row["there"], row["title"], row["role"], ", ".join(row["groups"]), row["state"]))


def csv_line(values: Iterable[object]) -> str:
    """A line, whose texts no spreadsheet takes for formulas."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow([spreadsheet_cell(value) for value in values])
    return buffer.getvalue()
