"""What a library of long documents is, what may be asked of it and what it answers. No database, no index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.rules import Actor
from parvis.hub.fulltext.questions import Question
from parvis.hub.registry import Link
from parvis.hub.search.rules import ANYBODY, FacetCount

if TYPE_CHECKING:
    from django.db.models import Model

EVERYWHERE: Final = "*"
"""The mark of what every site shows."""
TITLE, CODE, PERSON, PLACE = "objet", "numero", "personne", "lieu"
"""What every document may have besides its pages: words before a colon in what is typed; the last two are facets too."""
MOST_RESULTS: Final = 10_000
"""Results that may be paged through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongDocument:
    """What the index holds of one document. Its pages are searched and not kept: extracts are cut from where the subject has them."""

    key: int
    """Its key among the rows of the model of its library."""
    title: str
    pages: Sequence[str] = ()
    codes: tuple[str, ...] = ()
    """Numbers by which it is called, as they are written: « 2024-045 »."""
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Other short texts, by name of ``TextField``."""
    people: tuple[str, ...] = ()
    """Names of people found in it."""
    places: tuple[str, ...] = ()
    """Names of places found in it."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by name of ``DocumentFacet``."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Whole numbers by name of ``NumericField``: days since 1970, cents. One that is not there is in no range, and comes last."""
    shown_on: tuple[str, ...] = (EVERYWHERE,)
    """The communes (``Lens.key``) whose sites show it; the main site shows all."""
    seen_by: tuple[str, ...] = (ANYBODY,)
    """Marks of those who may find it, one of which is enough: see ``hub.search.rules.marks_of``."""

    @property
    def is_open(self) -> bool:
        """Whether everybody may find it."""
        return ANYBODY in self.seen_by


@dataclass(frozen=True, slots=True)
class TextField:
    """A short text of documents that may be asked alone, by its name and a colon: ``rapporteur:durand``."""

    name: str
    label: Any


@dataclass(frozen=True, slots=True)
class DocumentFacet:
    """One way to narrow: its name in addresses and in the index, its title, and how many of its values are given."""

    name: str
    label: Any
    most: int = 100
    counted: int = 2_000
    """Values that are counted in each part of an index: beyond, the rarest of a part are not, and counts are said to be about."""


@dataclass(frozen=True, slots=True)
class NumericField:
    """A whole number of documents, for ranges and orders: days since 1970, cents."""

    name: str
    label: Any


@dataclass(frozen=True, slots=True)
class DocumentSort:
    """An order of results: the numeric field that they are sorted by, empty for the order of relevance."""

    name: str
    label: Any
    field: str = ""
    descending: bool = True


RELEVANCE: Final = DocumentSort("pertinence", _("Pertinence"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLibrary:
    """Long documents that have an index of their own, as a subject declares them in its ``Module``.

    ``documents`` gives what the index holds of the rows of these keys (None: all of them, streamed): nothing for those that readers
    do not see. ``readable`` tells which of these keys the actor may read on the site that answers, and ``pages`` gives the texts of
    some: both are asked of the database each time.
    """

    name: str
    """Its name among libraries, and in the store: letters, digits and hyphens."""
    label: Any
    """What its documents are, on screens and in commands: « Délibérations »."""
    model: type[Model]
    """Its rows: once one is saved or deleted, its document is written again; ``services.mark`` tells of what is changed elsewhere."""
    documents: Callable[[Collection[int] | None], Iterable[LongDocument]]
    readable: Callable[[Actor, Collection[int]], Collection[int]]
    pages: Callable[[Collection[int]], Mapping[int, Sequence[str]]]
    count: Callable[[], int]
    """How many documents the index should hold."""
    fields: tuple[TextField, ...] = ()
    facets: tuple[DocumentFacet, ...] = ()
    numbers: tuple[NumericField, ...] = ()
    sorts: tuple[DocumentSort, ...] = (RELEVANCE,)
    page: Link | None = None
    """Where everybody looks in it: the search of the portal says how many documents have its words, and leads there."""

    @property
    def searched_fields(self) -> tuple[TextField, ...]:
        """The texts that may be asked alone."""
        return (TextField(TITLE, _("objet")), TextField(CODE, _("numéro")), *self.fields)

    @property
    def counted_facets(self) -> tuple[DocumentFacet, ...]:
        """Its facets, and the people and places found in documents."""
        return (
            *self.facets,
            DocumentFacet(PERSON, _("Personne"), counted=1_000),
            DocumentFacet(PLACE, _("Lieu"), counted=1_000),
        )

    def sort(self, name: str, *, has_words: bool) -> DocumentSort:
        """The order of that name; else relevance for words, and the first other order without."""
        by_name = {sort.name: sort for sort in self.sorts}
        default = RELEVANCE if has_words else next((sort for sort in self.sorts if sort.field), RELEVANCE)
        return by_name.get(name, default)


type Range = tuple[int | None, int | None]
"""From and to, both included; None for no bound."""


@dataclass(frozen=True, slots=True)
class LibraryRequest:
    """A question put to a library."""

    text: str = ""
    """What was typed: see ``hub.fulltext.grammar``."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by facet, any of which will do."""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    """By numeric field."""
    within: Collection[int] | None = None
    """The keys among which to look: acts near an address, those of last night; None for all."""
    counted: tuple[str, ...] = ()
    """Facets whose values are counted: those that are shown."""
    sort: str = ""
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True, slots=True)
class LibraryResult:
    """One page of results, what the question was understood as, and the values of the facets that were asked for."""

    question: Question
    total: int = 0
    keys: tuple[int, ...] = ()
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    """Labels are the values: the subject knows better ones."""
    approximate: frozenset[str] = frozenset()
    """Facets whose counts may be a little lower than they are: they have very many values."""
    suggestion: str = ""
    """The same question with words that something has, when nothing was found."""
    is_ready: bool = True
    """False while the index is being made for the first time: nothing is found yet."""


type Part = tuple[str, bool]
"""Some text, and whether it is what was looked for."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage that has what was looked for: its page from 1, its parts, and whether the page goes on before and after."""

    page: int
    parts: tuple[Part, ...]
    begins: bool = False
    """Whether nothing of the page is before it."""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that has what was looked for: its page from 1, where it is in it, and its parts."""

    page: int
    start: int
    end: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(text for text, _is_hit in self.parts)
