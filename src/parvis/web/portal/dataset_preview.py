"""The first screen of a dataset: its map or its best chart, its first rows under a small portrait of each column, others like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.core.charts.description import ChartDescription
from parvis.core.columns import Column, TableShape
from parvis.core.errors import ParvisError
from parvis.core.explore import ExploreRequest, RecordsPage, records
from parvis.core.odsql import Names
from parvis.core.quality.portraits import Portrait
from parvis.core.quality.value_rules import RULE_BY_KIND
from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.shared import shared
from parvis.hub.charts.frames import DOOR
from parvis.hub.charts.maker import as_fields
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.drawings.frames import Addresses, Picture, pictures_of
from parvis.hub.maps.naming import with_name_first
from parvis.hub.quality.pictures import DrawnBar, distribution
from parvis.hub.quality.selectors import portraits_of
from parvis.hub.search.rules import SearchRequest
from parvis.hub.search.selectors import search
from parvis.hub.thumbnails.selectors import about_dataset
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.filters import field
from parvis.hub.ui.formatting import cut, number, percent, written, written_of_profile
from parvis.hub.ui.templatetags.parvis_ui import canonical

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

FIRST_ROWS, MOST_COLUMNS, MOST_ALIKE = 5, 8, 4
LONGEST = 48
"""Letters of a value of the preview: the table has them all."""
_CANDIDATES = 60
"""Datasets of the same theme among which those most alike are looked for."""
_YEAR = "year"


@dataclass(frozen=True, slots=True)
class Front:
    """The picture of a dataset: the pages of the tab that draws it live, its title, its files."""

    title: str
    address: str
    pictures: tuple[Picture, ...] = ()
    """Those of a chart; a map is shown by its thumbnail."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the preview: its words, then its values as bars, or their number in words."""

    column: Column
    kind: str
    unit: str
    bars: tuple[DrawnBar, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, as the table writes them."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    """Text of each cell, and whether it is a number."""
    columns: int
    """In all."""

    @property
    def has_portraits(self) -> bool:
        """Whether the version was measured: it is soon after its publication."""
        return any(head.bars or head.words for head in self.heads)


def front_of(request: HttpRequest, dataset: Dataset) -> Front | None:
    """The picture to show first; None while none is drawn. The caller has checked the right to see the rows."""
    about = None if dataset.current.is_federated else about_dataset(dataset)
    if about is None:
        return None
    base = dataset.get_absolute_url()
    if not about.chart:
        return Front(_("Carte"), f"{base}map/" if dataset.current.has_geometry else f"{base}map/composer/")
    description = ChartDescription.from_json(about.chart)
    addresses = Addresses(DOOR, description, "", None)
    sizes = dict.fromkeys(("narrow", "wide"), (about.width, about.height))
    narrow = [one for one in pictures_of(addresses.of, sizes, request) if "taille=narrow" in one.address]
    last = Picture(addresses.of("image.svg", theme="light", taille="narrow"), about.width, about.height)
    themes = [Picture(one.address, one.width, one.height, one.media.replace(_NARROW, "")) for one in narrow]
    fields = urlencode(as_fields(description))
    return Front(about.title, f"{base}analyze/?{fields}#graphique", (*themes, last))


_NARROW = " and (max-width: 40rem)"


def preview_of(dataset: Dataset, shape: TableShape) -> Preview | None:
    """The first rows of the first columns; None when the engine cannot answer: the rest of the page does without."""
    try:
        source = source_of(dataset)
        columns = with_name_first(list(shape), source.manifest.profile, source.rows)[0][:MOST_COLUMNS]
        page = _first_rows(dataset, shape, columns)
    except ParvisError:
        return None
    portraits = {portrait.name: portrait for portrait in portraits_of(dataset.current) or ()}
    return Preview(
        tuple(_head(column, portraits.get(column.name)) for column in columns),
        tuple(tuple((_short(row.get(column.name), column), column.type.is_number) for column in columns) for row in page.results),
        len(shape),
    )  # fmt: skip


def _first_rows(dataset: Dataset, shape: TableShape, columns: list[Column]) -> RecordsPage:
    select = ", ".join(field(column.name) for column in columns)
    question = ExploreRequest(select=select, limit=FIRST_ROWS, timezone=settings.TIME_ZONE)
    seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
    return records(engine(), source_of(dataset), question, names=Names(shape), seconds=seconds)


def _short(value: Any, column: Column) -> str:
    text = written(value, column)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip(' ,;:.(')}…"


def _head(column: Column, portrait: Portrait | None) -> Head:
    unit = str(column.annotations.get("unit", ""))
    kind = type_name(column)
    if portrait is None or not portrait.filled:
        return Head(column, kind, unit, words=_("colonne vide") if portrait else "")
    if portrait.bars:
        return Head(column, kind, unit, tuple(distribution(portrait, years=column.kind == _YEAR)))
    return Head(column, kind, unit, words=_in_words(column, portrait))


def _in_words(column: Column, portrait: Portrait) -> str:
    """The usual value of a column when one stands out and names nobody, else how many there are."""
    rule = RULE_BY_KIND.get(column.kind)
    if column.type.is_geographic:
        return ""
    if portrait.top and portrait.distinct < portrait.filled and not (rule and rule.personal):
        value, count = portrait.top[0]
        share = count / portrait.filled
        if share >= _STANDS_OUT:
            return _("%(share)s : %(value)s") % {
                "share": percent(share),
                "value": cut(written_of_profile(value, column), 24),
            }
    return _("%(count)s valeurs") % {"count": number(portrait.distinct)}


_STANDS_OUT = 0.2


def alike(actor: Actor, dataset: Dataset) -> list[Dataset]:
    """The datasets of the same theme that share most words with this one, then its publisher."""
    if not dataset.themes:
        return []
    return shared(actor, ("alike", dataset.pk, dataset.current_id), lambda: _alike(actor, dataset), 20_000)


def _alike(actor: Actor, dataset: Dataset) -> list[Dataset]:
    question = SearchRequest(filters={"theme": (dataset.themes[0],)}, page_size=_CANDIDATES)
    words = _words(dataset)

    def likeness(other: Dataset) -> tuple[int, int, int]:
        common = len(_words(other) & words)
        return common, int(other.organisation_id == dataset.organisation_id), other.pk

    others = [other for other in search(actor, question).datasets if other.pk != dataset.pk and not other.on_request]
    return sorted(others, key=likeness, reverse=True)[:MOST_ALIKE]


def _words(dataset: Dataset) -> set[str]:
    """Its keywords, and the words of its title that are no little words."""
    title = {word for word in fold(dataset.title).split() if len(word) > 4}
    return title | {fold(word) for word in dataset.keywords}


@dataclass(frozen=True, slots=True)
class Share:
    """What sends a dataset to somebody: its address, and a mail that is already written."""

    address: str
    mail: str


def share_of(dataset: Dataset) -> Share:
    """By one's own means alone: no other site is told of who reads what."""
    address = canonical(dataset.get_absolute_url())
    mail = f"mailto:?subject={quote(dataset.title)}&body={quote(f'{dataset.title}\n{address}')}"
    return Share(address, mail)


def front_facts(request: HttpRequest, actor: Actor, dataset: Dataset, shape: TableShape) -> dict[str, Any]:
    """What the first screen of a dataset shows besides its card."""
    return {
        "front": front_of(request, dataset),
        "preview": preview_of(dataset, shape),
        "alike": alike(actor, dataset),
        "share": share_of(dataset),
    }
