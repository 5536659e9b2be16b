"""What there is to do, in words, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.domains.deliberations.deadlines.rules import Duty, Task
from parvis.hub.ui.formatting import day

WORDS = {
    Task.LIST: gettext_lazy("mettre en ligne la liste des délibérations examinées"),
    Task.MINUTES: gettext_lazy("mettre en ligne le procès-verbal"),
    Task.ONLINE: gettext_lazy("mettre en ligne l’acte confirmé"),
    Task.CONFIRM: gettext_lazy("relire l’acte déposé"),
}
SCREENS = {
    Task.LIST: "acts:session",
    Task.MINUTES: "acts:session",
    Task.ONLINE: "acts:confirm",
    Task.CONFIRM: "acts:confirm",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do as it is shown."""

    words: str
    title: str
    organisation: str
    address: str
    due: str
    left: str
    is_late: bool


def line(duty: Duty, today: date) -> Line:
    """A thing to do, seen on a day."""
    return Line(
        words=str(WORDS[duty.task]),
        title=duty.title,
        organisation=duty.organisation,
        address=reverse(SCREENS[duty.task], args=[duty.key]),
        due=day(duty.due),
        left=_left(duty.days_left(today)),
        is_late=duty.is_late(today),
    )


def _left(days: int) -> str:
    """« dans 2 jours », « aujourd’hui », « en retard de 3 jours »."""
    if days == 0:
        return _("aujourd’hui")
    if days > 0:
        return ngettext("dans %(days)d jour", "dans %(days)d jours", days) % {"days": days}
    return ngettext("en retard de %(days)d jour", "en retard de %(days)d jours", -days) % {"days": -days}
