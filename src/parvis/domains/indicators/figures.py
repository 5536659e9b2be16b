"""Indicators as figures of others: of editorial pages (« chiffre clé », rows of figures, gauges) and of homes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from parvis.core.errors import NotFound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.tiles import Tile, tiles_of
from parvis.hub.accounts.rules import Actor

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory


def choices(actor: Actor) -> Iterable[tuple[str, str]]:
    """The indicators a page may show: those published."""
    return ((row.slug, row.title) for row in selectors.indicators_published())


def resolve(actor: Actor, slug: str) -> Tile:
    """The figure of the day for anyone who reads, through the lens of the site; without a value where its data is closed to them.

    NotFound for an indicator that is not published.
    """
    rows = selectors.chosen(actor, [slug])
    if not rows:
        raise NotFound(name=slug)
    return tiles_of(rows)[0]


def put_forward(
    actor: Actor, territory: Territory | None, slugs: Sequence[str], most: int
) -> Iterable[tuple[str, Tile]]:
    """The figures of the home of a territory: those chosen, or the ones that concern it, judged ones first."""
    if slugs:
        rows = selectors.chosen(actor, slugs, selectors.code_of(territory))
    else:
        rows = selectors.concerning(actor, territory, most)
    return [(tile.slug, tile) for tile in tiles_of([seen for seen in rows if seen.is_readable])]
