"""Indicators as everybody sees them: their figures by theme, a page, a feed and a picture each, their forms for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.indicators.bounds import Bound
from parvis.core.metadata import THEMES
from parvis.domains.indicators import schemas, selectors
from parvis.domains.indicators.models import Indicator, Value
from parvis.domains.indicators.presentation import (
    Row,
    about,
    alert_words,
    formula_words,
    state_words,
    value_text,
    warning,
)
from parvis.domains.indicators.sources import origins
from parvis.domains.indicators.tiles import tiles_of
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.collections.declaration import Api, Collection, Sort
from parvis.hub.registry import PublicPage
from parvis.hub.sites.lens import Lens, current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.atom import Entry
from parvis.hub.ui.formatting import age_words, period_words
from parvis.hub.ui.word_pictures import WordPicture

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

MOST = 10_000
"""Indicators of a list, which is never cut."""
MOST_FEATURED = 3
"""Indicators of a theme that are shown with their chart."""
MOST_LINES = 4
"""Other indicators of a theme that are shown at once beside other themes."""
MOST_TURNS = 50
"""Computings listed on a page."""


class IndicatorCollection(Collection):
    """Indicators, each prepared with what the reader may know of it (``seen``) and what is told of that (``tile``)."""

    kind = Indicator
    title = gettext_lazy("Indicateurs")
    sorts = (Sort("titre", gettext_lazy("par titre"), ("title", "id")),)
    page_size = MOST
    card_bytes = 2_500
    list_template = "indicators/list.html"
    card_template = "indicators/card.html"
    page_template = "indicators/page.html"
    embed_template = "indicators/embed.html"
    has_own_feeds = True
    feed_order = ("-latest__computed", "-id")
    api = Api(
        place="indicators",
        names=("listIndicators", "getIndicator"),
        summaries=(
            gettext_lazy("Les indicateurs publiés avec leur chiffre du jour, son âge et son état."),
            gettext_lazy("Un indicateur : tous ses chiffres, sa définition, d’où ils viennent."),
        ),
        listing=schemas.IndicatorList,
        card=schemas.IndicatorCard,
        whole=schemas.Indicator,
        page_rows=MOST,
    )
    order = 30
    in_header = True

    @property
    def name(self) -> str:
        """The name of the list, under which sites have it in their menus."""
        return "indicators"

    def records(self, query: QuerySet[Indicator]) -> QuerySet[Indicator]:
        """With the computation that each shows."""
        return query.select_related("latest")

    def through(self, lens: Lens, query: QuerySet[Indicator]) -> QuerySet[Indicator]:
        """Those that tell a figure of the commune, or of what it belongs to, and those of its own organisations."""
        here = Q(territory__in=lens.codes) | Q(
            territory__iexact=lens.name, computation__definition__territory=f"epci:{lens.epci}"
        )
        told_here = Value.objects.filter(here, computation=OuterRef("latest"))
        about = Q(definition__territory__in=lens.holders) | Q(organisation__territory=lens.territory)
        return query.filter(about | Exists(told_here))

    def prepared(
        self, records: Sequence[Indicator], actor: Actor, territory: Territory | None = None
    ) -> Sequence[Indicator]:
        """Each with its figure of the day."""
        rows = selectors.seen(actor, records, selectors.code_of(territory))
        for record, seen, tile in zip(records, rows, tiles_of(rows), strict=True):
            record.seen, record.tile = seen, tile
        return records

    def stamp(self) -> Any:
        """Figures change by themselves."""
        return selectors.figures_stamp()

    def list_facts(self, records: Sequence[Indicator], request: HttpRequest) -> dict[str, Any]:
        """The indicators by theme, of which ``theme`` shows one alone; those of the territory of the site come first.

        On the site of a commune, what it cannot show is left out.
        """
        shown = [record for record in records if current_lens() is None or record.seen.is_readable]
        if (territory := face_of(request).territory) is not None:
            shown.sort(key=lambda record: not selectors.concerns(record.seen, territory))
        by_theme: dict[str, list[Indicator]] = {}
        for record in shown:
            by_theme.setdefault(record.seen.theme, []).append(record)
        themes = [theme.slug for theme in THEMES if theme.slug in by_theme]
        themes += sorted(by_theme.keys() - set(themes), key=lambda slug: (not slug, slug))
        chosen_theme = request.GET.get("theme", "")
        chosen_theme = chosen_theme if chosen_theme in by_theme else ""
        return {
            "shelves": [
                (theme, *_shelf(by_theme[theme], is_alone=bool(chosen_theme)))
                for theme in themes
                if not chosen_theme or theme == chosen_theme
            ],
            "themes": [(theme, len(by_theme[theme])) for theme in themes if theme],
            "count": len(shown),
            "asked": chosen_theme,
        }

    def lines(self, record: Indicator) -> list[str]:
        """Its figure, and what is amiss with it."""
        tile = record.tile
        return [text for text in (tile.cite and tile.text, _stated(record), tile.trend, tile.warning) if text]

    def picture(self, record: Indicator) -> WordPicture:
        """Its figure large, over its history."""
        tile = record.tile
        source = _("source du %(day)s, %(age)s") % {"day": tile.date, "age": tile.age} if tile.date else ""
        history = tuple(value.value for value in record.seen.history)
        return WordPicture(
            record.title, (_stated(record), tile.trend), tile.cite and tile.text, history, tile.warning, source
        )

    def facts(self, record: Indicator, request: HttpRequest) -> dict[str, Any]:
        """Its history, its territories, its method and where it all comes from."""
        seen, computation = record.seen, record.latest
        turns = selectors.figure_history(actor_of(request.user), seen)
        return {
            "one": seen,
            "formula": formula_words(seen.definition.formula),
            "tile": record.tile,
            "origins": origins(computation) if seen.is_readable and computation else [],
            "history": [Row.of(value, seen.definition) for value in seen.history[::-1]],
            "turns": [
                Row.of(value, value.computation.described, has_unit=True) for value in turns[: -MOST_TURNS - 1 : -1]
            ],
            **_places(seen),
        }

    def entry(self, record: Indicator) -> Entry | None:
        """Its figure of the day."""
        value = record.seen.value
        return None if value is None else _entry(record, value)

    def own_entries(self, record: Indicator, actor: Actor, parameters: QueryDict) -> tuple[str, Iterable[Entry]]:
        """Each figure that it told; with ``seuil`` and ``sens``, only those that passed the bound."""
        seen, number = record.seen, parameters.get("seuil", "").strip()
        title, values = record.title, selectors.figure_history(actor, seen)
        if number:
            bound = Bound.read(parameters.get("sens", ""), number)
            title = alert_words(seen.definition, title, bound)
            values = [after for before, after in pairwise(values) if bound.is_passed(before.value, after.value)]
        return title, (_entry(record, value) for value in reversed(values))

    def as_json(self, record: Indicator) -> dict[str, Any]:
        """Its figure of the day; what is null is closed to the caller, or not known."""
        seen, definition = record.seen, record.seen.definition
        page = canonical(record.get_absolute_url())
        return {
            "question": definition.question,
            "publisher": record.organisation.name,
            "svg": f"{page}image.svg",
            "png": f"{page}image.png",
            "embed": f"{page}integrer/",
            "feed": f"{page}flux.atom",
            "readable": seen.is_readable,
            "unit": definition.unit,
            "value": schemas.IndicatorFigure.of(seen.value) if seen.value else None,
            "change": seen.change,
            "better": seen.is_better,
            "state": str(seen.state) or None,
            "target": definition.target,
            "deadline": definition.deadline or None,
            "data_date": seen.data_date.isoformat() if seen.data_date else None,
            "age_days": seen.age,
            "late": seen.is_late,
            "source_missing": bool(seen.is_readable and record.trouble),
            "warning": warning(seen) or None,
        }

    def as_whole_json(self, record: Indicator) -> dict[str, Any]:
        """With all its figures, its definition and its sources, for those who may read its datasets alone."""
        seen = record.seen
        computation = record.latest if seen.is_readable else None
        return {
            **self.as_json(record),
            "definition": seen.definition.to_dict() if seen.is_readable else None,
            "computed": computation.computed.isoformat() if computation else None,
            "sources": [schemas.IndicatorSource.of(origin) for origin in origins(computation)] if computation else [],
            "values": [schemas.IndicatorFigure.of(value) for value in selectors.values_of(seen)],
        }

    def public_pages(self) -> Iterator[PublicPage]:
        """Those with values open to anybody, and their list."""
        rows = selectors.seen(ANONYMOUS, selectors.indicators_published())
        shown = [(seen.indicator, seen.value) for seen in rows if seen.value is not None]
        if shown:
            yield PublicPage(reverse(self.name))
        for record, value in shown:
            yield PublicPage(record.get_absolute_url(), localdate(value.computation.computed))


def _shelf(records: Sequence[Indicator], *, is_alone: bool) -> tuple[list[Indicator], list[Indicator], list[Indicator]]:
    """The first that have a past, shown with its chart; a line for each of the others; and those that unfold.

    Nothing is folded when a theme is shown alone, nor for the sake of one line.
    """
    featured = [record for record in records if record.tile.past][:MOST_FEATURED]
    others = [record for record in records if record not in featured]
    if is_alone or len(others) <= MOST_LINES + 1:
        return featured, others, []
    return featured, others[:MOST_LINES], others[MOST_LINES:]


def _stated(record: Indicator) -> str:
    return " · ".join(filter(None, (record.tile.note, record.tile.state)))


def _places(seen: selectors.Seen) -> dict[str, Any]:
    """The territories in the latest period that has a value, the largest first."""
    values = [value for value in selectors.values_of(seen) if value.territory and value.value is not None]
    period = max((value.period for value in values), default="")
    latest = [value for value in values if value.period == period]
    latest.sort(key=lambda value: (-value.value, value.name))
    largest = latest[0].value if latest and latest[-1].value >= 0 else 0.0
    rows = [Row.of(value, seen.definition, largest) for value in latest]
    return {"places": rows, "has_bars": largest > 0, "places_period": period_words(period)}


def _entry(record: Indicator, value: Value) -> Entry:
    """A figure in a feed, with what is amiss with its source when it is of the computation shown today."""
    seen, definition = record.seen, value.computation.described
    is_of_today = seen.value == value
    age = age_words(seen.age) if is_of_today else ""
    parts = (
        about(definition, value),
        state_words(seen.state) if is_of_today else "",
        _("source mise à jour %(age)s") % {"age": age} if age else "",
        record.tile.warning if value.computation_id == record.latest_id else "",
        definition.question,
    )
    return Entry(
        title=f"{definition.title} : {value_text(definition, value.value)}",
        address=canonical(value.get_absolute_url()),
        text=" — ".join(filter(None, parts)),
        author=record.organisation.name,
        published=value.computation.computed,
    )
