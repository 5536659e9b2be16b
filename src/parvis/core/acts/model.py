"""The words of this room: pages of text, what a rule proposes of them and where it read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final


class Method(StrEnum):
    """How the text of a page was read."""

    TEXT = "text"
    """It is in the file."""
    RECOGNISED = "recognised"
    """Its picture was recognised."""
    UNREADABLE = "unreadable"
    """There is a picture and nothing could be read of it."""
    EMPTY = "empty"
    """There is nothing on it."""


@dataclass(frozen=True, slots=True)
class DoubtfulWord:
    """A recognised word whose confidence is low: where it is in the text of its page, and the confidence (0 to 100)."""

    start: int
    end: int
    confidence: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its rank from 1, its text (lines end by a newline), how it was read.

    ``confidence`` is the mean of its words, by their letters, from 0 to 100; None for a text that was in the file.
    """

    number: int
    text: str
    method: Method = Method.TEXT
    confidence: float | None = None
    doubtful: tuple[DoubtfulWord, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Page:
        """From what was stored."""
        doubtful = tuple(DoubtfulWord(**word) for word in row.get("doubtful", ()))
        return cls(row["number"], row["text"], Method(row["method"]), row.get("confidence"), doubtful)


@dataclass(frozen=True, slots=True)
class Passage:
    """Some letters of a page, ``start`` included and ``end`` not."""

    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule reads of one field: the value as JSON has it, how sure it is (0 to 1), the rule and the passage it comes from.

    A value that is computed (the unanimity of those present) has the passage of what it is computed from; one that comes from the
    name of the file has none.
    """

    field: str
    value: Any
    confidence: float
    rule: str
    passage: Passage | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Proposal:
        """From what was stored."""
        passage = Passage(**row["passage"]) if row.get("passage") else None
        return cls(row["field"], row["value"], row["confidence"], row["rule"], passage)


FIELDS: Final = {
    "kind": "one of ``KINDS``",
    "number": "text, as it is written",
    "date": "ISO date of the sitting or of the signature",
    "convened_on": "ISO date",
    "body": "one of ``BODIES``",
    "organisation": "text: the commune or the authority, as it is written",
    "siren": "nine digits",
    "title": "text: the object, without « Objet : »",
    "rapporteur": "text",
    "president": "text",
    "secretary": "text: secretary of the sitting",
    "author": "text: who signed",
    "author_quality": "text: « Maire », « Président »",
    "members": "whole number of members in office",
    "present": "whole number",
    "proxies": "whole number",
    "absent": "whole number",
    "present_names": "list of texts",
    "proxy_names": "list of [from, to]",
    "absent_names": "list of texts",
    "voters": "whole number",
    "votes_for": "whole number",
    "votes_against": "whole number",
    "abstentions": "whole number",
    "unanimous": "true or false",
    "outcome": "one of ``OUTCOMES``",
    "nature": "code of @ctes, « DE » or « AR »…",
    "matter": "code of @ctes at level 2, « 7.5 »",
    "amounts": "list of {value: euros, words: text around}",
    "annexes": "list of texts",
    "transmission": "identifier of @ctes, as it is printed",
    "sent_on": "ISO date of the sending to the préfecture",
    "received_on": "ISO date of its receipt",
    "posted_on": "ISO date of posting or publication, as it is printed",
    "places": "list of texts: addresses and named places",
}
"""What may be proposed of an act, and the shape of each value."""

KINDS: Final = (
    "deliberation",
    "decision",
    "order",
    "agreement",
    "budget",
    "minutes",
    "list",
    "agenda",
    "verbatim",
    "other",
)
"""Délibération, décision, arrêté, convention, document budgétaire, procès-verbal, liste des délibérations examinées, ordre du jour,
compte rendu intégral."""
BODIES: Final = ("council", "bureau", "commission", "executive")
"""Assemblée délibérante, bureau, commission, and who signs alone (maire, président)."""
OUTCOMES: Final = ("adopted", "rejected", "postponed", "withdrawn", "noted")
"""Adoptée, rejetée, ajournée, retirée, dont il est pris acte."""
