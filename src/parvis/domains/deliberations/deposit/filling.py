"""From what rules propose to the columns of an act: the surest proposal of each, where nobody wrote anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from parvis.core.acts.model import Proposal
from parvis.core.text import seen_text
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.rules import NATURE_OF_KIND

COLUMN_OF: Final = {
    "kind": "kind",
    "number": "number",
    "date": "date",
    "title": "title",
    "rapporteur": "rapporteur",
    "author": "signatory",
    "author_quality": "signatory_quality",
    "members": "members",
    "present": "present",
    "proxies": "proxies",
    "votes_for": "votes_for",
    "votes_against": "votes_against",
    "abstentions": "abstentions",
    "unanimous": "is_unanimous",
    "outcome": "outcome",
    "nature": "nature",
    "matter": "matter",
    "transmission": "transmission",
    "sent_on": "sent_on",
    "received_on": "received_on",
    "posted_on": "posted_on",
    "places": "places",
}
"""The column of each field that rules propose; the others are of the sitting, or are shown beside."""
FIELD_OF: Final = {column: field for field, column in COLUMN_OF.items()}
SURE: Final = 0.5
"""Confidence from which a proposal fills a column; the others are offered beside it."""
SIGNED_ALONE: Final = frozenset({Act.Kind.DECISION, Act.Kind.ORDER})
OF_SITTINGS: Final = frozenset(
    {
        "rapporteur",
        "outcome",
        "is_unanimous",
        "members",
        "present",
        "proxies",
        "votes_for",
        "votes_against",
        "abstentions",
    }
)
"""Columns that say nothing of what one person signs: there, « présentée par » names who asked, and nobody voted."""
_DATES: Final = frozenset({"date", "sent_on", "received_on", "posted_on"})


def fill(act: Act, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """The columns to be changed of an act that nobody confirmed, in the types of its columns."""
    changes: dict[str, Any] = {}
    for proposal in sorted(proposals, key=lambda proposal: -proposal.confidence):
        column = COLUMN_OF.get(proposal.field)
        if column is None or column in changes or proposal.confidence < SURE or not _may_be_filled(act, column):
            continue
        value = as_stored(act, column, proposal.value)
        if value is not None:
            changes[column] = value
    kind = changes.get("kind", act.kind)
    if kind in SIGNED_ALONE:
        changes = {column: value for column, value in changes.items() if column not in OF_SITTINGS}
    if not act.nature and "nature" not in changes and kind in NATURE_OF_KIND:
        changes["nature"] = NATURE_OF_KIND[kind]
    return changes


def as_stored(act: Act, column: str, value: Any) -> Any:
    """A proposed value in the type of its column; None for one that does not fit there."""
    if column in _DATES:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return None
    field = act._meta.get_field(column)
    if field.choices and value not in dict(field.flatchoices):
        return None
    most = getattr(field, "max_length", None)
    return value[:most] if isinstance(value, str) and most else value


def _may_be_filled(act: Act, column: str) -> bool:
    """The name of the file and the usual kind are nobody's choice; anything else that is there is somebody's."""
    return column in ("title", "kind") or getattr(act, column) in (None, "", [])


def title_of_name(name: str) -> str:
    """The name of a file as words: « DEL-2026-014_toiture.pdf » → « DEL 2026 014 toiture »."""
    words = re.sub(r"[\s_-]+", " ", PurePath(name).stem)
    return seen_text(words).strip()[:200] or name[:200]
