"""Territories, as a search finds them: the one that is meant first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.registry import Link
from parvis.hub.search import index
from parvis.hub.search.analysis import whole_words
from parvis.hub.search.index import Shelf, look_in
from parvis.hub.search.queries import MUST, Scope, holds_all
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind, in_order
from parvis.hub.search.schema import EXACT, TYPED
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import number

TERRITORY = "territory"
PROMINENT = 5_000
"""People of a territory that is known far away."""
MOST_WORDS, SHORTEST_BEGUN, SHORTEST_LIKE = 8, 2, 4


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    rows = Territory.objects
    for row in (rows if keys is None else rows.filter(pk__in=keys)).iterator(chunk_size=2_000):
        yield SearchDocument(
            kind=TERRITORY,
            key=row.pk,
            title=row.name,
            codes=(row.code, *row.postcodes, *row.former_codes),
            facets={"territoire": tuple(f"{kind}:{code}" for kind, code in _within(row) if code)},
            rows=row.population or 0,
        )


def _within(territory: Territory) -> Iterator[tuple[str, str]]:
    """The territory and what it belongs to, by kind and code."""
    yield territory.kind, territory.code
    for kind in (Territory.Kind.EPCI, Territory.Kind.EPT, Territory.Kind.REGION):
        yield kind, getattr(territory, kind)
    yield Territory.Kind.DEPARTMENT, territory.department


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    rows = in_order(Territory.objects.filter(pk__in=keys), keys)[:most]
    codes = {row.department for row in rows if row.department}
    departments = dict(
        Territory.objects.filter(kind=Territory.Kind.DEPARTMENT, code__in=codes).values_list("code", "name")
    )
    around = set(surroundings())
    return [_hit(row, departments, around) for row in rows]


def _hit(territory: Territory, departments: Mapping[str, str], around: Collection[str]) -> Hit:
    facts = [str(territory.get_kind_display()).capitalize()]
    if territory.department and territory.kind != Territory.Kind.DEPARTMENT:
        facts.append(departments.get(territory.department, territory.department))
    if territory.population:
        facts.append(_("{count} habitants").format(count=number(territory.population)))
    is_near = any(f"{kind}:{code}" in around for kind, code in _within(territory))
    return Hit(
        territory.code,
        territory.name,
        " · ".join(facts),
        "",
        territory.get_absolute_url(),
        (territory.code, *territory.postcodes),
        is_prominent=is_near or (territory.population or 0) >= PROMINENT,
        is_near=is_near,
    )


def territories_called(text: str, most: int, *, typing: bool = False) -> list[int]:
    """Keys of the territories that are meant, the likeliest first.

    Around the site before elsewhere, those called just so before those whose name has the words; a small one far away comes after
    all these. The beginning of a name will do while it is being typed, or when the words are in nothing; then names like it.
    """
    shelf, around, names = index.opened()[0], surroundings(), _Names.read(text)
    near_by, anywhere = around[:-1], ""
    steps = [(within, names.exact) for within in near_by]
    steps += [(anywhere, names.exact_and_prominent), *((within, names.whole) for within in near_by)]
    steps += [(anywhere, names.exact), *((within, names.whole) for within in around[-1:]), (anywhere, names.whole)]
    if typing or not holds_all(shelf, text):
        steps += [(within, names.begun) for within in (*around, anywhere)]
        steps += [*((within, names.like) for within in around), (anywhere, names.like_and_prominent)]
    keys: dict[int, None] = {}
    for within, make in steps:
        if len(keys) < most and (query := make(shelf)) is not None:
            scope = Scope(TERRITORY, filters={"territoire": (within,)} if within else {})
            narrowed = tantivy.Query.boolean_query([(MUST, query), *scope.clauses(shelf)])
            part = look_in(shelf, narrowed, most, order_by="rows", descending=True, count=False)
            keys |= dict.fromkeys(key for _people, key in part.keys)
    return list(keys)[:most]


@dataclass(frozen=True, slots=True)
class _Names:
    """The ways in which a text may name a territory, as questions to a shelf; None where it does not."""

    folded: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> _Names:
        words = tuple(whole_words(text))
        return cls(" ".join(fold(text).split()), words if len(words) <= MOST_WORDS else ())

    def exact(self, shelf: Shelf) -> tantivy.Query | None:
        """Its whole name, its code or a postcode."""
        return tantivy.Query.term_query(shelf.schema, EXACT, self.folded)

    def exact_and_prominent(self, shelf: Shelf) -> tantivy.Query | None:
        return _prominent(shelf, self.exact(shelf))

    def whole(self, shelf: Shelf) -> tantivy.Query | None:
        """The words, among those of its name."""
        return _every([tantivy.Query.term_query(shelf.schema, TYPED, word) for word in self.words])

    def begun(self, shelf: Shelf) -> tantivy.Query | None:
        """The same, the last one begun."""
        if not self.words or len(self.words[-1]) < SHORTEST_BEGUN:
            return None
        before = [tantivy.Query.term_query(shelf.schema, TYPED, word) for word in self.words[:-1]]
        last = tantivy.Query.fuzzy_term_query(shelf.schema, TYPED, self.words[-1], distance=0, prefix=True)
        return _every([*before, last])

    def like(self, shelf: Shelf) -> tantivy.Query | None:
        """Words that one slip of the finger makes of these."""
        if any(len(word) < SHORTEST_LIKE for word in self.words):
            return None
        return _every([tantivy.Query.fuzzy_term_query(shelf.schema, TYPED, word) for word in self.words])

    def like_and_prominent(self, shelf: Shelf) -> tantivy.Query | None:
        return _prominent(shelf, self.like(shelf))


def _every(queries: Sequence[tantivy.Query]) -> tantivy.Query | None:
    return tantivy.Query.boolean_query([(MUST, query) for query in queries]) if queries else None


def _prominent(shelf: Shelf, query: tantivy.Query | None) -> tantivy.Query | None:
    if query is None:
        return None
    people = tantivy.Query.range_query(shelf.schema, "rows", tantivy.FieldType.Unsigned, PROMINENT, None)
    return _every([query, people])


def surroundings() -> tuple[str, ...]:
    """The territories around the site that answers, the smallest first and its region last, as ``kind:code``."""
    lens = current_lens()
    if lens is not None:
        codes = [("epci", lens.epci), ("departement", lens.department), ("region", lens.region)]
    else:
        territory = _territory_of_main_site()
        if territory is None:
            return ()
        codes = [(territory.kind, territory.code), ("departement", territory.department), ("region", territory.region)]
    return tuple(dict.fromkeys(f"{kind}:{code}" for kind, code in codes if code))


def _territory_of_main_site() -> Territory | None:
    faces = SiteFace.objects.filter(site__is_default_site=True, territory__isnull=False)
    return Territory.objects.filter(pk__in=faces.values("territory")).first()


TERRITORIES = SearchKind(
    name=TERRITORY,
    label=gettext_lazy("Territoires"),
    model=Territory,
    documents=_documents,
    hits=_hits,
    page=Link(gettext_lazy("Territoires"), "territories", "q"),
    place="territoires",
    rank=5,
)
