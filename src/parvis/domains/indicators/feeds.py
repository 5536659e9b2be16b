"""Indicators as Atom: all of them, one of them, and « tell me when it passes X » for whoever gives no address."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.core.indicators import Bound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.domains.indicators.telling import about, age_words, alert_words, state_words, tile, told
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.templatetags.parvis_ui import canonical

FEED_LENGTH = 50


@require_safe
def all_feed(request: HttpRequest) -> HttpResponse:
    """The figure of the day of each published indicator, the latest computed first."""
    found = [one for one in selectors.seen(actor_of(request.user), selectors.indicators_published()) if one.value]
    found.sort(key=lambda one: one.value.computation.computed if one.value else 0, reverse=True)
    atom = _feed(request, _("Indicateurs · %s") % face_of(request).name, reverse("indicators"))
    for one in found[:FEED_LENGTH]:
        if one.value:
            _add(atom, one, one.value, tile(one).warning)
    return _answer(atom)


@require_safe
def one_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Each figure that an indicator told, the latest first; with ``seuil`` and ``sens``, only those that passed the bound."""
    actor = actor_of(request.user)
    one = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    place = one.value.territory if one.value else ""
    values = selectors.told_in_turn(actor, one.indicator, place) if one.is_readable else []
    title, bound = one.indicator.title, asked_bound(request)
    if bound is not None:
        title = alert_words(one.definition, one.indicator.title, bound)
        values = list(_passing(values, bound))
    atom = _feed(request, f"{title} · {face_of(request).name}", one.indicator.get_absolute_url())
    latest = one.indicator.latest_id
    for value in values[::-1][:FEED_LENGTH]:
        _add(atom, one, value, tile(one).warning if value.computation_id == latest else "")
    return _answer(atom)


def asked_bound(request: HttpRequest) -> Bound | None:
    """The bound that an address gives; BadBound when it is not one."""
    text = request.GET.get("seuil", "").strip()
    return Bound.read(request.GET.get("sens", ""), text) if text else None


def _passing(values: Iterable[Value], bound: Bound) -> Iterable[Value]:
    before: float | None = None
    for value in values:
        if value.value is not None and bound.is_passed(before, value.value):
            yield value
        before = value.value


def _feed(request: HttpRequest, title: str, link: str) -> Atom1Feed:
    address = canonical(request.get_full_path())
    return Atom1Feed(title=title, link=canonical(link), description="", language="fr", feed_url=address)


def _add(atom: Atom1Feed, one: Seen, value: Value, warning: str) -> None:
    definition = value.computation.described
    state = state_words(one.state) if one.value == value else ""
    address = canonical(value.get_absolute_url())
    aged = age_words(one.age) if one.value == value else ""
    source = _("source mise à jour %(age)s") % {"age": aged} if aged else ""
    said = filter(None, (about(definition, value), state, source, warning, definition.question))
    atom.add_item(
        title=f"{definition.title} : {told(definition, value.value)}",
        link=address,
        description=" — ".join(said),
        unique_id=address,
        pubdate=value.computation.computed,
        updateddate=value.computation.computed,
        author_name=one.indicator.organisation.name,
    )


def _answer(atom: Atom1Feed) -> HttpResponse:
    answer = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
