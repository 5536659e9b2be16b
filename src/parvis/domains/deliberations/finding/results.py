"""What was found as readers see it: acts with the passages that have what was looked for, panels of facets, what is not searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.domains.deliberations import presentation
from parvis.domains.deliberations.finding.library import (
    COMMUNE,
    FACETS,
    LIBRARY,
    PARTLY,
    READING,
    UNREADABLE,
    FilePage,
    acts_online,
    cents_of_acts,
    pages_of_acts,
)
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.rules import amount_words
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations
from parvis.hub.fulltext.extracts import extracts, marked
from parvis.hub.fulltext.questions import Question
from parvis.hub.fulltext.rules import PERSON, PLACE, TITLE, Extract, LibraryResult, Part
from parvis.hub.fulltext.selectors import explained, search_library, similar
from parvis.hub.search.rules import FacetCount
from parvis.hub.territories.selectors import territories

MOST_EXTRACTS: Final = 3
FIRST_VALUES: Final = 6
"""Values of a panel that are shown at once."""
PANELS: Final = (*(facet.name for facet in FACETS), PERSON, PLACE)


@dataclass(frozen=True, slots=True)
class ShownExtract:
    """A passage, with the ways to its page: in the file, and in the text."""

    parts: tuple[Part, ...]
    begins: bool
    ends: bool
    page: int
    position: int
    file_address: str
    text_address: str

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(text for text, _is_hit in self.parts)


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act that was found."""

    act: Act
    title: tuple[Part, ...]
    extracts: tuple[ShownExtract, ...]
    reason: str = ""
    """Why it is around the address."""
    amount: str = ""
    """What it decides of in all, when it says so."""


@dataclass(frozen=True, slots=True)
class PanelValue:
    """A value of a panel: the address that chooses it, or chooses it no more."""

    value: str
    label: str
    count: int
    active: bool
    address: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A facet with its values; about, when they are very many."""

    name: str
    label: Any
    values: tuple[PanelValue, ...]
    is_about: bool = False

    @property
    def first(self) -> tuple[PanelValue, ...]:
        """Those that are shown at once."""
        return self.values[:FIRST_VALUES]

    @property
    def rest(self) -> tuple[PanelValue, ...]:
        """The others."""
        return self.values[FIRST_VALUES:]


@dataclass(frozen=True, slots=True)
class Silent:
    """Acts that words do not find, among those that the rest of the search would give."""

    unreadable: int
    partly: int
    unreadable_address: str
    partly_address: str


def found_by(
    query: ActQuery, *, page: int, page_size: int, counted: Sequence[str] = PANELS, **facts: Any
) -> LibraryResult:
    """One page of what answers."""
    return search_library(
        query.actor, LIBRARY, query.request(page=page, page_size=page_size, counted=tuple(counted), **facts)
    )


def shown_acts(query: ActQuery, keys: Sequence[int]) -> list[ShownAct]:
    """Acts that were found, in their order, with their passages: the same questions whatever their number."""
    question, around = query.shown_question, query.around
    pages = pages_of_acts(keys) if any(question.wanted_atoms()) else {}
    cents = cents_of_acts(keys)
    return [
        ShownAct(
            act,
            marked(question, act.title, TITLE),
            shown_extracts(act, question, pages.get(act.pk, ())),
            around.reason(act) if around is not None else "",
            amount_words(cents[act.pk]) if act.pk in cents else "",
        )
        for act in acts_in_order(keys)
    ]


def acts_in_order(keys: Sequence[int]) -> list[Act]:
    """The acts of these keys that readers see, in this order."""
    acts = acts_online().select_related("session", "session__assembly").filter(pk__in=keys)
    by_key = {act.pk: act for act in acts}
    return [by_key[key] for key in keys if key in by_key]


def shown_extracts(
    act: Act, question: Question, pages: Sequence[FilePage], most: int = MOST_EXTRACTS
) -> tuple[ShownExtract, ...]:
    """The passages of an act that have what was looked for; none when it has it elsewhere."""
    return tuple(_shown(act, pages, extract) for extract in extracts(question, [page.text for page in pages], most))


def _shown(act: Act, pages: Sequence[FilePage], extract: Extract) -> ShownExtract:
    page = pages[extract.page - 1]
    file_address, text_address = addresses_of(act, page)
    return ShownExtract(
        extract.parts, extract.begins, extract.ends, page.number, page.position, file_address, text_address
    )


def addresses_of(act: Act, page: FilePage) -> tuple[str, str]:
    """Where a page is read in its file, and as text."""
    file_address = f"{reverse('act-file', args=[act.slug, page.position])}#page={page.number}"
    text_address = f"{reverse('act-text', args=[act.slug, page.position])}?page={page.number}#page-{page.number}"
    return file_address, text_address


def panels(query: ActQuery, result: LibraryResult, base: str) -> list[Panel]:
    """The facets that have something to choose."""
    labels = labels_of(result.facets)
    rows = []
    for facet in LIBRARY.counted_facets:
        values = result.facets.get(facet.name, ())
        if len(values) > 1 or any(value.active for value in values):
            shown = tuple(_panel_value(query, facet.name, value, labels[facet.name], base) for value in values)
            rows.append(Panel(facet.name, facet.label, shown, facet.name in result.approximate))
    return rows


def _panel_value(query: ActQuery, name: str, value: FacetCount, labels: Mapping[str, str], base: str) -> PanelValue:
    pairs, pair = query.pairs(), (name, value.slug)
    pairs = [row for row in pairs if row != pair] if value.active else [*pairs, pair]
    if query.sort:
        pairs.append(("tri", query.sort))
    return PanelValue(
        value.slug, labels.get(value.slug, value.slug), value.count, value.active, query.address(base, pairs)
    )


def labels_of(facets: Mapping[str, Iterable[FacetCount]]) -> dict[str, dict[str, str]]:
    """How the values of facets are called, by facet: those that have no other name are not there."""
    slugs = [value.slug for value in facets.get("organisation", ())]
    named = organisations().filter(slug__in=slugs).values_list("slug", "name") if slugs else ()
    labels: dict[str, dict[str, str]] = {name: {} for name in (facet.name for facet in LIBRARY.counted_facets)}
    return labels | {
        "organisation": dict(named),
        "matiere": dict(presentation.matter_choices()),
        "document": {value: capfirst(str(label)) for value, label in Act.Kind.choices},
        "issue": {value: capfirst(str(label)) for value, label in Act.Outcome.choices},
        COMMUNE: _names_of_communes([value.slug for value in facets.get(COMMUNE, ())]),
        READING: {UNREADABLE: _("illisibles"), PARTLY: _("illisibles en partie")},
    }


def _names_of_communes(codes: Sequence[str]) -> dict[str, str]:
    return dict(territories("commune").filter(code__in=codes).values_list("code", "name")) if codes else {}


def chosen(query: ActQuery, base: str) -> list[PanelValue]:
    """The filters in force, each with the address that takes it away."""
    facets = {
        name: tuple(FacetCount(value, value, 0, active=True) for value in values)
        for name, values in query.filters.items()
    }
    labels = labels_of(facets)
    return [_panel_value(query, name, value, labels[name], base) for name, values in facets.items() for value in values]


def silent_among(query: ActQuery, base: str) -> Silent | None:
    """Those that its words cannot find as they could not be read; None when there are none, or no words."""
    if not query.question or READING in query.filters:
        return None
    result = search_library(query.actor, LIBRARY, query.request(words=False, page_size=1, counted=(READING,)))
    counts = {value.slug: value.count for value in result.facets.get(READING, ())}
    if not counts:
        return None
    rest = [pair for pair in query.pairs() if pair[0] not in ("q", "exact", "un", "sans")]
    ways = [query.address(base, [*rest, (READING, value)]) for value in (UNREADABLE, PARTLY)]
    return Silent(counts.get(UNREADABLE, 0), counts.get(PARTLY, 0), *ways)


def understood(query: ActQuery) -> list[str]:
    """What the words were understood as."""
    return explained(LIBRARY, query.question) if query.question else []


def alike(actor: Actor, act: Act, most: int = 5) -> list[Act]:
    """Acts online on the same subject, the likest first; none of an act that is not online."""
    return acts_in_order(similar(actor, LIBRARY, act.pk, most)) if act.live else []


def latest(query: ActQuery, most: int) -> list[ShownAct]:
    """Those that went online last, for feeds."""
    result = found_by(query, page=1, page_size=most, counted=(), sort="ligne")
    return shown_acts(query, result.keys)
