"""What a reading gives: how a cell could be written, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

type Settings = Mapping[str, Any]
"""JSON-able settings of a reading: they are kept in the step that a person accepts."""


class Certainty(StrEnum):
    """How far a reading can be trusted; only SURE ones may be accepted without looking at each."""

    SURE = "sure"
    """The cell can mean nothing else."""
    LIKELY = "likely"
    """The usual meaning; a person should look."""
    CHOICE = "choice"
    """Two meanings are as good: the person chooses."""
    LOST = "lost"
    """The former value cannot be found again in the cell."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to write a cell: ``variant`` names how it was read (``day-first``…); ``after`` is empty for what is lost."""

    variant: str
    after: str
    certainty: Certainty = Certainty.SURE


type Read = Callable[[str, Settings], tuple[Candidate, ...]]
"""The candidates for the text of a cell, best first; none when the reading does not know it or when it is right already."""
