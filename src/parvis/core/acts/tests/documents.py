"""Texts of the tests as pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from parvis.core.acts.model import Page, Proposal
from parvis.core.acts.proposals import propose

HERE = Path(__file__).parent
TODAY = date(2026, 11, 29)


def pages_of(text: str) -> list[Page]:
    """The pages of a text, separated by form feeds."""
    return [Page(number, page) for number, page in enumerate(text.split("\f"), 1)]


def read(name: str) -> list[Page]:
    """The pages of a file of the tests."""
    return pages_of((HERE / name).read_text(encoding="utf-8"))


def best(text: str, file_name: str = "") -> dict[str, Proposal]:
    """The surest proposal of each field."""
    proposals: dict[str, Proposal] = {}
    for proposal in propose(pages_of(text), file_name, today=TODAY):
        proposals.setdefault(proposal.field, proposal)
    return proposals
