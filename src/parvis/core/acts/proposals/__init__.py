"""What rules read in an act: one table of rules in their order, each a small function that says where it read and how surely.

A rule may look at what those before it proposed (the kind of document, the date); it changes nothing of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.model import FIELDS, Page, Proposal
from parvis.core.acts.proposals import attendance, contents, headings, kinds, matter, signature, sitting, stamps, votes
from parvis.core.acts.proposals.rules import Reading, Rule, Source

RULES: Final = (
    Rule("kind", kinds.kind),
    Rule("kind of the file name", kinds.kind_of_name),
    Rule("identifier", stamps.identifier),
    Rule("body", kinds.body),
    Rule("organisation", kinds.organisation),
    Rule("nature of the kind", kinds.nature),
    Rule("siren", stamps.siren),
    Rule("date of the sitting", sitting.sitting_date),
    Rule("day of the heading", sitting.day_of_heading),
    Rule("date of signature", sitting.signature_date),
    Rule("date of the file name", sitting.date_of_name),
    Rule("convocation", sitting.convened_on),
    Rule("stamps", stamps.stamps),
    Rule("number", headings.number),
    Rule("object", headings.title),
    Rule("rapporteur", headings.rapporteur),
    Rule("president", sitting.president),
    Rule("secretary", sitting.secretary),
    Rule("counts", attendance.counts),
    Rule("proxies", attendance.proxies),
    Rule("names", attendance.names),
    Rule("agreeing counts", attendance.agreeing_counts),
    Rule("votes", votes.votes),
    Rule("matter", matter.matter),
    Rule("signature", signature.author),
    Rule("who presided", signature.author_of_sitting),
    Rule("amounts", contents.amounts),
    Rule("annexes", contents.annexes),
    Rule("places", contents.places),
)
"""In the order in which they are asked."""

MOST_PER_FIELD: Final = 5


def propose(
    pages: Sequence[Page], file_name: str = "", *, officials: Sequence[str] = (), today: date
) -> list[Proposal]:
    """What the rules read in ``pages``: for each field at most five values, the surest first; fields in the order of ``FIELDS``.

    ``officials`` are names of those in office, which make a signature surer. Any text is read without error, in a time that its
    length commands.
    """
    text = FlatText.of(pages)
    readings: dict[str, list[tuple[str, Reading]]] = {}
    best: dict[str, Proposal] = {}
    for rule in RULES:
        fresh = list(rule.read(Source(text, file_name, officials, today, best)))
        for reading in fresh:
            readings.setdefault(reading.field, []).append((rule.name, reading))
        for field in {reading.field for reading in fresh}:
            ranked = _ranked(text, field, readings[field])
            if ranked:
                best[field] = ranked[0]
    return [proposal for field in FIELDS if field in readings for proposal in _ranked(text, field, readings[field])]


def _ranked(text: FlatText, field: str, readings: list[tuple[str, Reading]]) -> list[Proposal]:
    """Proposals of one field, each value once, the surest first."""
    if field == "date":
        weighed = sitting.agreeing_dates([reading for _rule, reading in readings])
        readings = [(rule, reading) for (rule, _), reading in zip(readings, weighed, strict=True)]
    proposals: list[Proposal] = []
    values: list[object] = []
    for rule, reading in sorted(readings, key=lambda item: -item[1].confidence):
        if reading.value in values:
            continue
        values.append(reading.value)
        confidence = round(min(max(reading.confidence, 0.05), 0.99), 2)
        proposals.append(Proposal(field, reading.value, confidence, rule, text.passage(reading.start, reading.end)))
    return proposals[:MOST_PER_FIELD]


__all__ = ["MOST_PER_FIELD", "RULES", "propose"]
