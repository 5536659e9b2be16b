"""Proposals for the cells of one column: each distinct text that the field refuses, read in every way that may put it right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parvis.core.readings.field_readings import Wanted, wanted
from parvis.core.readings.model import Candidate, Certainty
from parvis.core.repairs.model import Choice, Proposal, Sample
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import ROWS, StagedColumn, Workspace, quote_identifier
from parvis.core.validation.cells import certain
from parvis.core.validation.field_judge import Judge, judge_of
from parvis.core.validation.plan import NEVER, Condition, all_of

SHOWN = 5
"""Samples kept of a proposal that is sure."""
TO_LOOK_AT = 30
"""Samples kept of one that a person should look at: distinct texts, so that each can be."""
MOST_TEXTS = 300_000
"""Distinct texts of a column that are looked at; more than that are no codes, dates or lists."""
_BARE = Condition("regexp_full_match({0}, ?)", (r"(?s)[\pL0-9](?:.*[\pL0-9])?",))
"""The text begins and ends with a letter or a digit: no blank, quote or mark of order is around it."""
_BATCH = 20_000

type _Text = tuple[str, int, int]
"""A distinct text, how many cells hold it, the first line that does."""


@dataclass(slots=True)
class _Group:
    """The cells that one reading puts right in one way."""

    want: Wanted
    certainty: Certainty
    variants: tuple[str, ...]
    count: int = 0
    valid: list[int] = field(default_factory=list)
    samples: list[list[Sample]] = field(default_factory=list)

    def add(self, text: _Text, candidates: tuple[Candidate, ...], judge: Judge) -> None:
        value, times, line = text
        self.count += times
        self.valid = self.valid or [0] * len(candidates)
        self.samples = self.samples or [[] for _ in candidates]
        for rank, candidate in enumerate(candidates):
            good = candidate.certainty is not Certainty.LOST and judge.accepts(candidate.after)
            self.valid[rank] += times if good else 0
            if len(self.samples[rank]) < (SHOWN if self.certainty is Certainty.SURE else TO_LOOK_AT):
                self.samples[rank].append(Sample(line, value, candidate.after, good))


def column_proposals(workspace: Workspace, column: StagedColumn, item: Field, schema: TableSchema) -> list[Proposal]:
    """The proposals for a column of text under the header of ``item``."""
    judge, wants = judge_of(item, schema), wanted(item, schema)
    groups: dict[tuple[str, Certainty, tuple[str, ...]], _Group] = {}
    looked = 0
    for text in _texts(workspace, column, _nothing_to_say(item, schema, judge, wants)):
        looked += 1
        reading = _reading(text[0], wants, judge)
        if reading is None:
            continue
        want, candidates = reading
        variants = tuple(candidate.variant for candidate in candidates)
        place = (want.reading, candidates[0].certainty, variants)
        groups.setdefault(place, _Group(want, candidates[0].certainty, variants)).add(text, candidates, judge)
    return [_proposal(column.header, group, partial=looked >= MOST_TEXTS) for group in groups.values()]


def _nothing_to_say(item: Field, schema: TableSchema, judge: Judge, wants: tuple[Wanted, ...]) -> Condition:
    """True, in SQL, of texts that are surely right and have nothing around them: most texts of most columns."""
    if judge.checks or any(want.reading == "point" for want in wants):
        return NEVER
    return all_of(certain(schema, item, judge.reader), _BARE)


def _texts(workspace: Workspace, column: StagedColumn, but: Condition) -> Iterator[_Text]:
    cell = quote_identifier(column.name)
    cursor = workspace.connection.cursor()
    try:
        cursor.execute(
            f"""SELECT {cell}, count(*), min(line) FROM {ROWS} WHERE {cell} <> '' AND CASE WHEN {but.on([cell])} THEN false ELSE true END
            GROUP BY {cell} ORDER BY min(line) LIMIT {MOST_TEXTS}""",
            list(but.parameters),
        )
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
    finally:
        cursor.close()


def _reading(text: str, wants: tuple[Wanted, ...], judge: Judge) -> tuple[Wanted, tuple[Candidate, ...]] | None:
    """The reading to propose for a text: the first that makes it valid, else the first that says something; none for a right text,
    but for blanks around it and a point out of place.
    """
    right = judge.accepts(text)
    fallback: tuple[Wanted, tuple[Candidate, ...]] | None = None
    for want in wants:
        if right and want.reading not in ("trim", "point"):
            continue
        candidates = want.read(text)
        if right and not all(c.variant in ("swapped", "blanks") for c in candidates):
            continue
        if not candidates:
            continue
        if candidates[0].certainty is Certainty.LOST:
            return want, candidates
        if accepted := tuple(candidate for candidate in candidates if judge.accepts(candidate.after)):
            return want, accepted if len(accepted) == len(candidates) else (_single(accepted[0]), *accepted[1:])
        fallback = fallback or (None if right else (want, candidates))
    return fallback


def _single(candidate: Candidate) -> Candidate:
    """A meaning that alone is valid is still a choice of the schema's, not of the person's: to be looked at."""
    return (
        Candidate(candidate.variant, candidate.after, Certainty.LIKELY)
        if candidate.certainty is Certainty.CHOICE
        else candidate
    )


def _proposal(header: str, group: _Group, *, partial: bool) -> Proposal:
    choices: tuple[Choice, ...] = ()
    if len(group.variants) > 1:
        choices = tuple(
            Choice(v, n, tuple(s)) for v, n, s in zip(group.variants, group.valid, group.samples, strict=True)
        )
    lost = group.certainty is Certainty.LOST
    return Proposal(
        code=group.want.reading,
        variant="|".join(group.variants),
        column=header,
        count=group.count,
        valid=max(group.valid, default=0),
        certainty=group.certainty,
        samples=tuple(group.samples[0]),
        choices=choices,
        partial=partial,
        parameters={} if lost else {"column": header, **group.want.settings, "variants": list(group.variants)},
    )
