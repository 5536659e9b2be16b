"""The criteria of quality, one row each: what is asked, how much it weighs, how its share is reckoned, what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from parvis.core.quality.facts import Around, Measures
from parvis.core.translation import gettext_noop

LOST_TOLERATED = 0.1
"""The share of rows that may go from a version to the next without a question."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of what a criterion lost: what it is about (a column, a thing of the card…), the share of the criterion, facts."""

    code: str
    share: float
    subject: str = ""
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question. ``losses`` gives None when it does not apply, else what was lost, shares adding up to at most 1."""

    name: str
    label: str
    question: str
    formula: str
    weight: int
    losses: Callable[[Measures, Around], Sequence[Loss] | None]


def _completeness(measures: Measures, around: Around) -> Sequence[Loss] | None:
    if not measures.filled or not measures.rows:
        return None
    count = len(measures.filled)
    return [
        Loss("empty-cells", (1 - share) / count, name, round((1 - share) * measures.rows), measures.rows)
        for name, share in measures.filled.items()
        if share < 1
    ]


def _validity(measures: Measures, around: Around) -> Sequence[Loss] | None:
    """The mean of the parts known: codes, what the import kept, the schema."""
    parts: list[list[Loss]] = []
    codes = {name: checked for name, checked in measures.checked.items() if checked.values}
    if codes:
        parts.append(
            [
                Loss("wrong-values", checked.wrong / checked.values / len(codes), name, checked.wrong, checked.values)
                for name, checked in codes.items()
                if checked.wrong
            ]
        )
    if measures.rows:
        parts.append(_kept(measures))
    verdict = around.verdict
    if verdict is not None and verdict.rows:
        share = verdict.faulty_rows / verdict.rows
        lost = (
            [Loss("schema-faults", share, verdict.schema, verdict.faulty_rows, verdict.rows)] if verdict.faults else []
        )
        parts.append(lost)
    if not parts:
        return None
    return [replace(loss, share=loss.share / len(parts)) for part in parts for loss in part]


def _kept(measures: Measures) -> list[Loss]:
    lines, cells = measures.rows + measures.rejects, measures.rows * max(len(measures.filled), 1)
    lost = []
    if measures.rejects:
        lost.append(Loss("lines-refused", measures.rejects / lines, "", measures.rejects, lines))
    if measures.nulled:
        lost.append(
            Loss(
                "cells-emptied",
                min(measures.nulled / cells, 1 - sum(loss.share for loss in lost)),
                "",
                measures.nulled,
                cells,
            )
        )
    return lost


def _uniqueness(measures: Measures, around: Around) -> Sequence[Loss] | None:
    if not measures.rows:
        return None
    parts = 1 + len(measures.repeated)
    lost = []
    if measures.duplicates:
        lost.append(
            Loss("duplicate-rows", measures.duplicates / measures.rows / parts, "", measures.duplicates, measures.rows)
        )
    for name, count in measures.repeated.items():
        if count:
            lost.append(Loss("repeated-identifiers", count / measures.rows / parts, name, count, measures.rows))
    return lost


def _freshness(measures: Measures, around: Around) -> Sequence[Loss] | None:
    """Nothing is lost in time; everything is once the delay is twice what was promised."""
    if around.allowed_days is None or around.age_days is None:
        return None
    late = around.age_days - around.allowed_days
    return [Loss("late", min(late / around.allowed_days, 1.0), "", late, around.allowed_days)] if late > 0 else []


def _source(measures: Measures, around: Around) -> Sequence[Loss] | None:
    if around.source is None:
        return None
    return [] if around.source else [Loss("source-silent", 1.0)]


def _card(measures: Measures, around: Around) -> Sequence[Loss] | None:
    if not around.card:
        return None
    count = len(around.card)
    return [Loss("unsaid", 1 / count, name) for name, said in around.card.items() if not said]


def _places(measures: Measures, around: Around) -> Sequence[Loss] | None:
    places = measures.places
    if places is None or not places.looked:
        return None
    if not places.outside:
        return []
    return [Loss("outside", places.outside / places.looked, places.area, places.outside, places.looked)]


def _stability(measures: Measures, around: Around) -> Sequence[Loss] | None:
    drift = measures.drift
    if drift is None:
        return None
    lost = [Loss("column-gone", 1 / drift.columns_before, name) for name in drift.removed]
    lost += [Loss("column-retyped", 1 / drift.columns_before, name) for name, _old, _new in drift.retyped]
    gone = drift.rows_before - drift.rows_after
    if drift.rows_before and gone > drift.rows_before * LOST_TOLERATED:
        room = max(1 - sum(loss.share for loss in lost), 0)
        lost.append(Loss("rows-gone", min(gone / drift.rows_before, room), "", gone, drift.rows_before))
    return lost


CRITERIA = (
    Criterion(
        "completeness", gettext_noop("Complétude"),
        gettext_noop("Les cases sont-elles remplies ?"),
        gettext_noop("moyenne, sur toutes les colonnes, de la part de cases remplies"),
        20, _completeness,
    ),
    Criterion(
        "validity", gettext_noop("Validité"),
        gettext_noop("Les codes sont-ils justes et le schéma est-il suivi ?"),
        gettext_noop("moyenne de ce qui est connu : part de codes justes (SIRET, code Insee, adresse…) ; part de lignes et de cases "
        "gardées à l’import ; part de lignes sans erreur selon le schéma"),
        25, _validity,
    ),
    Criterion(
        "uniqueness", gettext_noop("Unicité"),
        gettext_noop("Chaque chose n’est-elle décrite qu’une fois ?"),
        gettext_noop("moyenne de la part de lignes non répétées et, pour chaque identifiant, de la part de lignes où il ne se répète pas"),
        10, _uniqueness,
    ),
    Criterion(
        "freshness", gettext_noop("Fraîcheur"),
        gettext_noop("Les données viennent-elles au rythme annoncé ?"),
        gettext_noop("1 dans les temps ; 1 − retard ÷ délai promis ensuite, jusqu’à 0 quand le retard égale ce délai"),
        15, _freshness,
    ),
    Criterion(
        "source", gettext_noop("Source"),
        gettext_noop("La source répond-elle ?"),
        gettext_noop("1 si la dernière lecture de la source a réussi, 0 sinon"),
        5, _source,
    ),
    Criterion(
        "card", gettext_noop("Fiche"),
        gettext_noop("La fiche dit-elle ce qu’il faut savoir ?"),
        gettext_noop("part des renseignements de la fiche qui sont remplis"),
        15, _card,
    ),
    Criterion(
        "places", gettext_noop("Lieux"),
        gettext_noop("Les points sont-ils dans le territoire ?"),
        gettext_noop("part des lieux situés dans le territoire du jeu (à 400 m près), ou en France quand aucun n’est dit"),
        5, _places,
    ),
    Criterion(
        "stability", gettext_noop("Stabilité"),
        gettext_noop("Ce qui fonctionnait avec la version précédente fonctionne-t-il encore ?"),
        gettext_noop("1 − part des colonnes disparues ou dont le type a changé − part des lignes disparues, si elle dépasse un dixième"),
        5, _stability,
    ),
)  # fmt: skip
"""In the order shown. The weights add up to 100."""

CRITERION_BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
