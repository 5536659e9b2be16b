"""What a page must be, what its address may carry: pure decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

FOLDER = "pages"
"""First word of the address of every page, and slug of the folder of a site."""

LONGEST_INTRODUCTION = 600
LONGEST_VALUE = 200
MOST_FILTERS = 6
MOST_CHOICES = 300
"""Values of a filter that are offered; a column that has more is no filter."""

RESERVED = frozenset({"page", "q", "v", "cadre", "theme", "format", "next", "langue", "lieu", "centre", "periode"})
"""Words that addresses use for something else than filters."""

LONGEST_WORD = 40
_WORD = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_WORD - 1}}}")


class BadPage(RequestError):
    """A page cannot be kept as it is; ``faults`` says where and why."""

    code: ClassVar[str] = "page-body"
    sentence: ClassVar[str] = gettext_noop("La page « {title} » ne peut pas être enregistrée ainsi : {faults}")
    advice: ClassVar[str] = gettext_noop("Corrigez ces blocs, puis enregistrez de nouveau.")


class HtmlIsForAdministrators(RequestError):
    """Free HTML was added or changed by somebody who has not every right."""

    code: ClassVar[str] = "page-html"
    sentence: ClassVar[str] = gettext_noop(
        "Un bloc « HTML libre » ne peut être ajouté ou changé que par un administrateur du portail."
    )
    advice: ClassVar[str] = gettext_noop("Retirez ce bloc ou rendez-lui son contenu, ou demandez à un administrateur.")


def is_filter_word(word: str) -> bool:
    """Whether a filter may be so called in addresses: lower case letters without accents, digits, underscores."""
    return bool(_WORD.fullmatch(word)) and word not in RESERVED


@dataclass(frozen=True, slots=True)
class Offered:
    """A filter that a page offers: its word, its label, the columns it may be, the kind of what they hold."""

    word: str
    label: str
    columns: tuple[str, ...]
    kind: str = ""
    """Of the column that gives its choices: with ``insee_commune`` any column of communes is filtered."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter to which the address gives a value."""

    offered: Offered
    value: str

    @property
    def word(self) -> str:
        """Its name in the address."""
        return self.offered.word

    @property
    def label(self) -> str:
        """Its name on screen."""
        return self.offered.label


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of a page says: the filters that have a value, in the order of the page."""

    chosen: tuple[Chosen, ...] = field(default=())

    @property
    def query(self) -> str:
        """The same as a query string, without question mark; empty when nothing is chosen."""
        return urlencode([(one.word, one.value) for one in self.chosen])

    def __bool__(self) -> bool:
        return bool(self.chosen)


def chosen_filters(offered: Iterable[Offered], values: Mapping[str, str]) -> Filters:
    """The filters offered by a page to which the address gives a value; values are cut and made plain."""
    chosen = []
    for offer in offered:
        value = " ".join(values.get(offer.word, "").replace("\0", "").split())[:LONGEST_VALUE]
        if value:
            chosen.append(Chosen(offer, value))
    return Filters(tuple(chosen[:MOST_FILTERS]))
