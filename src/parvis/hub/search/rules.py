"""What a search is: words, filters, sort; what the index holds of each thing, and who may find it. No database, no index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.rules import Actor, may
from parvis.hub.registry import Link, Way
from parvis.hub.sites.lens import current_lens

if TYPE_CHECKING:
    from django.db.models import Model

    from parvis.hub.catalogue.models import Dataset

DATASET = "dataset"
"""The name of the kind of datasets: what is drawn from them names them."""
ANYBODY = "anybody"
"""The mark of what everybody may find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """What the index holds of one thing: words to be searched, values to be counted and sorted by, who may find it."""

    kind: str
    """The name of its ``SearchKind``."""
    key: int
    """Its key among the rows of that kind."""
    title: str
    titles: tuple[str, ...] = ()
    """What it is called in other languages."""
    text: str = ""
    keywords: tuple[str, ...] = ()
    organisation: str = ""
    territories: tuple[str, ...] = ()
    """Names of the territories that it concerns."""
    codes: tuple[str, ...] = ()
    """Codes and postcodes by which it is found, letter for letter."""
    columns: tuple[str, ...] = ()
    """Names and labels of columns."""
    values: tuple[str, ...] = ()
    """Values of its columns of few values."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Slugs by name of ``Facet``."""
    rows: int = 0
    """What the biggest are sorted by: rows of a dataset, people of a territory."""
    modified: datetime | None = None
    seen_by: tuple[str, ...] = (ANYBODY,)
    """Marks of those who may find it, one of which is enough: see ``marks_of``."""
    published_by: str = ""
    """The commune whose organisation publishes it, as ``Lens.key`` names it: the sites of other communes do not show it."""
    absent_from: tuple[str, ...] = ()
    """The communes that none of its rows concerns."""
    about: tuple[str, ...] = ()
    """The communes that some of its rows concern, and the territories that it is about where rows do not tell; none: everywhere."""
    rests_on: tuple[str, ...] = ()
    """Identifiers of the datasets that it is drawn from: it is written again when one of them is."""

    @property
    def is_open(self) -> bool:
        """Whether everybody may find it."""
        return ANYBODY in self.seen_by


ANNOUNCED = "announced"
"""The mark of those who may know that a dataset exists without reading it."""

ANY_MEMBER = "member"
"""The mark of those who have a role in an organisation, whichever it is."""


def marks_of(actor: Actor, *, announced: bool = False) -> frozenset[str] | None:
    """What the actor may find, as ``SearchDocument.seen_by`` says it; None for everything."""
    if actor.everything:
        return None
    marks = {ANYBODY} | {f"member:{key}" for key in actor.roles} | {f"group:{key}" for key in actor.groups}
    marks |= {ANY_MEMBER} if actor.roles else set()
    marks |= {f"editor:{key}" for key in actor.roles if may(actor, "edit", key)}
    return frozenset(marks | {ANNOUNCED} if announced else marks)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a search of datasets: its name in addresses and in the index, and its title."""

    name: str
    label: Any


FACETS = (
    Facet("theme", _("Thème")),
    Facet("organisation", _("Organisation")),
    Facet("territoire", _("Territoire")),
    Facet("carte", _("Carte")),
    Facet("format", _("Fichier d’origine")),
    Facet("licence", _("Licence")),
    Facet("mot-cle", _("Mot-clé")),
)
FACET_BY_NAME = {facet.name: facet for facet in FACETS}
WITH_MAP = "oui"

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
    """One order of results: the field of the index that they are sorted by, empty for the order of relevance."""

    name: str
    label: Any
    field: str = ""
    descending: bool = False


BY_ROWS = "taille"
NEAREST = Sort("proximite", _("Au plus près d’ici"))
"""What is about the commune first; on the site of a commune alone."""
AS_LISTED = Sort("catalogue", _("Ordre du catalogue"))
"""As the portal that datasets came from listed them; where some did alone."""
SORTS = (
    Sort("pertinence", _("Pertinence")),
    Sort("recent", _("Plus récents"), "modified", descending=True),
    Sort("titre", _("Titre, de A à Z"), "title_order"),
    Sort(BY_ROWS, _("Plus de lignes"), "rows", descending=True),
)
SORT_BY_NAME = {sort.name: sort for sort in (*SORTS, NEAREST, AS_LISTED)}


def sorts_here(*, has_ranks: bool = False) -> tuple[Sort, ...]:
    """The orders that the site which answers offers; ``has_ranks`` when the catalogue has one of its own."""
    sorts = (*SORTS, AS_LISTED) if has_ranks else SORTS
    return sorts if current_lens() is None else (NEAREST, *sorts)


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
        """The sort asked for; by default relevance for words, else latest first, or what is nearest to the commune whose site it is."""
        chosen = SORT_BY_NAME.get(self.sort)
        if chosen is None or (chosen == NEAREST and current_lens() is None):
            nearest = "recent" if current_lens() is None else NEAREST.name
            return SORT_BY_NAME["pertinence" if self.text else nearest]
        return chosen


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet: how many results it would give, and whether it is chosen."""

    slug: str
    label: str
    count: int
    active: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, as a page shows it."""

    slug: str
    title: str
    text: str
    organisation: str
    address: str
    names: tuple[str, ...] = ()
    """Codes by which it is called, besides its title."""
    is_prominent: bool = False
    """Whether most people mean it when they say its name."""
    is_near: bool = False
    """Whether it is around the site that answers."""
    key: int = 0
    """Its key among the rows of its kind, by which its picture is found."""
    dataset: Dataset | None = None
    """The dataset itself, when it is one: its card says how it is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKind:
    """A kind of things that a search finds.

    ``documents`` gives what the index holds of the rows of these keys (None: all of them): nothing for those that readers do not
    see. ``hits`` gives, of these keys, the first few that the actor may read on the site that answers, in their order: rights are
    asked there, each time.
    """

    name: str
    """``dataset``; also the first part of what names a document in the index."""
    label: Any
    """Its title among results: « Jeux de données »."""
    model: type[Model]
    """Its rows: once one is saved or deleted, its document is written again."""
    documents: Callable[[Collection[int] | None], Iterable[SearchDocument]]
    hits: Callable[[Actor, Sequence[int], int], list[Hit]]
    page: Link | None = None
    """The list of them, which is given the words when it can search."""
    place: str = ""
    """The first word of their addresses."""
    rank: int = 50
    """Where its results come among those of other kinds."""


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The best of a kind, and the way to the list of them."""

    kind: SearchKind
    page: Way | None
    hits: tuple[Hit, ...]
    every_word: bool
    """False when nothing of the kind holds every word: these hold some of them."""
    is_exact: bool = False
    """Whether the first is what was called by its name or code."""


def in_order[Row: Model](rows: Iterable[Row], keys: Sequence[int]) -> list[Row]:
    """The rows in the order of these keys; each once."""
    rows_by_key = {row.pk: row for row in rows}
    return [rows_by_key[key] for key in keys if key in rows_by_key]
