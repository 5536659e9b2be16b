"""Reading collection forms, and which have answers that wait."""

from __future__ import annotations

from django.db.models import Count

from parvis.domains.surveys.models import Survey
from parvis.domains.surveys.rules import State
from parvis.hub.accounts.rules import Actor
from parvis.hub.records.rules import Moved
from parvis.hub.records.selectors import managed_by, record_at


def survey_at(actor: Actor, slug: str) -> Survey:
    """The form of that address, or of which it was the address: an entry may wait while a form moves. NotFound."""
    try:
        return record_at(Survey, actor, slug)
    except Moved as moved:
        return record_at(Survey, actor, moved.slug)


def waiting_answers(actor: Actor, organisation_id: int) -> list[tuple[Survey, int]]:
    """The forms of an organisation whose answers the person decides of, with how many of them wait, by title."""
    surveys = managed_by(Survey, actor, "publish").filter(organisation=organisation_id)
    counted = surveys.filter(answers__state=State.RECEIVED).annotate(waiting=Count("answers"))
    return [(survey, survey.waiting) for survey in counted.order_by("title")]
