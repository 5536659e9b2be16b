"""The last changes of the steps of an import, to be undone by who made them; kept in their session, within bounds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from parvis.hub.validation.selectors import import_mark

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from parvis.hub.datastore.models import Import

_KEY = "recipe_changes"
MOST_CHANGES = 20
MOST_CHARACTERS = 200_000
"""Of all that a session keeps of it, whatever the number of imports."""


def remember(session: SessionBase, imported: Import, former: Sequence[dict[str, Any]]) -> None:
    """The steps were ``former`` before a change that was just made."""
    changes = [*session.get(_KEY, []), {"import": imported.pk, "mark": import_mark(imported), "steps": list(former)}]
    changes = changes[-MOST_CHANGES:]
    while changes and len(json.dumps(changes)) > MOST_CHARACTERS:
        changes.pop(0)
    session[_KEY] = changes


def last_change(session: SessionBase, imported: Import) -> list[dict[str, Any]] | None:
    """The steps before the last change; None when there is none, or when somebody else changed them since."""
    change = _last(session, imported)
    return change["steps"] if change and change["mark"] == import_mark(imported) else None


def forget_last(session: SessionBase, imported: Import) -> None:
    """Once the last change is undone: the one before it may be, from the steps as they are now."""
    change = _last(session, imported)
    changes = [row for row in session.get(_KEY, []) if row is not change]
    earlier = next((row for row in reversed(changes) if row["import"] == imported.pk), None)
    if earlier is not None:
        earlier["mark"] = import_mark(imported)
    session[_KEY] = changes


def _last(session: SessionBase, imported: Import) -> dict[str, Any] | None:
    return next((row for row in reversed(session.get(_KEY, [])) if row["import"] == imported.pk), None)
