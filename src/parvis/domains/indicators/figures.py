"""Indicators as figures of others: of editorial pages (« chiffre clé », rows of figures, gauges) and of homes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from parvis.core.errors import NotFound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.telling import tile
from parvis.domains.indicators.trails import trails_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.frames import Credit
from parvis.hub.pages.figures import Figure
from parvis.hub.ui.formatting import NOTHING, day
from parvis.hub.ui.trail import Trail

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory


def choices(actor: Actor) -> Iterable[tuple[str, str]]:
    """The indicators a page may show: those published."""
    return ((row.slug, row.title) for row in selectors.indicators_published())


def resolve(actor: Actor, slug: str) -> Figure:
    """The figure of the day for whoever reads, through the lens of the site; without a value where its data is closed to them.

    NotFound for an indicator that is not published.
    """
    found = selectors.indicators_published().filter(slug=slug).first()
    if found is None:
        raise NotFound(name=slug)
    one = selectors.seen(actor, [found])[0]
    return _figure(one, trails_of([one]).get(slug))


def put_forward(
    actor: Actor, territory: Territory | None, slugs: Sequence[str], most: int
) -> Iterable[tuple[str, Figure]]:
    """The figures of the home of a territory: those chosen, or the ones that concern it, judged ones first."""
    if slugs:
        rows = selectors.chosen(actor, slugs, selectors.code_of(territory))
    else:
        rows = selectors.concerning(actor, territory, most)
    trails = trails_of(rows)
    return [(one.indicator.slug, _figure(one, trails.get(one.indicator.slug))) for one in rows if one.is_readable]


def _figure(one: selectors.Seen, trail: Trail | None) -> Figure:
    told = tile(one)
    return Figure(
        label=told.title,
        text=told.value or NOTHING,
        value=one.value.value if one.value else None,
        trail=trail,
        unit=one.definition.unit,
        note=told.about,
        age=told.age,
        trend=told.trend,
        state=told.state,
        tone=told.tone,
        warning=told.warning,
        target=one.definition.target if one.is_readable else None,
        target_text=told.target,
        lower_is_better=one.definition.direction == "lower",
        question=told.question,
        address=told.address,
        credits=credits_of(one),
    )


def credits_of(one: selectors.Seen) -> tuple[Credit, ...]:
    """The indicator itself, as the source named under a block; nothing where it shows no value."""
    if not one.is_readable or one.value is None:
        return ()
    row, date = one.indicator, day(one.data_date) if one.data_date else ""
    publisher = row.organisation
    address = row.get_absolute_url()
    return (Credit(row.title, address, publisher.name, publisher.get_absolute_url(), date, "", "", ""),)
