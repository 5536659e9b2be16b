"""Searching the catalogue, always through somebody's eyes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import may_see
from parvis.hub.catalogue.selectors import datasets_announced_to, datasets_visible_to
from parvis.hub.search.index import current_index
from parvis.hub.search.rules import BY_ROWS, FACETS, Card, FacetCount, SearchRequest, count_facet, matches
from parvis.hub.sites.lens import current_lens


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of results and the counts of facets over all of them."""

    total: int
    datasets: tuple[Dataset, ...]
    facets: dict[str, list[FacetCount]]
    every_word: bool
    """False when no dataset holds every word: the results then hold some of them."""


def search(actor: Actor, request: SearchRequest, *, announced: bool = False) -> SearchResult:
    """The datasets the actor may read that answer the request: those of a territory named exactly come first.

    With ``announced``, also those they may only know of, with ``on_request`` set: nothing drawn from their rows may be told.
    """
    index = current_index()
    seen = datasets_announced_to if announced else datasets_visible_to
    visible = frozenset(seen(actor).values_list("pk", flat=True)) & index.cards.keys()
    if request.text.strip():
        keys, every_word = index.find(request.text, visible)
    else:
        keys, every_word = [key for key in index.cards if key in visible], True
    cards = [index.cards[key] for key in keys]
    matching = _sorted([card for card in cards if matches(card, request.filters)], request)
    start = (request.page - 1) * request.page_size
    shown = matching[start : start + request.page_size]
    facets = {facet.name: count_facet(facet, cards, request.filters) for facet in FACETS}
    return SearchResult(len(matching), _datasets(actor, shown), facets, every_word)


def _sorted(cards: list[Card], request: SearchRequest) -> list[Card]:
    order, lens = request.order, current_lens()
    if order.name == BY_ROWS and lens is not None:
        cards = [replace(card, rows=card.rows_by_commune.get(lens.key, card.rows)) for card in cards]
    if order.key is not None:
        return sorted(cards, key=order.key, reverse=order.descending)
    folded = fold(request.text.strip())
    return sorted(cards, key=lambda card: all(fold(name) != folded for _code, name in card.territories))


def _datasets(actor: Actor, cards: list[Card]) -> tuple[Dataset, ...]:
    """The rows behind the cards, in their order, the right asked again."""
    # a card shows no territories: their contours alone would be half the work of a page
    shown = (
        datasets_announced_to(actor).prefetch_related(None).prefetch_related("allowed_organisations", "allowed_groups")
    )
    by_key = shown.in_bulk([card.key for card in cards])
    for dataset in by_key.values():
        dataset.on_request = not may_see(actor, dataset.guarded)
    return tuple(by_key[card.key] for card in cards if card.key in by_key)


def theme_counts(actor: Actor) -> dict[str, int]:
    """How many datasets the actor may see in each theme."""
    return {row.slug: row.count for row in search(actor, SearchRequest(page_size=0)).facets["theme"]}
