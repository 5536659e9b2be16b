"""Values that do not fit the type of their column: counted, shown with their line, and what may be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar, Self, cast

from parvis.core.columns import ColumnType
from parvis.core.errors import DataError
from parvis.core.profiling.missing_words import MISSING_MARKS, says_nothing
from parvis.core.profiling.parsers import filled, trimmed
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.profiling.table import parser_named
from parvis.core.staging import ROWS, Note, Workspace, quote_identifier
from parvis.core.translation import Sentence, chained, gettext_noop

KEPT = 1000
"""Misfits shown one by one; all are counted."""

_SHOWN_VALUE = 80
_MARKS = 5
_COLUMNS = 5


class MisfitPolicy(StrEnum):
    """What to do with values that do not fit: refuse the file, keep their column as text, or empty those cells and keep a record."""

    STOP = "stop"
    TEXT = "text"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One value that does not fit: ``line`` as in the source, ``column`` its label, ``expected`` in words, ready to be read."""

    line: int
    column: str
    value: str
    expected: str

    @property
    def is_missing_mark(self) -> bool:
        """True when the value is most probably a way to write that there is none."""
        return self.value.strip().casefold() in MISSING_MARKS


@dataclass(frozen=True, slots=True)
class MisfitCount:
    """How many values of a column do not fit, and what was expected, by technical name, label and parser."""

    name: str
    column: str
    parser: str
    count: int


@dataclass(frozen=True, slots=True)
class MisfitReport:
    """Every misfit counted by column; the first KEPT of them, by line."""

    counts: tuple[MisfitCount, ...] = ()
    examples: tuple[Misfit, ...] = ()

    @property
    def total(self) -> int:
        """All misfits of all columns."""
        return sum(count.count for count in self.counts)

    def of(self, name: str) -> int:
        """Misfits of the column of that technical name."""
        return sum(count.count for count in self.counts if count.name == name)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form: ``total``, ``counts`` by column, ``examples`` with their line."""
        return {
            "total": self.total,
            "counts": [asdict(count) for count in self.counts],
            "examples": [asdict(misfit) for misfit in self.examples],
        }


class MisfitValues(DataError):
    """Publication stopped because values do not fit; ``report`` has them, ``file`` is the name of the source."""

    code: ClassVar[str] = "misfit-values"
    sentence: ClassVar[str] = gettext_noop("« {file} » : {summary}.")
    advice: ClassVar[str] = gettext_noop(
        "{marks}Corrigez le fichier, ou choisissez : garder ces colonnes en texte (--on-misfit text), ou vider ces "
        "cellules en gardant la trace de leur contenu (--on-misfit null)."
    )

    def __init__(self, *, file: str, report: MisfitReport) -> None:
        self.report = report
        super().__init__(file=file, **_sentences(report))

    def to_dict(self) -> dict[str, Any]:
        """The report, JSON-able."""
        return self.report.to_dict()

    def to_details(self) -> dict[str, object]:
        """The file and the report."""
        return {"file": str(self.details["file"]), "report": self.to_dict()}

    @classmethod
    def from_details(cls, details: Mapping[str, object]) -> Self:
        """The error that ``to_details`` told of; TypeError or KeyError when it did not."""
        report = cast(Mapping[str, Any], details["report"])
        counts = tuple(MisfitCount(**row) for row in report["counts"])
        return cls(
            file=str(details["file"]), report=MisfitReport(counts, tuple(Misfit(**row) for row in report["examples"]))
        )


def find_misfits(workspace: Workspace, guesses: Sequence[ColumnGuess]) -> MisfitReport:
    """The misfits of the columns whose guess is not certain, in one or two passes over the table."""
    plans = [g.plan for g in guesses if g.confidence < 1 and not g.plan.derived and g.plan.parser != "text"]
    if not plans:
        return MisfitReport()
    conditions = [misfit_condition(plan) for plan in plans]
    counted = workspace.connection.execute(
        f"SELECT {', '.join(f'count_if({condition})' for condition in conditions)} FROM {ROWS}"
    ).fetchone()
    assert counted is not None
    counts = tuple(
        MisfitCount(plan.column.name, plan.column.label, plan.parser, int(number))
        for plan, number in zip(plans, counted, strict=True)
        if number
    )
    return MisfitReport(counts, _examples(workspace, [p for p, n in zip(plans, counted, strict=True) if n]))


def misfit_condition(plan: ColumnPlan) -> str:
    """SQL: true for a cell that holds something and does not fit; a word read as no value is no misfit."""
    cell = quote_identifier(plan.sources[0])
    word = f" AND NOT {missing_condition(plan)}" if plan.missing else ""
    return f"({filled(cell)} AND ({parser_named(plan.parser).sql(cell)}) IS NULL{word})"


def missing_condition(plan: ColumnPlan) -> str:
    """SQL: true for a cell that holds a word for no value."""
    return says_nothing(trimmed(quote_identifier(plan.sources[0])))


def _examples(workspace: Workspace, plans: Sequence[ColumnPlan]) -> tuple[Misfit, ...]:
    misfits: list[Misfit] = []
    for plan in plans:
        cell = quote_identifier(plan.sources[0])
        rows = workspace.connection.execute(
            f"SELECT line, {cell}[1:500] FROM {ROWS} WHERE {misfit_condition(plan)} ORDER BY line LIMIT {KEPT}"
        ).fetchall()
        expected = parser_named(plan.parser).words.one
        misfits += [Misfit(int(line), plan.column.label, value, expected) for line, value in rows]
    return tuple(sorted(misfits, key=lambda misfit: misfit.line)[:KEPT])


def keep_as_text(guesses: Sequence[ColumnGuess], report: MisfitReport) -> tuple[ColumnGuess, ...]:
    """The guesses with each column that has misfits read as text, and a note that says so."""
    return tuple(_as_text(g, report.of(g.plan.column.name)) for g in guesses)


def _as_text(guess: ColumnGuess, misfits: int) -> ColumnGuess:
    if not misfits:
        return guess
    # What the refused reading said of its values (unit, precision) holds no longer.
    refused_annotations = parser_named(guess.plan.parser).annotations
    annotations = {key: value for key, value in guess.plan.column.annotations.items() if key not in refused_annotations}
    column = guess.plan.column.with_changes(type=ColumnType.TEXT, annotations=annotations)
    note = Note("kept-as-text", {"count": misfits})
    plan = replace(guess.plan, column=column, parser="text", missing=False)
    return replace(guess, plan=plan, confidence=1.0, notes=(*guess.notes, note))


def _sentences(report: MisfitReport) -> dict[str, Any]:
    marks = sorted({m.value.strip() for m in report.examples if m.is_missing_mark}, key=str.casefold)[:_MARKS]
    quoted = chained(
        gettext_noop("{first}, {second}"), [Sentence(gettext_noop("« {mark} »"), {"mark": mark}) for mark in marks]
    )
    marked = Sentence(gettext_noop("{marks} marquent sans doute une valeur absente. "), {"marks": quoted})
    columns = [_of_column(report, count) for count in report.counts[:_COLUMNS]]
    summary = chained(gettext_noop("{first} ; {second}"), columns)
    if len(report.counts) > _COLUMNS:
        more = gettext_noop("{columns} ; … (+ {count})")
        summary = Sentence(more, {"columns": summary, "count": len(report.counts) - _COLUMNS})
    return {"count": report.total, "summary": summary, "marks": marked if marks else ""}


def _of_column(report: MisfitReport, count: MisfitCount) -> Sentence:
    words = parser_named(count.parser).words
    counted = Sentence(
        gettext_noop("colonne « {column} » : {count} valeurs ne sont pas {expected}")
        if count.count > 1
        else gettext_noop("colonne « {column} » : {count} valeur n’est pas {expected}"),
        {
            "column": count.column,
            "count": count.count,
            "expected": Sentence(words.many if count.count > 1 else words.one),
        },
    )
    shown = next((m for m in report.examples if m.column == count.column), None)
    if shown is None:
        return counted
    example = gettext_noop("{misfits} ; ligne {line} : « {value} »")
    return Sentence(example, {"misfits": counted, "line": shown.line, "value": shown.value[:_SHOWN_VALUE]})
