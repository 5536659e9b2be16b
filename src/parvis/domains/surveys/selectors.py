"""Reading collection forms."""

from __future__ import annotations

from parvis.domains.surveys.models import Survey
from parvis.hub.accounts.rules import Actor
from parvis.hub.records.rules import Moved
from parvis.hub.records.selectors import record_at


def survey_at(actor: Actor, slug: str) -> Survey:
    """The form of that address, or of which it was the address: an entry may wait while a form moves. NotFound."""
    try:
        return record_at(Survey, actor, slug)
    except Moved as moved:
        return record_at(Survey, actor, moved.slug)
