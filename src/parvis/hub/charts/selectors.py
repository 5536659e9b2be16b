"""Reading saved charts, always through somebody's eyes."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import NEEDED_ROLE, Actor
from parvis.hub.charts.models import Chart
from parvis.hub.charts.rules import ChartStatus, may_see_chart


def charts_visible_to(actor: Actor) -> QuerySet[Chart]:
    """The charts that exist for the actor; the query form of ``rules.may_see_chart``."""
    found = Chart.objects.select_related("organisation", "organisation__territory")
    return found if actor.everything else found.filter(Q(status=ChartStatus.PUBLISHED) | _edited_by(actor))


def charts_managed_by(actor: Actor) -> QuerySet[Chart]:
    """The charts the actor may change: the back office's list."""
    found = Chart.objects.select_related("organisation", "author")
    return found if actor.everything else found.filter(_edited_by(actor))


def _edited_by(actor: Actor) -> Q:
    editable = [key for key, role in actor.roles.items() if role.rank >= NEEDED_ROLE["edit"].rank]
    return Q(organisation__in=editable)


def chart(actor: Actor, slug: str) -> Chart:
    """The chart of that address; NotFound when it does not exist for the actor."""
    found = Chart.objects.select_related("organisation", "organisation__territory").filter(slug=slug).first()
    if found is None or not may_see_chart(actor, found.status, found.organisation_id):
        raise NotFound(name=slug)
    return found


def managed_chart(actor: Actor, slug: str) -> Chart:
    """The same for who may change it; NotFound for the rest."""
    found = charts_managed_by(actor).filter(slug=slug).first()
    if found is None:
        raise NotFound(name=slug)
    return found
