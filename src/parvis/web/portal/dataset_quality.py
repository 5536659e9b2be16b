"""The « Qualité » tab of a dataset: its score, how it is reckoned, where points were lost, how it moved, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.quality.drift import LITTLE, MUCH
from parvis.core.quality.facts import Drift, Measures
from parvis.core.quality.score import Mark
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.provenance import SHARED, shared_provenance
from parvis.hub.catalogue.selectors import published_versions
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.quality import pictures
from parvis.hub.quality.messages import criterion_formula, criterion_name, criterion_question, days_words, to_do
from parvis.hub.quality.rules import SAID_BY_NAME
from parvis.hub.quality.selectors import Day, QualityReport, quality_report, score_days, source_check
from parvis.hub.ui.formatting import age_words, number, percent
from parvis.hub.ui.formatting import day as written_day
from parvis.hub.ui.trail import Trail
from parvis.web.portal.dataset import of_dataset_here, shared_facts, type_name
from parvis.web.portal.trails import Measured

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

SHOWN_TO_DO = 20
SHOWN_MOVED = 40
SHOWN_DAYS = 60


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One criterion as the page shows it; ``part`` is the template of its own figures."""

    name: str
    label: str
    question: str
    formula: str
    weight: int
    share: float | None
    trail: Trail | None
    points: float
    most: float
    part: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """The share of a column's cells that are filled."""

    label: str
    share: float
    text: str
    trail: Trail


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """The wrong values of a column of codes."""

    label: str
    kind: str
    values: Trail
    wrong: Trail
    share: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """How a column moved since the version before, in words too."""

    label: str
    psi: Trail
    words: str
    new: int
    gone: int
    new_examples: tuple[str, ...]
    gone_examples: tuple[str, ...]


@of_dataset_here
def quality_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The quality of the version online, or of another one named ``?version=``."""
    name = request.GET.get("version", "")[:60]
    version = version_of(dataset, name) if name else dataset.current
    report = quality_report(version)
    facts = {
        **shared_facts(dataset, "quality"),
        "version": version,
        "is_current": version.pk == dataset.current_id,
        "may_edit": may(actor_of(request.user), "edit", dataset.organisation_id),
        "known": report,
        "versions": _measured_versions(dataset),
    }
    if report is not None:
        facts |= _details(dataset, version, report)
    return render(request, "portal/dataset_quality.html", facts)


def _details(dataset: Dataset, version: Version, report: QualityReport) -> dict[str, Any]:
    shape = shape_of(dataset, version)
    labels = {column.name: column.label for column in shape}
    tasks = [to_do(criterion, loss, points, labels) for criterion, loss, points in report.score.to_do]
    days = score_days(dataset)
    return {
        "gauge": pictures.gauge(report.score.value),
        "score": _reckoned(
            number(report.score.value), _("somme des poids × parts, divisée par la somme des poids, fois 100")
        ),
        "marks": [_mark_row(mark) for mark in report.score.marks],
        "shared_trail": shared_provenance(dataset, version),
        "tasks": tasks[:SHOWN_TO_DO],
        "tasks_left": len(tasks[SHOWN_TO_DO:]),
        "days": [(day, _score_on(dataset, day)) for day in reversed(days[-SHOWN_DAYS:])],
        "line": pictures.history(days[-SHOWN_DAYS:], _today(report, days)),
        **_figures(dataset, version, report, shape),
    }


def _reckoned(text: str, query: str) -> Trail:
    """A figure of this page that is computed from the others, as its last part tells."""
    address = "#calcul"
    return Trail(text, address, ((_("Valeur"), text), (_("Requête"), query)), ((_("Voir le calcul"), address),), SHARED)


def _score_on(dataset: Dataset, day: Day) -> Trail:
    """A score of the past, which leads to the measures of its version."""
    text, address = number(day.score), f"{dataset.get_absolute_url()}quality/?{urlencode({'version': day.version})}"
    facts = (
        (_("Valeur"), text),
        (_("Date"), written_day(day.day)),
        (_("Jeu de données"), dataset.title),
        (_("Version"), day.version),
    )
    return Trail(text, address, facts, ((_("Voir les mesures de cette version"), address),))


def _today(report: QualityReport, days: list[Day]) -> Day | None:
    if not days:
        return None
    now: datetime = timezone.localtime(report.reckoned)
    return Day(now.date(), days[-1].score, days[-1].version, is_new_version=False)


def _figures(dataset: Dataset, version: Version, report: QualityReport, shape: TableShape) -> dict[str, Any]:
    """What the part of each criterion shows."""
    measures, around = report.measures, report.around
    allowed, age, modified = around.allowed_days, around.age_days, dataset.data_modified
    measured = Measured(dataset, version, of_all_rows=True)
    return {
        "measures": measures,
        "around": around,
        "filled": [_filled(measured, column, measures.filled[column.name]) for column in shape if column.name in measures.filled],
        "checked": _checked(measured, report, shape),
        "repeated": _repeated(measured, measures, shape),
        "whole": _whole(measured, measures),
        "rows_before": _rows_before(dataset, measures.drift),
        "age": age_words(age),
        "allowed": days_words(allowed) if allowed else "",
        "late_by": days_words(age - allowed) if allowed and age is not None and age > allowed else "",
        "due": modified + timedelta(days=allowed) if allowed and modified else None,
        "span": pictures.freshness(age, allowed) if allowed and age is not None else None,
        "source_check": source_check(dataset),
        "said": [(SAID_BY_NAME[name].label, met) for name, met in around.card.items() if name in SAID_BY_NAME],
        "drift": measures.drift,
        "retyped": _retyped(measures.drift, shape),
        "moved": _moved(measured, measures.drift, shape),
        "little": LITTLE,
        "much": MUCH,
    }  # fmt: skip


def _mark_row(mark: Mark) -> MarkRow:
    criterion = mark.criterion
    return MarkRow(
        criterion.name,
        criterion_name(criterion),
        criterion_question(criterion),
        criterion_formula(criterion),
        criterion.weight,
        mark.share * 100 if mark.share is not None else None,
        None if mark.share is None else _reckoned(percent(mark.share), criterion_formula(criterion)),
        mark.points,
        mark.most,
        f"portal/quality/{criterion.name}.html",
    )


def _column(shape: TableShape, name: str) -> Column:
    return shape.get(name) or Column(name, name, ColumnType.TEXT)


def _label(shape: TableShape, name: str) -> str:
    return _column(shape, name).label


def _filled(measured: Measured, column: Column, share: float) -> FilledRow:
    text = percent(share)
    return FilledRow(column.label, share * 100, text, measured.filled(column, text))


def _checked(measured: Measured, report: QualityReport, shape: TableShape) -> list[CheckedRow]:
    rows = []
    for name, row in report.measures.checked.items():
        column = _column(shape, name)
        values = measured.of_column(column, number(row.values), _("valeurs vérifiées de la colonne"))
        wrong = measured.of_column(column, number(row.wrong), _("valeurs fausses de la colonne"))
        share = (1 - row.wrong / row.values) * 100 if row.values else 100.0
        rows.append(CheckedRow(column.label, row.kind, values, wrong, share, row.examples))
    return rows


def _repeated(measured: Measured, measures: Measures, shape: TableShape) -> list[tuple[str, int, Trail]]:
    """Columns of identifiers: label, how many values another row has too."""
    meaning = _("valeurs déjà portées par une autre ligne, colonne")
    return [
        (_label(shape, name), count, measured.of_column(_column(shape, name), number(count), meaning, sort=name))
        for name, count in measures.repeated.items()
    ]


def _whole(measured: Measured, measures: Measures) -> dict[str, Trail]:
    """The figures of all the rows, by the name that the parts of the page give them."""
    places, drift = measures.places, measures.drift
    rows = (
        ("duplicates", measures.duplicates, _("lignes qui en répètent une autre, colonne par colonne")),
        ("rejects", measures.rejects, _("lignes du fichier qui n’ont pas pu devenir des lignes du tableau")),
        ("nulled", measures.nulled, _("valeurs effacées : elles n’avaient pas le type de la colonne")),
        ("looked", places and places.looked, _("lieux regardés")),
        ("outside", places and places.outside, _("lieux hors du territoire attendu")),
        ("rows", drift and drift.rows_after, _("nombre de lignes du tableau, sans filtre")),
    )
    return {name: measured.figure(number(count), query) for name, count, query in rows if count is not None}


def _retyped(drift: Drift | None, shape: TableShape) -> list[tuple[str, str, str]]:
    if drift is None:
        return []
    names = {str(column.type): type_name(column) for column in shape}
    return [(_label(shape, name), names.get(old, old), names.get(new, new)) for name, old, new in drift.retyped]


def _rows_before(dataset: Dataset, drift: Drift | None) -> Trail | None:
    if drift is None:
        return None
    text, query = number(drift.rows_before), urlencode({"version": drift.previous})
    address = f"{dataset.get_absolute_url()}table/?{query}#lignes"
    facts = ((_("Valeur"), text), (_("Jeu de données"), dataset.title), (_("Version"), drift.previous))
    return Trail(text, address, facts, ((_("Voir les lignes"), address),))


def _moved(measured: Measured, drift: Drift | None, shape: TableShape) -> list[MovedRow]:
    """The columns whose values moved, most first."""
    if drift is None:
        return []
    moved = [(name, change) for name, change in drift.moved.items() if change.psi or change.new or change.gone]
    moved.sort(key=lambda pair: -(pair[1].psi or 0.0))
    meaning, rows = _("écart de répartition avec la version précédente (PSI), colonne"), []
    for name, change in moved[:SHOWN_MOVED]:
        column, psi = _column(shape, name), change.psi or 0.0
        distance = measured.of_column(column, number(psi), meaning)
        rows.append(
            MovedRow(
                column.label,
                distance,
                _how_far(psi),
                change.new,
                change.gone,
                change.new_examples,
                change.gone_examples,
            )
        )
    return rows


def _how_far(psi: float) -> str:
    if psi < LITTLE:
        return _("presque rien n’a bougé")
    return _("a bougé") if psi <= MUCH else _("a beaucoup bougé")


def _measured_versions(dataset: Dataset) -> list[Version]:
    versions = published_versions(dataset).filter(quality__isnull=False).exclude(quality__around={})
    return list(versions.select_related("quality")[:20])
