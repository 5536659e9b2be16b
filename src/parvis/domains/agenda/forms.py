"""The form of an event: dates on the clocks of its place, usual repetitions chosen in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.calendars.events import YEARS
from parvis.core.calendars.rules import check_rule
from parvis.core.calendars.zones import DEFAULT, FRENCH
from parvis.core.errors import ParvisError
from parvis.domains.agenda.presentation import ACCESS
from parvis.domains.agenda.rules import WHEEL
from parvis.domains.agenda.services import placed
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import RecordForm

REPEATS = (
    ("", gettext_lazy("ne se répète pas")),
    ("FREQ=DAILY", gettext_lazy("chaque jour")),
    ("FREQ=WEEKLY", gettext_lazy("chaque semaine, le même jour")),
    ("FREQ=WEEKLY;INTERVAL=2", gettext_lazy("une semaine sur deux")),
    ("FREQ=MONTHLY", gettext_lazy("chaque mois, à la même date")),
    ("same", gettext_lazy("chaque mois, le même jour de la semaine (2e mardi…)")),
    ("FREQ=YEARLY", gettext_lazy("chaque année")),
)
"""Usual rules, in words; « same » is made from the first date."""
OTHER = ("other", gettext_lazy("autrement : la règle reçue d’un calendrier est gardée"))
ZONES = {
    "Europe/Paris": gettext_lazy("de l’Hexagone et de la Corse"),
    "America/Guadeloupe": gettext_lazy("de la Guadeloupe, de Saint-Martin et de Saint-Barthélemy"),
    "America/Martinique": gettext_lazy("de la Martinique"),
    "America/Cayenne": gettext_lazy("de la Guyane"),
    "America/Miquelon": gettext_lazy("de Saint-Pierre-et-Miquelon"),
    "Indian/Reunion": gettext_lazy("de La Réunion"),
    "Indian/Mayotte": gettext_lazy("de Mayotte"),
    "Pacific/Noumea": gettext_lazy("de la Nouvelle-Calédonie"),
    "Pacific/Tahiti": gettext_lazy("de Tahiti"),
    "Pacific/Marquesas": gettext_lazy("des Marquises"),
    "Pacific/Gambier": gettext_lazy("des Gambier"),
    "Pacific/Wallis": gettext_lazy("de Wallis-et-Futuna"),
}
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
"""The browser's own: it is written by keyboard, and starts without a script."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MINUTE = timedelta(minutes=1)


class EventForm(RecordForm):
    """An event: usual repetitions are chosen in words, what it is to people in plain lists."""

    zone = forms.ChoiceField(label=gettext_lazy("À l’heure"), initial=DEFAULT)
    repeats = forms.ChoiceField(label=gettext_lazy("Répétition"), choices=REPEATS, required=False)
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au (compris)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    except_on = forms.CharField(
        label=gettext_lazy("Sauf le"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Les jours où elle n’a pas lieu, séparés par des virgules : 25/12/2026, 01/01/2027"),
    )
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Accueil des personnes handicapées"),
        choices=list(ACCESS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contacts = forms.CharField(
        label=gettext_lazy("Inscription"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Une adresse par ligne : https://…, mailto:…, tel:…"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        first = next((timing.start for timing in event.timings.all()), None) if event.pk else None
        clocks = ZoneInfo(event.zone)
        rule, until = _usual(event.rule, first.astimezone(clocks).date() if first else None)
        if rule == "other":
            self.fields["repeats"].choices = [*REPEATS, OTHER]
        named = {name: ZONES.get(name, name) for name in (*ZONES, *FRENCH, event.zone)}
        self.fields["zone"].choices = [*named.items()]
        self.initial |= {
            "zone": event.zone,
            "repeats": rule,
            "until": until,
            "except_on": ", ".join(f"{day:%d/%m/%Y}" for day in self._exceptions(clocks)),
            "access": event.accessibility,
            "contacts": "\n".join(event.registration),
        }
        for form in self.formsets["timings"].forms if "timings" in self.formsets else ():
            _show_on_clocks(form, clocks)

    def _exceptions(self, clocks: ZoneInfo) -> list[date]:
        moments = [datetime.fromisoformat(moment) for moment in self.instance.more_dates.get("exceptions", ())]
        return sorted({(at.astimezone(clocks) if at.tzinfo else at).date() for at in moments})

    def clean_except_on(self) -> list[date]:
        """The days, in order."""
        days = []
        for text in re.split(r"[,;\s]+", self.cleaned_data["except_on"].strip()):
            try:
                days += [datetime.strptime(text, "%d/%m/%Y").date()] if text else []  # noqa: DTZ007 - a day has no zone
            except ValueError as error:
                raise forms.ValidationError(
                    _("« %(text)s » n’est pas un jour : écrivez 25/12/2026.") % {"text": text[:40]}
                ) from error
        return sorted(set(days))

    def clean(self) -> dict[str, Any]:
        """What is chosen, as an event keeps it."""
        facts: dict[str, Any] = super().clean() or {}
        event = self.instance
        event.accessibility = facts.get("access") or []
        event.is_accessible = WHEEL in event.accessibility
        event.registration = [line.strip() for line in (facts.get("contacts") or "").splitlines() if line.strip()]
        if any(not line.startswith(("https://", "http://", "mailto:", "tel:")) for line in event.registration):
            self.add_error("contacts", _("Chaque ligne commence par https://, mailto: ou tel:."))
        if "timings" in self.formsets and facts.get("zone"):
            self._clean_dates(facts)
        event.uid = event.uid or str(uuid4())
        return facts

    def _post_clean(self) -> None:
        super()._post_clean()
        if {"city", "postcode"} & set(self.changed_data) and "commune" not in self.changed_data:
            self.instance.commune = ""  # it was of the place that was written before
        placed(self.instance)
        if self.instance.commune and "commune" in self.changed_data and not _is_commune(self.instance):
            self.add_error("commune", _("Aucune commune n’a ce code. Laissez vide : le nom de la commune suffit."))

    def _clean_dates(self, facts: dict[str, Any]) -> None:
        clocks = ZoneInfo(facts["zone"])
        forms_of_dates = [form for form in self.formsets["timings"].forms if form.is_valid()]
        rows = [form for form in forms_of_dates if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        starts = [self._clean_timing(form, clocks) for form in rows]
        is_same = not {"repeats", "until", "except_on", "zone"} & set(self.changed_data)
        if is_same and not self.formsets["timings"].has_changed():
            return  # what a calendar gave besides, such as one date that was moved, stays
        self._clean_rule(facts, starts)

    def _clean_rule(self, facts: dict[str, Any], starts: Sequence[datetime]) -> None:
        event, repeats, until = self.instance, facts.get("repeats"), facts.get("until")
        if repeats and not starts:
            self.add_error("repeats", _("Une répétition part d’une première date."))
        elif repeats and until and until < starts[0].date():
            self.add_error("until", _("La répétition finit avant sa première date."))
        elif repeats == "other":
            event.more_dates = {**event.more_dates, **_exceptions(facts, starts[0])}
        else:
            event.rule = _rule(repeats, starts[0].date(), until) if repeats else ""
            event.more_dates = _exceptions(facts, starts[0]) if repeats else {}
        try:
            if repeats and starts:
                check_rule(event.rule, starts[0])
        except ParvisError as error:
            self.add_error("repeats", sentence(error))

    def _clean_timing(self, form: forms.ModelForm, clocks: ZoneInfo) -> datetime:
        """The start as the clocks show it; the row is given what it is kept as."""
        start, end = (
            timezone.make_naive(form.cleaned_data[name]) if form.cleaned_data.get(name) else None
            for name in ("start", "end")
        )
        if start is None or end is None:
            return datetime.min  # noqa: DTZ901 - its own error is already told
        if start.year not in YEARS or end.year not in YEARS:
            form.add_error("start", _("Cette année ne peut pas être celle d’un événement."))
            self.add_error(None, _("Une date a une année impossible."))
        elif end < start:
            form.add_error("end", _("La fin est avant le début."))
            self.add_error(None, _("Une date finit avant de commencer."))
        if form.cleaned_data.get("all_day"):
            # The last day is written, midnight after it is kept.
            start, end = datetime.combine(start, time()), datetime.combine(end, time()) + timedelta(days=1)
        form.instance.start, form.instance.end = (moment.replace(tzinfo=clocks) for moment in (start, end))
        return start


def _exceptions(facts: dict[str, Any], first: datetime) -> dict[str, Any]:
    return {"exceptions": [datetime.combine(day, first.time()).isoformat() for day in facts.get("except_on") or ()]}


def _show_on_clocks(form: forms.ModelForm, clocks: ZoneInfo) -> None:
    """What the clocks of the place show, as if they were the portal's, whose fields Django writes and reads."""
    timing = form.instance
    if not timing.start or not timing.end:
        return
    moments = {"start": timing.start, "end": timing.end - _MINUTE if timing.all_day else timing.end}
    for name, moment in moments.items():
        form.initial[name] = timezone.make_aware(moment.astimezone(clocks).replace(tzinfo=None))


def _rule(repeats: str, first: date, until: date | None) -> str:
    if repeats == "same":
        repeats = f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1}{_WEEKDAYS[first.weekday()]}"
    return f"{repeats};UNTIL={until:%Y%m%d}T235959" if until else repeats


def _usual(rule: str, first: date | None) -> tuple[str, date | None]:
    """The choice that a rule is, and its last day; « other » when the form could not write it again."""
    text, _mark, end = rule.partition(";UNTIL=")
    until = _day(end)
    for value, _label in REPEATS:
        if first is not None and value and _rule(value, first, until) == rule:
            return value, until
    return ("other", None) if text else ("", None)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _is_commune(event: Any) -> bool:
    return event.territory is not None and event.commune in (event.territory.code, *event.territory.former_codes)
