"""Searching, always through somebody's eyes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from django.utils.translation import gettext as _

from parvis.core.metadata import LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.text import fold
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import may_see
from parvis.hub.catalogue.selectors import (
    announced_among,
    datasets_announced_to,
    datasets_visible_to,
    listed_order,
    nearest_first,
)
from parvis.hub.search import index
from parvis.hub.search.index import Shelf, count_values, look_in
from parvis.hub.search.models import Change
from parvis.hub.search.queries import MUST, SHOULD, Scope, Words
from parvis.hub.search.rules import (
    AS_LISTED,
    BY_ROWS,
    DATASET,
    FACETS,
    NEAREST,
    FacetCount,
    SearchRequest,
    Sort,
    in_order,
    marks_of,
)
from parvis.hub.sites.lens import Lens, current_lens
from parvis.hub.territories.models import Territory

MOST_LABELLED = 100
"""Values of a facet that are given."""
MOST_SORTED = 100_000
"""Datasets that are sorted by how many of their rows concern a commune."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of results and the counts of facets over all of them."""

    total: int
    datasets: tuple[Dataset, ...]
    facets: dict[str, list[FacetCount]]
    every_word: bool
    """False when no dataset holds every word: the results then hold some of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of some shelves, each with what the reader may find there."""

    places: tuple[tuple[Shelf, Scope], ...]
    words: Words | None
    occurrence: tantivy.Occur

    def query(self, shelf: Shelf, scope: Scope, *, but: str = "") -> tantivy.Query:
        """The question put to a shelf, the filters of a facet left aside."""
        words = self.words.clauses(shelf, self.occurrence) if self.words else []
        return tantivy.Query.boolean_query([*words, *scope.clauses(shelf, but=but)])

    @property
    def every_word(self) -> bool:
        """False when nothing has all the words: what answers has some of them."""
        return self.occurrence == MUST

    def first(self, most: int, sort: Sort, *, latest_first: bool = False) -> tuple[int, list[int]]:
        """How many answer, and the keys of the first, in order; ``latest_first`` among those that are as good."""
        total, rows = 0, []
        for shelf, scope in self.places:
            part = look_in(
                shelf, self.query(shelf, scope), most, order_by=sort.field, descending=sort.descending or not sort.field
            )
            total += part.total
            rows += part.keys
        if sort.field:
            rows.sort(key=lambda row: row[0], reverse=sort.descending)
        else:
            rows.sort(key=lambda row: row[0] if latest_first else row[0][0], reverse=True)
        return total, list(dict.fromkeys(key for _value, key in rows))[:most]

    def counts(self, facets: Sequence[str], *, but: str = "") -> dict[str, Counter[str]]:
        """How many have each value of these facets."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
        for shelf, scope in self.places:
            for name, values in count_values(shelf, self.query(shelf, scope, but=but), facets).items():
                counts[name].update(values)
        return counts


def ask(text: str, places: Sequence[tuple[Shelf, Scope]]) -> Question:
    """The question that these words put: every one of them when something has them all, else some."""
    places = tuple((shelf, scope) for shelf, scope in places if shelf.searcher().num_docs)
    if not text.strip():
        return Question(places, None, MUST)
    words = Words.read(text, places)
    every = Question(places, words, MUST)
    if any(look_in(shelf, every.query(shelf, scope), 1, count=False).total for shelf, scope in places):
        return every
    return Question(places, words, SHOULD)


def search(actor: Actor, request: SearchRequest, *, announced: bool = False) -> SearchResult:
    """The datasets the actor may read that answer the request: those of a territory named exactly come first.

    With ``announced``, also those they may only know of, with ``on_request`` set: nothing drawn from their rows may be told.
    """
    lens = current_lens()
    marks = marks_of(actor, announced=announced)
    scope = Scope(DATASET, marks, lens, request.filters, tuple(not_shown(actor, announced=announced)))
    question = ask(request.text, [(shelf, scope) for shelf in index.opened()])
    start, most = (request.page - 1) * request.page_size, request.page * request.page_size
    order_here = _as_listed if request.order == AS_LISTED else _ORDERS_HERE.get(request.order.name) if lens else None
    if order_here is not None:
        keys = order_here(question.first(MOST_SORTED, request.order)[1], lens)
        total, keys = len(keys), keys[:most]
    else:
        total, keys = question.first(most, request.order)
    every_word = question.every_word or not total
    return SearchResult(total, _datasets(actor, keys[start:]), _facets(question, request.filters), every_word)


def not_shown(actor: Actor, *, announced: bool = False) -> Iterator[int]:
    """The datasets that the index may still hold as they were, and that the actor may not find now.

    What has changed is written in the index within a second: until then the database tells whether it may be found.
    """
    changed = set(Change.objects.filter(kind=DATASET, key__isnull=False).values_list("key", flat=True))
    if changed:
        seen = datasets_announced_to if announced else datasets_visible_to
        visible = seen(actor).prefetch_related(None).filter(pk__in=changed)
        yield from changed - set(visible.values_list("pk", flat=True))


def _by_rows_here(keys: Sequence[int], lens: Lens) -> list[int]:
    """The datasets in the order of their rows that concern the commune, most first."""
    rows = Dataset.objects.filter(current__isnull=False).values_list("pk", "current__rows", "current__rows_by_commune")
    counts = {key: (here or {}).get(lens.key, whole) for key, whole, here in rows}
    return sorted((key for key in keys if key in counts), key=lambda key: -counts[key])


def _nearest_here(keys: Sequence[int], _lens: Lens) -> list[int]:
    """The datasets about the commune first, then what is about its surroundings, the latest first in each."""
    ordered = nearest_first(Dataset.objects.filter(current__isnull=False), "-data_modified", "title")
    sought = set(keys)
    return [key for key in ordered.values_list("pk", flat=True) if key in sought]


def _as_listed(keys: Sequence[int], _lens: Lens | None) -> list[int]:
    """The datasets as the catalogue lists them."""
    ordered = Dataset.objects.filter(current__isnull=False).order_by(*listed_order())
    sought = set(keys)
    return [key for key in ordered.values_list("pk", flat=True) if key in sought]


_ORDERS_HERE = {BY_ROWS: _by_rows_here, NEAREST.name: _nearest_here}
"""Orders that a commune's site has its own way of telling."""


def _datasets(actor: Actor, keys: Sequence[int]) -> tuple[Dataset, ...]:
    """The rows of these keys, in their order, the right asked again."""
    datasets = in_order(announced_among(actor, keys), keys) if keys else []
    for dataset in datasets:
        dataset.on_request = not may_see(actor, dataset.guarded)
    return tuple(datasets)


def _facets(question: Question, filters: Mapping[str, Sequence[str]]) -> dict[str, list[FacetCount]]:
    """The values of each facet among what passes the other filters, chosen ones first, then most frequent."""
    free = [facet.name for facet in FACETS if facet.name not in filters]
    counts = question.counts(free)
    for name in filters:
        counts |= question.counts([name], but=name)
    return {facet.name: _values(facet.name, counts[facet.name], filters.get(facet.name, ())) for facet in FACETS}


def _values(name: str, counts: Counter[str], chosen: Sequence[str]) -> list[FacetCount]:
    slugs = [slug for slug, _count in counts.most_common(MOST_LABELLED)]
    slugs += [slug for slug in chosen if slug not in slugs]
    labels = _labels(name, slugs)
    rows = [FacetCount(slug, labels.get(slug, slug), counts[slug], slug in chosen) for slug in slugs]
    return sorted(rows, key=lambda row: (not row.active, -row.count, fold(row.label)))


def _labels(name: str, slugs: Sequence[str]) -> Mapping[str, str]:
    """The labels of values in French, by slug."""
    match name:
        case "theme":
            return {slug: THEME_BY_SLUG[slug].label for slug in slugs if slug in THEME_BY_SLUG}
        case "organisation":
            return dict(Organisation.objects.filter(slug__in=slugs).order_by().values_list("slug", "name"))
        case "territoire":
            pairs = [slug.partition(":")[::2] for slug in slugs]
            kinds, codes = {kind for kind, _code in pairs}, {code for _kind, code in pairs}
            # By kind too: the index that there is begins with it.
            rows = Territory.objects.filter(kind__in=kinds, code__in=codes).order_by()
            return {f"{kind}:{code}": label for kind, code, label in rows.values_list("kind", "code", "name")}
        case "carte":
            return dict.fromkeys(slugs, _("Avec une carte"))
        case "format":
            return {slug: slug.upper() for slug in slugs}
        case "licence":
            return {slug: LICENCE_BY_SLUG[slug].name for slug in slugs if slug in LICENCE_BY_SLUG}
        case _:
            return {}


def facet_counts(actor: Actor, facet: str, values: Sequence[str] = ()) -> dict[str, int]:
    """How many datasets the actor may see have each value of a facet, or each of these values."""
    filters = {facet: tuple(values)} if values else {}
    scope = Scope(DATASET, marks_of(actor), current_lens(), filters, tuple(not_shown(actor)))
    return dict(ask("", [(shelf, scope) for shelf in index.opened()]).counts([facet])[facet])
