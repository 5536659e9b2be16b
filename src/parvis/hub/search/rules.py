"""What a search is: words, filters, sort; how cards are counted and matched. No database, no index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from parvis.core.metadata import LICENCE_BY_SLUG, THEME_BY_SLUG, theme_slug
from parvis.core.text import fold
from parvis.hub.registry import Link, Way

if TYPE_CHECKING:
    from parvis.hub.records.models import CivicRecord


@dataclass(frozen=True, slots=True)
class Card:
    """What the index keeps of a dataset: its texts to be searched, its values to be counted."""

    key: int
    dataset_id: str
    title: str
    description: str
    keywords: tuple[str, ...]
    organisation: tuple[str, str]
    """Slug and name."""
    territories: tuple[tuple[str, str], ...]
    """``kind:code`` and name."""
    themes: tuple[str, ...]
    licence: str
    format: str
    has_map: bool
    rows: int
    modified: datetime
    fields: tuple[str, ...] = ()
    """Names and labels of columns."""
    rows_by_commune: Mapping[str, int] = field(default_factory=dict)
    """How many of the rows concern each commune that has a site; empty when nothing tells them apart."""
    is_open: bool = True
    """Whether everybody may read the dataset."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a search: its name in addresses, its title, the values of a card, a value's label."""

    name: str
    label: Any
    values: Callable[[Card], Iterable[tuple[str, str]]]
    """Pairs of slug and label in French."""


def _themes(card: Card) -> Iterable[tuple[str, str]]:
    slugs = dict.fromkeys(theme_slug(word) for word in card.themes)
    return [(slug, THEME_BY_SLUG[slug].label if slug in THEME_BY_SLUG else slug) for slug in slugs]


def _licence(card: Card) -> Iterable[tuple[str, str]]:
    licence = LICENCE_BY_SLUG.get(card.licence)
    return [(card.licence, licence.name if licence else card.licence)]


FACETS = (
    Facet("theme", _("Thème"), _themes),
    Facet("organisation", _("Organisation"), lambda card: [card.organisation]),
    Facet("territoire", _("Territoire"), lambda card: card.territories),
    Facet("carte", _("Carte"), lambda card: [("oui", "Avec une carte")] if card.has_map else []),
    Facet("format", _("Fichier d’origine"), lambda card: [(card.format, card.format.upper())]),
    Facet("licence", _("Licence"), _licence),
    Facet("mot-cle", _("Mot-clé"), lambda card: [(word, word) for word in card.keywords]),
)
FACET_BY_NAME = {facet.name: facet for facet in FACETS}

OPENDATASOFT_NAMES = {
    "theme": "theme",
    "publisher": "organisation",
    "keyword": "mot-cle",
    "license": "licence",
    "territory": "territoire",
}
"""Names of ``refine.<name>=`` in the addresses of a moved-in portal, and our facet."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of results; ``key`` gives what cards are sorted by, None for the order of relevance."""

    name: str
    label: Any
    key: Callable[[Card], Any] | None
    descending: bool = False


BY_ROWS = "taille"
SORTS = (
    Sort("pertinence", _("Pertinence"), None),
    Sort("recent", _("Plus récents"), lambda card: card.modified, descending=True),
    Sort("titre", _("Titre, de A à Z"), lambda card: fold(card.title)),
    Sort(BY_ROWS, _("Plus de lignes"), lambda card: card.rows, descending=True),
)
SORT_BY_NAME = {sort.name: sort for sort in SORTS}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question put to the catalogue. Filters: facet name → slugs, any of which will do."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    page_size: int = 20

    @property
    def order(self) -> Sort:
        """The sort asked for; by default relevance for words, else latest first."""
        return SORT_BY_NAME.get(self.sort) or SORT_BY_NAME["pertinence" if self.text else "recent"]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet: how many results it would give, and whether it is chosen."""

    slug: str
    label: str
    count: int
    active: bool


def matches(card: Card, filters: Mapping[str, tuple[str, ...]], *, but: str = "") -> bool:
    """Whether a card passes every filter, that of the facet ``but`` left aside."""
    return all(
        any(slug in slugs for slug, _label in FACET_BY_NAME[name].values(card))
        for name, slugs in filters.items()
        if name != but
    )


def count_facet(facet: Facet, cards: Iterable[Card], filters: Mapping[str, tuple[str, ...]]) -> list[FacetCount]:
    """The values of a facet among the cards that pass the other filters, chosen ones first, then most frequent."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for card in cards:
        if matches(card, filters, but=facet.name):
            for slug, label in facet.values(card):
                counts[slug] += 1
                labels[slug] = label
    chosen = filters.get(facet.name, ())
    rows = [FacetCount(slug, labels[slug], count, slug in chosen) for slug, count in counts.items()]
    rows += [FacetCount(slug, slug, 0, True) for slug in chosen if slug not in counts]
    return sorted(rows, key=lambda row: (not row.active, -row.count, fold(row.label)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSource:
    """Records of a module that a search looks in: their kind, the page that lists them, the lines that say one.

    ``rests_on_datasets``: a record is told of to those alone who may read every dataset that it asks.
    """

    kind: type[CivicRecord]
    page: Link
    lines: Callable[[Any], Iterable[str]] = lambda record: ()
    rests_on_datasets: bool = False


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A record as a search tells it."""

    slug: str
    title: str
    text: str
    organisation: str
    address: str


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The first documents of a subject, the latest first or in the order of its list, and the way to the list."""

    subject: str
    """The first word of their addresses."""
    page: Way
    documents: tuple[SearchDocument, ...]
