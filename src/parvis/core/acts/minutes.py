"""The decisions that minutes hold: each with its title, where it is, how it was voted and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from parvis.core.acts.agendas import without_repeated_lines
from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.item_headings import OF_AGENDA, SHORT_LINE, Heading, headings
from parvis.core.acts.model import Page, Passage, Proposal
from parvis.core.acts.proposals import propose
from parvis.core.acts.proposals.votes import Anchor, anchors, vote_readings

MOST_ITEMS: Final = 400
_AFTER: Final = 2_000
"""Letters after the last decision that may still be of it."""
_APART: Final = 400
"""Letters between two votes under one heading that are two decisions, and not one told twice."""


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
    heading: Heading
    start: int
    last_anchor: int
    voted: bool


def _best(candidates: list[Heading], worst: int) -> Heading | None:
    """The heading of what is decided after ``candidates``: the most explicit kind of them, the last of that kind."""
    rank = min((heading.rank for heading in candidates if heading.rank <= worst), default=None)
    return next((heading for heading in reversed(candidates) if heading.rank == rank), None)


def _gaps(places: list[Anchor], ordered: list[Heading]) -> Iterator[tuple[Anchor, list[Heading]]]:
    """Each decision, and the headings between the one before and it."""
    rank, previous = 0, 0
    for place in places:
        between: list[Heading] = []
        while rank < len(ordered) and ordered[rank].start < place.start:
            if ordered[rank].start >= previous:
                between.append(ordered[rank])
            rank += 1
        yield place, between
        previous = place.end


def _items(text: FlatText) -> list[_Item]:
    places = anchors(text)
    gaps = list(_gaps(places, headings(text, [place.start for place in places])))
    explicit = sum(any(heading.rank <= OF_AGENDA for heading in between) for _place, between in gaps)
    some = sum(bool(between) for _place, between in gaps)
    # Where headings are numbered, or those of the agenda, lines in capitals are those of tables.
    worst = OF_AGENDA if explicit > 1 and explicit * 2 >= some else SHORT_LINE
    items: list[_Item] = []
    for place, between in gaps:
        heading = _best(between, worst)
        last = items[-1] if items else None
        if heading is not None:
            items.append(_Item(heading, heading.start, place.end, place.vote))
        elif last and last.voted and place.vote and place.start - last.last_anchor > _APART:
            # Another vote under the same heading.
            items.append(_Item(last.heading, last.last_anchor, place.end, True))
        elif last:
            last.last_anchor = place.end
            last.voted = last.voted or place.vote
    return items[:MOST_ITEMS]


def decisions_of(pages: Sequence[Page]) -> list[MinutesItem]:
    """What was decided in minutes, in their order; unanimity is that of those present and represented.

    Any text is read without error. An item on which nothing was decided is left out.
    """
    text = without_repeated_lines(FlatText.of(pages))
    sitting = {
        proposal.field: proposal for proposal in reversed(propose(pages, today=date.max)) if proposal.field == "voters"
    }
    voters = sitting.get("voters")
    items = _items(text)
    return list(_read(text, items, voters))


def _read(text: FlatText, items: list[_Item], voters: Proposal | None) -> Iterator[MinutesItem]:
    for rank, item in enumerate(items):
        end = items[rank + 1].start if rank + 1 < len(items) else min(len(text.flat), item.last_anchor + _AFTER)
        heading = item.heading
        readings = sorted(
            vote_readings(
                text,
                max(item.start, min(heading.end, end)),
                end,
                voters.value if voters else None,
                voters.confidence if voters else 0.0,
            ),
            key=lambda reading: -reading.confidence,
        )
        proposals: dict[tuple[str, object], Proposal] = {}
        for reading in readings:
            passage = text.passage(reading.start, reading.end)
            proposal = Proposal(reading.field, reading.value, round(reading.confidence, 2), "item of minutes", passage)
            proposals.setdefault((reading.field, reading.value), proposal)
        if proposals:
            place = text.passage(heading.start, heading.end)
            yield MinutesItem(heading.title, heading.number, place, text.place(end), tuple(proposals.values()))
