"""Indicators as Atom: all of them, one of them, and « tell me when it passes X » for whoever gives no address."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.core.indicators import Bound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.domains.indicators.telling import about, age_words, alert_words, state_words, tile, told
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.atom import Entry, atom_feed
from parvis.hub.ui.templatetags.parvis_ui import canonical


@require_safe
def all_feed(request: HttpRequest) -> HttpResponse:
    """The figure of the day of each published indicator, the latest computed first."""
    rows = selectors.seen(actor_of(request.user), selectors.indicators_published())
    shown = [(seen, seen.value) for seen in rows if seen.value]
    shown.sort(key=lambda pair: pair[1].computation.computed, reverse=True)
    entries = (_entry(seen, value, tile(seen).warning) for seen, value in shown)
    return _answer(request, _("Indicateurs · %s") % face_of(request).name, reverse("indicators"), entries)


@require_safe
def one_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Each figure that an indicator told, the latest first; with ``seuil`` and ``sens``, only those that passed the bound."""
    actor = actor_of(request.user)
    seen = selectors.seen(actor, [selectors.indicator(actor, slug)])[0]
    place = seen.value.territory if seen.value else ""
    values = selectors.told_in_turn(actor, seen.indicator, place) if seen.is_readable else []
    title, bound = seen.indicator.title, asked_bound(request)
    if bound is not None:
        title = alert_words(seen.definition, seen.indicator.title, bound)
        values = list(_passing(values, bound))
    latest = seen.indicator.latest_id
    entries = (
        _entry(seen, value, tile(seen).warning if value.computation_id == latest else "") for value in reversed(values)
    )
    return _answer(request, f"{title} · {face_of(request).name}", seen.indicator.get_absolute_url(), entries)


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


def _entry(seen: Seen, value: Value, warning: str) -> Entry:
    definition = value.computation.described
    state = state_words(seen.state) if seen.value == value else ""
    aged = age_words(seen.age) if seen.value == value else ""
    source = _("source mise à jour %(age)s") % {"age": aged} if aged else ""
    parts = filter(None, (about(definition, value), state, source, warning, definition.question))
    return Entry(
        title=f"{definition.title} : {told(definition, value.value)}",
        address=canonical(value.get_absolute_url()),
        text=" — ".join(parts),
        author=seen.indicator.organisation.name,
        published=value.computation.computed,
    )


def _answer(request: HttpRequest, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    answer = atom_feed(title, canonical(page), canonical(request.get_full_path()), entries)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
