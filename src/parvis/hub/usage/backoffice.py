"""« Usages » in the back office: what was read, of which site, of whose data, over thirty days or twelve months."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.spreadsheets import spreadsheet_cell
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import Screen, ScreenSet
from parvis.hub.ui.formatting import day, number
from parvis.hub.usage import selectors
from parvis.hub.usage.publication import DATASET_ID
from parvis.hub.usage.rules import NATURES, Nature, Period, Subject, last_days, last_months, subject_of

BAR_WIDTH, BAR_HEIGHT, GAP = 8, 48, 2
OF_THINGS = (Nature.VIEW, Nature.DOWNLOAD, Nature.CALL, Nature.EMBED)
"""What happens to a thing, as columns of the table."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a small chart: place, size, what it says."""

    x: int
    y: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One nature: how often in all, and its bars."""

    label: str
    total: int
    bars: tuple[Bar, ...]
    width: int

    @property
    def most(self) -> str:
        """The highest bar in words, for who does not see it."""
        return min(self.bars, key=lambda bar: bar.y).words if self.total else ""


def usage_query(request: HttpRequest, actor: Actor) -> selectors.UsageQuery:
    """Period, site, organisation and robots that an address asks for; what it does not know is left aside."""
    today = timezone.localdate()
    period = last_months(today) if request.GET.get("periode") == "mois" else last_days(today)
    slug, site = request.GET.get("organisation", ""), request.GET.get("site", "")
    organisation = organisations_where(actor, "edit").filter(slug=slug).first() if slug else None
    key = int(site) if site.isascii() and site.isdigit() and len(site) < 10 else None
    return selectors.UsageQuery(period, key, organisation, request.GET.get("robots") == "oui")


class UsageScreen(Screen):
    """Figures, bars, what was read most, what was searched for in vain."""

    page_title = gettext_lazy("Fréquentation")
    header_icon = "glasses"
    template_name = "usage/backoffice/screen.html"

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Those whose figures the person may read."""
        return list(organisations_where(self.actor, "edit"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the template shows."""
        query = usage_query(self.request, self.actor)
        things = selectors.things(self.actor, query)
        return {
            **super().get_context_data(**kwargs),
            "asked": query,
            "has_words": query.organisation is None and bool(selectors.sites_written_by(self.actor)),
            "organisations": self.organisations,
            "sites": selectors.sites_counted(),
            "tiles": tiles(self.actor, query),
            "heads": [NATURES[nature] for nature in OF_THINGS],
            "rows": [_row(thing) for thing in things[: selectors.MOST_THINGS]],
            "others": max(0, len(things) - selectors.MOST_THINGS),
            "formats": selectors.by_detail(self.actor, query, Nature.DOWNLOAD),
            "doors": selectors.by_detail(self.actor, query, Nature.CALL),
            "words": selectors.vain_words(self.actor, query),
            "published": DATASET_ID if selectors.titles_of([DATASET_ID]) else "",
        }


class UsageFile(Screen):
    """The same as a file: one line for each thing, all of them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A CSV as the exports of datasets: semicolons, a mark of UTF-8."""
        query = usage_query(request, self.actor)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([_("Objet"), _("Identifiant"), _("Titre"), *(str(NATURES[nature]) for nature in OF_THINGS)])
        for thing in selectors.things(self.actor, query):
            counts = [thing.counts.get(nature, 0) for nature in OF_THINGS]
            writer.writerow([str(subject_of(thing.subject).label), thing.name, spreadsheet_cell(thing.title), *counts])
        response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="usages.csv"'
        return response


def may_read_usage(user: Any) -> bool:
    """Whether somebody has figures to read: of an organisation's data, or of a site."""
    return may_deposit(user) or bool(selectors.sites_written_by(actor_of(user)))


def _row(thing: selectors.Thing) -> dict[str, Any]:
    return {
        "label": subject_of(thing.subject).label,
        "title": thing.title or "—",
        "dataset": thing.name if thing.subject == Subject.DATASET and thing.name else "",
        "counts": [thing.counts.get(nature, 0) for nature in OF_THINGS],
    }


def tiles(actor: Actor, query: selectors.UsageQuery) -> list[Tile]:
    """One for each nature; searches are of a site, of no organisation."""
    steps, counts = query.period.steps, selectors.by_step(actor, query)
    whole = query.organisation is None and bool(selectors.sites_written_by(actor))
    shown = list(NATURES) if whole else list(OF_THINGS)
    names = [_step_name(query.period, step) for step in steps]
    return [_tile(str(NATURES[nature]), counts[nature], names) for nature in shown]


def _tile(label: str, counts: list[int], names: list[str]) -> Tile:
    most = max(counts) or 1
    bars = tuple(
        Bar(
            rank * (BAR_WIDTH + GAP),
            round(BAR_HEIGHT - max(count / most * BAR_HEIGHT, 1), 1),
            round(max(count / most * BAR_HEIGHT, 1), 1),
            _("%(step)s : %(count)s") % {"step": name, "count": number(count)},
        )
        for rank, (count, name) in enumerate(zip(counts, names, strict=True))
    )
    return Tile(label, sum(counts), bars, len(bars) * (BAR_WIDTH + GAP) - GAP)


def _step_name(period: Period, step: Any) -> str:
    return f"{MONTHS[step.month]} {step.year}" if period.by_month else day(step)


SCREENS = ScreenSet(
    "usage_admin",
    "usages",
    ("", UsageScreen, "usage"),
    ("usages.csv", UsageFile, "file"),
    menu_order=400,
    shown=may_read_usage,
)
