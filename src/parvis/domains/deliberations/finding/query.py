"""What the address of a search asks: words, filters, dates, amounts, an address, order, page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.http import QueryDict
from django.utils.http import urlencode

from parvis.domains.deliberations.finding.around import Around, around_called, keys_around
from parvis.domains.deliberations.finding.forms import USUAL_REACH, SearchForm
from parvis.domains.deliberations.finding.library import DAY, DAY_ZERO, LIBRARY, MONEY
from parvis.hub.accounts.rules import Actor
from parvis.hub.fulltext.grammar import written
from parvis.hub.fulltext.questions import Question
from parvis.hub.fulltext.rules import LibraryRequest, Range
from parvis.hub.fulltext.selectors import question_of

MOST_VALUES: Final = 20
"""Values of one facet that count."""
MOST_LETTERS: Final = 200
_LEFT_OUT: Final = frozenset({"page", "vue", "tri"})
"""What an address says besides what is looked for."""
FACET_NAMES: Final = tuple(facet.name for facet in LIBRARY.counted_facets)


@dataclass(frozen=True)
class ActQuery:
    """A search, through somebody's eyes: what is wrong in it is told by ``form`` and counts for nothing."""

    actor: Actor
    form: SearchForm
    filters: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, actor: Actor, parameters: QueryDict) -> ActQuery:
        """From the fields of an address; nonsense is left out."""
        form = SearchForm(parameters)
        form.is_valid()
        filters = {
            name: tuple(dict.fromkeys(value for value in parameters.getlist(name)[:MOST_VALUES] if _is_sound(value)))
            for name in FACET_NAMES
        }
        return cls(actor, form, {name: values for name, values in filters.items() if values}, form.cleaned_data)

    @classmethod
    def of_pairs(cls, actor: Actor, pairs: Iterable[tuple[str, str]]) -> ActQuery:
        """One that was kept as ``pairs``."""
        return cls.read(actor, QueryDict(urlencode(list(pairs))))

    @cached_property
    def text(self) -> str:
        """What the fields of words say, as it would be typed."""
        words = {name: self.fields.get(name) or "" for name in ("q", "exact", "un", "sans")}
        return written(every=words["q"], exactly=words["exact"], some=words["un"], without=words["sans"])

    @cached_property
    def question(self) -> Question:
        """The same as it is understood."""
        return question_of(LIBRARY, self.text)

    @cached_property
    def around(self) -> Around | None:
        """The address around which to look; None without, and when it is not known."""
        text = self.fields.get("autour")
        return around_called(self.actor, text, self.fields.get("rayon") or USUAL_REACH) if text else None

    @property
    def is_lost(self) -> bool:
        """Whether an address was given that nobody knows."""
        return bool(self.fields.get("autour")) and self.around is None

    @cached_property
    def within(self) -> frozenset[int] | None:
        """The acts around the address; None when none was given, none of them when it is not known."""
        if self.is_lost:
            return frozenset()
        return frozenset(keys_around(self.actor, self.around)) if self.around is not None else None

    @property
    def shown_question(self) -> Question:
        """What is highlighted: the words, else the street."""
        if not self.question and self.around is not None and self.around.street:
            return question_of(LIBRARY, f'"{self.around.street}"')
        return self.question

    @property
    def sort(self) -> str:
        """The order that was chosen."""
        return self.fields.get("tri") or ""

    @property
    def is_narrowed(self) -> bool:
        """Whether less than all is wanted."""
        return bool(self.pairs())

    @property
    def ranges(self) -> dict[str, Range]:
        """Days and cents."""
        first, last = self.fields.get("du"), self.fields.get("au")
        days = (first.toordinal() - DAY_ZERO if first else None, last.toordinal() - DAY_ZERO if last else None)
        cents = (_cents(self.fields.get("min")), _cents(self.fields.get("max")))
        return {name: bounds for name, bounds in ((DAY, days), (MONEY, cents)) if bounds != (None, None)}

    def pairs(self) -> list[tuple[str, str]]:
        """What is looked for as the fields of an address, in an order of its own: the same search is the same list."""
        rows = [(name, str(self.form.data.get(name, "")).strip()) for name in self.form.fields]
        rows = [(name, value) for name, value in rows if value and name in self.fields and name not in _LEFT_OUT]
        if not self.fields.get("autour"):
            rows = [row for row in rows if row[0] != "rayon"]
        return rows + [(name, value) for name in FACET_NAMES for value in self.filters.get(name, ())]

    def address(self, base: str, pairs: Iterable[tuple[str, str]] | None = None) -> str:
        """An address that asks for the same, or for these pairs."""
        fields = urlencode(list(self.pairs() if pairs is None else pairs))
        return f"{base}?{fields}" if fields else base

    def request(
        self, *, words: bool = True, extra: Mapping[str, tuple[str, ...]] | None = None, **facts: Any
    ) -> LibraryRequest:
        """The question to the library; without its words, what the rest of it would give."""
        return LibraryRequest(
            text=self.text if words else "",
            filters={**self.filters, **(extra or {})},
            ranges=self.ranges,
            **{"within": self.within, "sort": self.sort, **facts},
        )


def _is_sound(value: str) -> bool:
    return bool(value) and len(value) <= MOST_LETTERS


def _cents(euros: Decimal | None) -> int | None:
    return None if euros is None else int(euros * 100)
