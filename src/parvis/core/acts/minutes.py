"""The decisions that minutes hold: each with its title, where it is, how it was voted and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.item_headings import Heading, headings
from parvis.core.acts.model import Page, Passage, Proposal
from parvis.core.acts.proposals import propose
from parvis.core.acts.proposals.votes import anchors, vote_readings

MOST_ITEMS: Final = 400


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """A decision of minutes: its title, its number as it is printed, where it begins (``passage``: its heading) and ends (``until``:
    the page and the place in it), what is read of its vote, the surest first."""

    title: str
    number: str
    passage: Passage | None
    until: tuple[int, int]
    proposals: tuple[Proposal, ...]

    def value(self, field: str) -> object:
        """The best value of a field; None when nothing is read of it."""
        return next((proposal.value for proposal in self.proposals if proposal.field == field), None)


@dataclass(slots=True)
class _Item:
    heading: Heading | None
    start: int
    last_anchor: int


def _best(candidates: list[Heading]) -> Heading | None:
    """The heading of what is decided after ``candidates``: the most explicit kind of them, the last of that kind."""
    rank = min((heading.rank for heading in candidates), default=None)
    return next((heading for heading in reversed(candidates) if heading.rank == rank), None)


def _items(text: FlatText) -> list[_Item]:
    places = anchors(text)
    ordered = headings(text, [start for start, _end in places])
    items: list[_Item] = []
    rank, previous = 0, 0
    for start, end in places:
        between: list[Heading] = []
        while rank < len(ordered) and ordered[rank].start < start:
            if ordered[rank].start >= previous:
                between.append(ordered[rank])
            rank += 1
        heading = _best(between)
        if heading is None and items:
            items[-1].last_anchor = end
        elif heading is not None:
            items.append(_Item(heading, heading.start, end))
        else:
            items.append(_Item(None, text.line_of(start)[0], end))
        previous = end
    return items[:MOST_ITEMS]


def decisions_of(pages: Sequence[Page]) -> list[MinutesItem]:
    """What was decided in minutes, in their order; unanimity is that of those present and represented.

    Any text is read without error. An item on which nothing was decided is left out.
    """
    text = FlatText.of(pages)
    sitting = {
        proposal.field: proposal for proposal in reversed(propose(pages, today=date.max)) if proposal.field == "voters"
    }
    voters = sitting.get("voters")
    items = _items(text)
    return list(_read(text, items, voters))


def _read(text: FlatText, items: list[_Item], voters: Proposal | None) -> Iterator[MinutesItem]:
    for rank, item in enumerate(items):
        end = items[rank + 1].start if rank + 1 < len(items) else min(len(text.flat), item.last_anchor + 2_000)
        body = item.heading.end if item.heading else item.start
        readings = sorted(
            vote_readings(text, body, end, voters.value if voters else None, voters.confidence if voters else 0.0),
            key=lambda reading: -reading.confidence,
        )
        proposals: dict[tuple[str, object], Proposal] = {}
        for reading in readings:
            proposals.setdefault(
                (reading.field, reading.value),
                Proposal(
                    reading.field,
                    reading.value,
                    round(reading.confidence, 2),
                    "item of minutes",
                    text.passage(reading.start, reading.end),
                ),
            )
        if not proposals:
            continue
        heading = item.heading
        passage = text.passage(heading.start, heading.end) if heading else text.passage(item.start, item.last_anchor)
        yield MinutesItem(
            heading.title if heading else "",
            heading.number if heading else "",
            passage,
            text.place(end),
            tuple(proposals.values()),
        )
