"""The criteria of quality, one row each: what is asked, how much it weighs, how its share is reckoned, what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from parvis.core.quality.facts import Around, Measures

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
    fr: str
    en: str
    question_fr: str
    question_en: str
    formula_fr: str
    formula_en: str
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
    codes = {name: found for name, found in measures.checked.items() if found.values}
    if codes:
        parts.append(
            [
                Loss("wrong-values", found.wrong / found.values / len(codes), name, found.wrong, found.values)
                for name, found in codes.items()
                if found.wrong
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
        "completeness", "Complétude", "Completeness",
        "Les cases sont-elles remplies ?", "Are the cells filled?",
        "moyenne, sur toutes les colonnes, de la part de cases remplies",
        "mean, over all columns, of the share of filled cells",
        20, _completeness,
    ),
    Criterion(
        "validity", "Validité", "Validity",
        "Les codes sont-ils justes et le schéma est-il suivi ?", "Are codes right and is the schema followed?",
        "moyenne de ce qui est connu : part de codes justes (SIRET, code Insee, adresse…) ; part de lignes et de cases "
        "gardées à l’import ; part de lignes sans faute selon le schéma",
        "mean of what is known: share of right codes (SIRET, INSEE code, address…); share of lines and cells kept by the "
        "import; share of rows without a fault by the schema",
        25, _validity,
    ),
    Criterion(
        "uniqueness", "Unicité", "Uniqueness",
        "Chaque chose n’est-elle décrite qu’une fois ?", "Is each thing described only once?",
        "moyenne de la part de lignes non répétées et, pour chaque identifiant, de la part de lignes où il ne se répète pas",
        "mean of the share of rows not repeated and, for each identifier, of the share of rows where it does not repeat",
        10, _uniqueness,
    ),
    Criterion(
        "freshness", "Fraîcheur", "Freshness",
        "Les données viennent-elles au rythme annoncé ?", "Does the data come at the announced pace?",
        "1 dans les temps ; 1 − retard ÷ délai promis ensuite, jusqu’à 0 quand le retard égale ce délai",
        "1 in time; then 1 − delay ÷ promised period, down to 0 when the delay equals that period",
        15, _freshness,
    ),
    Criterion(
        "source", "Source", "Source",
        "La source répond-elle ?", "Does the source answer?",
        "1 si la dernière lecture de la source a réussi, 0 sinon", "1 if the source was last read with success, else 0",
        5, _source,
    ),
    Criterion(
        "card", "Fiche", "Card",
        "La fiche dit-elle ce qu’il faut savoir ?", "Does the card say what one needs to know?",
        "part des renseignements de la fiche qui sont remplis", "share of the things a card should say that it says",
        15, _card,
    ),
    Criterion(
        "places", "Lieux", "Places",
        "Les points sont-ils dans le territoire ?", "Do the points lie in the territory?",
        "part des lieux situés dans le territoire du jeu (à 400 m près), ou en France quand aucun n’est dit",
        "share of places within the dataset’s territory (give or take 400 m), or France when none is told",
        5, _places,
    ),
    Criterion(
        "stability", "Stabilité", "Stability",
        "Ce qui marchait avec la version d’avant marche-t-il encore ?", "Does what worked with the last version still work?",
        "1 − part des colonnes disparues ou dont le type a changé − part des lignes disparues, si elle dépasse un dixième",
        "1 − share of columns gone or of another type − share of rows gone, if more than a tenth",
        5, _stability,
    ),
)  # fmt: skip
"""In the order shown. The weights add up to 100."""

CRITERION_BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
