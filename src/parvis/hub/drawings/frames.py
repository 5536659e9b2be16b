"""The frame of a drawing on a page: what charts and maps show around the picture, and what can be taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts.themes import THEMES
from parvis.core.descriptions import Description
from parvis.core.errors import ParvisError
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.catalogue.provenance import data_date
from parvis.hub.drawings.models import Drawing
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import csv_address
from parvis.hub.ui.formatting import day

_HIDING = ("not-found", "data-on-request", "forbidden")
"""Codes of the errors that say nothing of a drawing, since its reader may know nothing of it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the ``<picture>`` element; ``media`` is empty for the last one."""

    address: str
    width: int
    height: int
    media: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Where the values come from."""

    title: str
    address: str
    publisher: str
    publisher_address: str
    day: str
    licence: str
    licence_address: str
    csv: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the template of a drawing shows; ``error`` instead of a drawing when it cannot be."""

    embed_height: ClassVar[int]

    id: str
    title: str = ""
    subtitle: str = ""
    sentence: str = ""
    pictures: list[Picture] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    reference: str = ""
    """What of the reference of territories it rests on: the year of a population."""
    svg: str = ""
    png: str = ""
    page: str = ""
    """Its permanent page, when it has one."""
    embed: str = ""
    citation: str = ""
    error: str = ""
    remedy: str = ""
    code: str = ""
    level: int = 2
    """Of the title among the headings of the page."""
    is_hidden: bool = False
    """Whether the drawing shows nothing at all to this reader."""

    @classmethod
    def refused(cls, name: str, error: ParvisError, **more: Any) -> Self:
        """The frame that says an error instead of a drawing."""
        language = get_language() or "fr"
        words = {"error": error.message(language), "remedy": error.hint(language), "code": error.code}
        return cls(name, **words, is_hidden=error.code in _HIDING, **more)

    @property
    def embed_code(self) -> str:
        """What to copy into another page."""
        size = f'width="100%" height="{self.embed_height}"'
        return f'<iframe src="{self.embed}" title="{escape(self.title)}" {size} loading="lazy"></iframe>'


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the forms of a drawing are: under its permanent page, else under ``place`` with its description in the address."""

    place: str
    description: Description
    key: str
    saved: Drawing | None
    pairs: Mapping[str, str] = field(default_factory=dict)
    """Those that every form has: the moment of a map."""

    def of(self, file: str, *, versioned: bool = True, **more: str) -> str:
        """The address of a form; one of a saved drawing changes with its answers, unless not ``versioned``."""
        if self.saved is None:
            return f"{absolute_path(self.place)}{file}?{urlencode({'c': self.description.to_json(), **self.pairs, **more})}"
        pairs = {**({"v": self.key[:8]} if versioned else {}), **self.pairs, **more}
        return f"{self.saved.get_absolute_url()}{file}{'?' if pairs else ''}{urlencode(pairs)}"

    def taken(self, embed: str = "") -> dict[str, str]:
        """What can be taken away, as a frame names it."""
        return {
            "svg": self.of("image.svg", titre="1"),
            "png": self.of("image.png", titre="1"),
            "page": canonical(self.saved.get_absolute_url()) if self.saved else "",
            "embed": embed or canonical(self.of("cadre/", versioned=False)),
        }


def pictures_of(
    address: Callable[..., str], sizes: Mapping[str, tuple[int, int]], request: HttpRequest | None
) -> list[Picture]:
    """The pictures of a drawing in its two sizes, ``narrow`` and ``wide`` (pixels), in the reader's colours or in both.

    The last one is for wide light screens and paper; those before it say when they are better.
    """
    chosen = request.COOKIES.get("apparence", "") if request is not None else ""
    pictures = []
    for theme in [chosen] if chosen in THEMES else ["dark", "light"]:
        for size in ("narrow", "wide"):
            media = ["screen"]
            if chosen not in THEMES and theme == "dark":
                media.append("(prefers-color-scheme: dark)")
            if size == "narrow":
                media.append("(max-width: 40rem)")
            pictures.append(Picture(address("image.svg", theme=theme, taille=size), *sizes[size], " and ".join(media)))
    return [*pictures, Picture(address("image.svg", theme="light", taille="wide"), *sizes["wide"])]


def credit_of(query: Asked, *, with_csv: bool = True) -> Credit:
    """Where an answer comes from, to be cited beside it, and where it can be had as CSV."""
    dataset = query.dataset
    licence = dataset.licence_shown
    return Credit(
        dataset.title,
        dataset.get_absolute_url(),
        dataset.organisation.name,
        dataset.organisation.get_absolute_url(),
        day(data_date(dataset) or query.version.created),
        licence.name if licence else dataset.licence,
        licence.url if licence else "",
        csv_address(dataset.dataset_id, query.question) if with_csv else "",
    )


def citation_of(title: str, queries: Sequence[Asked], page: str) -> str:
    """How to cite a drawing of some datasets: the first one is its publisher's, and its address when the drawing has no page."""
    first = queries[0]
    return _("%(publisher)s, « %(title)s », d’après « %(dataset)s », version du %(day)s, %(address)s") % {
        "publisher": first.dataset.organisation.name,
        "title": re.sub(r"\s+", " ", title),
        "dataset": " ; ".join(dict.fromkeys(one.dataset.title for one in queries)),
        "day": day(first.version.created),
        "address": page or canonical(first.dataset.get_absolute_url()),
    }
