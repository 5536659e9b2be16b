"""Searching the catalogue, always through somebody's eyes."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.search.index import current_index
from parvis.hub.search.rules import FACETS, Card, FacetCount, SearchRequest, count_facet, matches


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of results and the counts of facets over all of them."""

    total: int
    datasets: tuple[Dataset, ...]
    facets: dict[str, list[FacetCount]]
    every_word: bool
    """False when no dataset holds every word: the results then hold some of them."""


def search(actor: Actor, request: SearchRequest) -> SearchResult:
    """The datasets the actor may see that answer the request: those of a territory named exactly come first."""
    index = current_index()
    visible = set(datasets_visible_to(actor).values_list("pk", flat=True))
    keys, every_word = index.find(request.text) if request.text.strip() else (list(index.cards), True)
    found = [index.cards[key] for key in keys if key in visible]
    kept = _sorted([card for card in found if matches(card, request.filters)], request)
    start = (request.page - 1) * request.page_size
    shown = kept[start : start + request.page_size]
    facets = {facet.name: count_facet(facet, found, request.filters) for facet in FACETS}
    return SearchResult(len(kept), _datasets(actor, shown), facets, every_word)


def _sorted(cards: list[Card], request: SearchRequest) -> list[Card]:
    order = request.order
    if order.key is not None:
        return sorted(cards, key=order.key, reverse=order.descending)
    folded = fold(request.text.strip())
    return sorted(cards, key=lambda card: all(fold(name) != folded for _code, name in card.territories))


def _datasets(actor: Actor, cards: list[Card]) -> tuple[Dataset, ...]:
    """The rows behind the cards, in their order, the right asked again."""
    # a card shows neither territories nor who else may see: their contours alone would be half the work of a page
    by_key = datasets_visible_to(actor).prefetch_related(None).in_bulk([card.key for card in cards])
    return tuple(by_key[card.key] for card in cards if card.key in by_key)


def theme_counts(actor: Actor) -> dict[str, int]:
    """How many datasets the actor may see in each theme."""
    return {row.slug: row.count for row in search(actor, SearchRequest(page_size=0)).facets["theme"]}
