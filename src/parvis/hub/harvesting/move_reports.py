"""What a move came to: each dataset compared, what did not come and why, what no public API gives; as facts, and as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.core.spreadsheets import spreadsheet_cell
from parvis.core.translation import SOURCE, Sentence
from parvis.hub.harvesting.models import Item, Run, RunItem
from parvis.hub.harvesting.move_limits import LIMITS
from parvis.hub.harvesting.rules import ComparisonState, Outcome, name_of_page
from parvis.hub.harvesting.selectors import reasons_of

NOT_COME: Final = "not-come"
"""The state of a dataset that is there and not here."""

MOVE_STATES: Final = {
    "same": _("identique"),
    "different": _("différent"),
    "absent": _("sans données ici"),
    "unknown": _("non comparé"),
    "not-come": _("non venu"),
}
"""How a dataset compares, in words."""
PARTS: Final = {
    "identifier": _("identifiant :"),
    "card": _("fiche :"),
    "column": _("colonne :"),
    "rows": _("nombre de lignes"),
    "values": _("valeurs :"),
    "facet": _("facette :"),
    "document": _("document :"),
}
"""What may differ, in words."""
VISIBILITIES: Final = {"domain": _("public"), "restricted": _("réservé")}
"""Who may read a dataset, as portals name it, in words."""


def report_of(run: Run) -> dict[str, Any]:
    """The whole of it, JSON-able, in the language of the reader."""
    language = get_language() or SOURCE
    datasets = [*_datasets(run), *_not_come(run)]
    states = Counter(row["state"] for row in datasets)
    return {
        "portal": run.source.url,
        "source": run.source.slug,
        "run": run.pk,
        "run_state": str(run.state),
        "finished": run.finished.isoformat(timespec="seconds") if run.finished else None,
        "totals": {name: states.get(name, 0) for name in (*map(str, ComparisonState), NOT_COME)},
        "rows": [
            sum(row["rows"][0] for row in datasets if row["rows"]),
            sum(row["rows"][1] for row in datasets if row["rows"]),
        ],
        "datasets": datasets,
        "out_of_reach": [
            {"what": Sentence(what).text(language), "why": Sentence(why).text(language)}
            for what, why in LIMITS[run.source.dialect]
        ],
    }


def is_same(report: Mapping[str, Any]) -> bool:
    """Whether everything that could come did, and is the same."""
    return report["totals"]["same"] == len(report["datasets"]) and report["run_state"] == "done"


def _datasets(run: Run) -> Iterator[dict[str, Any]]:
    reasons = _reasons(run)
    rows = run.source.items.filter(dataset__isnull=False).select_related("dataset").order_by("title", "pk")
    for row in rows.iterator(chunk_size=500):
        facts = row.comparison if row.comparison.get("run") == run.pk else {}
        reason = Sentence.from_json(facts["reason"]) if "reason" in facts else None
        words = [reason.text(get_language() or SOURCE)] if reason is not None else []
        yield {
            "there": name_of_page(row.landing_page) or row.identifier,
            "here": row.dataset.dataset_id if row.dataset else "",
            "title": row.title,
            "outcome": row.outcome,
            "state": facts.get("state", ComparisonState.UNKNOWN.value),
            "published": facts.get("published", False),
            "reasons": [*reasons.get(row.pk, []), *words],
            "rows": facts.get("rows"),
            "sums": facts.get("sums"),
            "columns": facts.get("columns", []),
            "usage": facts.get("usage", {}),
            "count": facts.get("count", 0),
            "differences": facts.get("differences", []),
        }


def _reasons(run: Run) -> dict[int, list[str]]:
    rows = RunItem.objects.filter(run=run, item__isnull=False).exclude(reasons=[])
    return {row.item_id: reasons_of(row) for row in rows.iterator() if row.item_id is not None}


def _not_come(run: Run) -> Iterator[dict[str, Any]]:
    """What the run saw there, and for which there is nothing here; what somebody left out by name is no loss."""
    rows = RunItem.objects.filter(run=run).exclude(outcome__in=(Outcome.MISSING, Outcome.ARCHIVED))
    here = Item.objects.filter(source=run.source_id, dataset__isnull=False).values("pk")
    for row in rows.exclude(item__in=here).iterator():
        if row.outcome == Outcome.SKIPPED and row.item_id is None:
            continue
        yield {
            "there": row.identifier,
            "here": "",
            "title": row.title,
            "outcome": row.outcome,
            "state": NOT_COME,
            "published": False,
            "reasons": reasons_of(row),
            "rows": None,
            "sums": None,
            "columns": [],
            "usage": {},
            "count": 0,
            "differences": [],
        }


def report_csv(report: Mapping[str, Any]) -> Iterator[str]:
    """The same as a table: a line a dataset, then one for each difference, then what is out of reach."""
    yield "\ufeff" + _line(("jeu là-bas", "jeu ici", "titre", "état", "quoi", "nom", "là-bas", "ici", "remarques"))
    for row in report["datasets"]:
        rows = row["rows"] or ["", ""]
        start = (row["there"], row["here"], row["title"])
        yield _line((*start, row["state"], "rows", "", *rows, " ; ".join(row["reasons"])))
        for difference in row["differences"]:
            yield _line(
                (
                    *start,
                    row["state"],
                    difference["part"],
                    difference["name"],
                    difference["there"],
                    difference["here"],
                    "",
                )
            )
    for row in report["out_of_reach"]:
        yield _line(("", "", row["what"], "out-of-reach", "", "", "", "", row["why"]))


def _line(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow([spreadsheet_cell(value) for value in values])
    return buffer.getvalue()
