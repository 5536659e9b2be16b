"""What is counted, and what is never: pure decisions.

A count says that something was read so many times on a day, on a site. It holds no address, cookie, browser or path of a
visitor, so nothing of it is personal data (GDPR, article 4) and no consent is asked for (CNIL, deliberation 2020-091, article 82).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from parvis.hub import registry

LONGEST_SEARCH = 60
"""Characters of what was searched for in vain, as it is kept."""


class Nature(StrEnum):
    """What happened; the value is kept in the database and published."""

    VIEW = "view"
    DOWNLOAD = "download"
    CALL = "call"
    EMBED = "embed"
    SEARCH = "search"
    UNANSWERED = "unanswered"


NATURES = {
    Nature.VIEW: _("Pages vues"),
    Nature.DOWNLOAD: _("Téléchargements"),
    Nature.CALL: _("Appels de l’API"),
    Nature.EMBED: _("Affichages sur d’autres sites"),
    Nature.SEARCH: _("Recherches"),
    Nature.UNANSWERED: _("Recherches sans résultat"),
}
"""Their names on screen, in the order in which they are shown."""


class Subject(StrEnum):
    """What kind of thing of the portal's own was read; modules add theirs (``registry.Module.subjects``)."""

    DATASET = "dataset"
    PAGE = "page"
    CHART = "chart"
    MAP = "map"
    ORGANISATION = "organisation"
    TERRITORY = "territory"
    PORTAL = "portal"


_OWN = {
    Subject.DATASET: registry.Subject(_("jeu de données"), "jeu de données"),
    Subject.PAGE: registry.Subject(_("page"), "page"),
    Subject.CHART: registry.Subject(_("graphique"), "graphique"),
    Subject.MAP: registry.Subject(_("carte"), "carte"),
    Subject.ORGANISATION: registry.Subject(_("organisation"), "organisation"),
    Subject.TERRITORY: registry.Subject(_("territoire"), "territoire"),
    Subject.PORTAL: registry.Subject(_("portail"), "portail"),
}


def subject_of(name: str) -> registry.Subject:
    """How a kind of thing is called, of the portal or of a module; by its name when its module was taken away since."""
    subjects = {key: value for module in registry.modules() for key, value in module.subjects.items()}
    kinds = (row.kind for row in registry.collections())
    subjects |= {kind.noun: registry.Subject(kind._meta.verbose_name, kind.unnamed) for kind in kinds}
    return _OWN.get(name) or subjects.get(name) or registry.Subject(name, name)  # type: ignore[call-overload]


LONGEST_NAME = 100
LONGEST_DETAIL = 24


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing to count: what happened, to what; ``detail`` is a format of file or a door of the API."""

    nature: Nature
    subject: str
    """A ``Subject``, or one of a module."""
    name: str = ""
    detail: str = ""


_ROBOT = re.compile(
    r"(?<!cu)bot(?:\b|[/;-])|crawl|spider|slurp|archiver|facebookexternalhit|preview|monitor|pingdom|uptime|lighthouse|headless|scrap",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Whether a program says of itself that it is a robot: counted apart. The agent is read and forgotten at once."""
    return _ROBOT.search(agent) is not None


COUNTED_STATUS = {
    Nature.VIEW: frozenset({200, 304}),
    Nature.EMBED: frozenset({200, 304}),
    Nature.CALL: frozenset({200, 204, 304}),
    Nature.DOWNLOAD: frozenset({200}),
    Nature.SEARCH: frozenset({200}),
    Nature.UNANSWERED: frozenset({200}),
}
"""Answers that count. A file that the reader already has (304), or one more part of it (206), is no download."""


DAYS_SHOWN, MONTHS_SHOWN = 30, 12


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both within; shown by day, or by month."""

    first: date
    last: date
    by_month: bool = False

    @property
    def steps(self) -> list[date]:
        """The days, or the first days of the months."""
        days = [self.first + timedelta(days=rank) for rank in range((self.last - self.first).days + 1)]
        return list(dict.fromkeys(map(self.step_of, days)))

    def step_of(self, day: date) -> date:
        """In which step a day falls."""
        return day.replace(day=1) if self.by_month else day


def last_days(today: date) -> Period:
    """The last thirty days, today included."""
    return Period(today - timedelta(days=DAYS_SHOWN - 1), today)


def last_months(today: date) -> Period:
    """This month and the eleven before it."""
    month = today.year * 12 + today.month - MONTHS_SHOWN
    return Period(date(month // 12, month % 12 + 1, 1), today, by_month=True)
