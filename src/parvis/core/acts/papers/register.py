"""The register of the deliberations of a year: acts by date and session, on numbered pages, to be signed (L2121-23, R2121-9 CGCT)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from parvis.core.acts.papers.printing import day_words, printed

_TEMPLATE: Final = Path(__file__).resolve().parent / "register.typ"


@dataclass(frozen=True, slots=True)
class RegisterAct:
    """An act of the register. ``vote`` is as people say it, « 14 pour, 1 contre » or « unanimité »."""

    number: str
    title: str
    vote: str
    address: str
    note: str = ""
    """« retirée », « corrigée par 2024-31 »: nothing else is told of an act that was withdrawn, whose title is empty."""


@dataclass(frozen=True, slots=True)
class RegisterSession:
    """A sitting, or the acts signed on one day: its name, who presided and wrote, its acts in the order of their numbers."""

    name: str
    day: date
    acts: tuple[RegisterAct, ...]
    president: str = ""
    secretary: str = ""


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What a register holds; sessions are put in the order of their days. ``title`` as « Registre des délibérations »."""

    organisation: str
    year: int
    sessions: tuple[RegisterSession, ...]
    made_on: date
    title: str = "Registre des délibérations"
    chain_address: str = ""


def register(facts: RegisterFacts, work: Path) -> bytes:
    """The register of a year, a tagged PDF; PaperFailed. ``work`` is where a folder may stand meanwhile."""
    sessions = sorted(facts.sessions, key=lambda session: session.day)
    count = sum(len(session.acts) for session in sessions)
    words = {
        "title": f"{facts.title} {facts.year}",
        "organisation": facts.organisation,
        "made_on": day_words(facts.made_on),
        "chain": facts.chain_address,
        "count": f"{count} acte{'s' if count > 1 else ''}, {len(sessions)} séance{'s' if len(sessions) > 1 else ''}",
        "sessions": [_session(session) for session in sessions],
    }
    return printed(words, _TEMPLATE, work)


def _session(session: RegisterSession) -> dict[str, object]:
    people = [("Présidence", session.president), ("Secrétaire de séance", session.secretary)]
    return {
        "name": f"{session.name}, {day_words(session.day)}",
        "people": " · ".join(f"{label} : {name}" for label, name in people if name),
        "president": session.president,
        "secretary": session.secretary,
        "acts": [
            [act.number, " — ".join(filter(None, (act.title, act.note))), act.vote, act.address] for act in session.acts
        ],
    }
