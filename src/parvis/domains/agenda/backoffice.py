"""« Agenda » in the back office: events and sources by the kit's screens, and those that look the same side by side."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.calendars.rules import check_rule
from parvis.core.errors import NotFound, ParvisError
from parvis.domains.agenda.kinds import READ
from parvis.domains.agenda.models import Event, EventSource
from parvis.domains.agenda.presentation import ACCESS
from parvis.domains.agenda.selectors import look_alikes
from parvis.domains.agenda.services import merge_events, placed, tell_apart
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordForm, RecordIndexView
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.selectors import managed_at, managed_by

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
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class EventForm(RecordForm):
    """An event: usual repetitions are chosen in words, what it is to people in plain lists."""

    repeats = forms.ChoiceField(label=gettext_lazy("Répétition"), choices=REPEATS, required=False)
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au (compris)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
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
        rule, _mark, until = self.instance.rule.partition(";UNTIL=")
        known = {value for value, _label in REPEATS} - {"same"}
        if rule in known:
            usual = rule
        else:
            usual = "same" if rule.startswith("FREQ=MONTHLY;BYDAY=") and rule.count(";") == 1 else "other"
        if usual == "other":
            self.fields["repeats"].choices = [*REPEATS, OTHER]
        self.initial |= {
            "repeats": usual,
            "until": date.fromisoformat(f"{until[:4]}-{until[4:6]}-{until[6:8]}") if until[:8].isdigit() else None,
            "access": self.instance.accessibility,
            "contacts": "\n".join(self.instance.registration),
        }

    def clean(self) -> dict[str, Any]:
        """What is chosen, as an event keeps it."""
        facts: dict[str, Any] = super().clean() or {}
        event = self.instance
        event.accessibility = facts.get("access") or []
        event.is_accessible = "mi" in event.accessibility
        event.registration = [line.strip() for line in (facts.get("contacts") or "").splitlines() if line.strip()]
        if any(not line.startswith(("https://", "http://", "mailto:", "tel:")) for line in event.registration):
            self.add_error("contacts", _("Chaque ligne commence par https://, mailto: ou tel:."))
        timings = self.formsets.get("timings")
        if timings is not None:
            self._check_timings(timings, facts)
        event.uid = event.uid or str(uuid4())
        placed(event)
        return facts

    def _check_timings(self, timings: Any, facts: dict[str, Any]) -> None:
        rows = [form.cleaned_data for form in timings.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        rows = [row for row in rows if row.get("start") and row.get("end")]
        if any(row["end"] < row["start"] for row in rows):
            self.add_error(None, _("Une date finit avant de commencer."))
        if facts.get("repeats") in (None, "other"):
            return
        if not facts["repeats"]:
            self.instance.rule = ""
            return
        if not rows:
            self.add_error("repeats", _("Une répétition part d’une première date."))
            return
        self.instance.rule = self._rule(facts, rows[0]["start"].date())
        try:
            check_rule(self.instance.rule, rows[0]["start"])
        except ParvisError as error:
            self.add_error("repeats", sentence(error))

    def _rule(self, facts: dict[str, Any], first: date) -> str:
        rule = str(facts["repeats"])
        if rule == "same":
            rule = f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1}{_WEEKDAYS[first.weekday()]}"
        return f"{rule};UNTIL={facts['until']:%Y%m%d}T235959" if facts.get("until") else rule


PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("organisation"),
            FieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("text"),
            FieldPanel("picture"),
            FieldPanel("state"),
        ],
        heading=gettext_lazy("Ce que c’est"),
    ),
    MultiFieldPanel(
        [
            InlinePanel(
                "timings",
                panels=[FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("all_day")])],
                label=gettext_lazy("Date"),
                min_num=1,
            ),
            FieldRowPanel([FieldPanel("repeats"), FieldPanel("until")]),
        ],
        heading=gettext_lazy("Quand"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("mode"),
            FieldPanel("venue"),
            FieldPanel("address"),
            FieldRowPanel([FieldPanel("postcode"), FieldPanel("city"), FieldPanel("commune")]),
            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            FieldPanel("access"),
            FieldPanel("online_address"),
        ],
        heading=gettext_lazy("Où"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("theme"), FieldPanel("audience"), FieldPanel("is_free")]),
            FieldPanel("conditions"),
            FieldPanel("contacts"),
            FieldPanel("website"),
            FieldRowPanel([FieldPanel("organiser"), FieldPanel("series")]),
        ],
        heading=gettext_lazy("Pour qui, comment"),
    ),
]


class EventIndexView(RecordIndexView):
    """Events, with the way to those that look the same."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The duplicates to settle."""
        return [
            *super().header_more_buttons,
            HeaderButton(_("Doublons possibles"), url=reverse("agenda_look_alikes"), icon_name="copy"),
        ]


class EventViewSet(CivicViewSet):
    """The screens of events."""

    model = Event
    edit_handler = ObjectList(PANELS, base_form_class=EventForm)
    base_url_path = "agenda"
    icon = "calendar-alt"
    menu_order = 12.6
    index_view_class = EventIndexView
    list_filter = ["status", "state", "organisation", "city"]
    list_export = ["title", "slug", "organisation", "status", "city", "next_start", "modified"]

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, when and where."""
        title, *rest = super().list_display
        next_start = Column("next_start", label=gettext_lazy("Prochaine date"), sort_key="next_start")
        return [title, next_start, Column("city", label=gettext_lazy("Commune"), sort_key="city"), *rest]


class SourceIndexView(RecordIndexView):
    """Sources; a POST with ``source`` has one read in the background."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have one read now."""
        source = managed_at(EventSource, self.actor, request.POST.get("source", "")[:90])
        enqueue(self.actor, READ, source=source.pk)
        messages.success(request, _("« %(title)s » va être lue.") % {"title": source.title})
        return redirect(request.path)


class ReportColumn(Column):
    """What the last reading gave, and a button to read again."""

    cell_template_name = "agenda/backoffice/report.html"


class SourceViewSet(CivicViewSet):
    """The screens of sources."""

    model = EventSource
    edit_handler = ObjectList(
        [FieldPanel("organisation"), FieldPanel("title"), FieldPanel("location"), FieldPanel("publishes")],
        base_form_class=RecordForm,
    )
    base_url_path = "agenda-sources"
    icon = "download"
    menu_order = 12.7
    index_view_class = SourceIndexView

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, and the last reading."""
        title, *rest = super().list_display
        return [title, ReportColumn("report", label=gettext_lazy("Dernière lecture")), *rest]


class LookAlikesScreen(Screen):
    """Events that may be one, side by side: they are made one, or told apart."""

    template_name = "agenda/backoffice/look_alikes.html"
    page_title = gettext_lazy("Doublons possibles")
    header_icon = "copy"

    def trail(self) -> list[tuple[str, str]]:
        """The list of events."""
        return [(reverse("events_admin:list"), _("Agenda"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pairs, the surest first."""
        return {**super().get_context_data(**kwargs), "pairs": look_alikes(self.actor)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make one of two, keeping ``garde``, or tell them apart."""
        first, second = (self._event(request.POST.get(name, "")) for name in ("premier", "second"))
        kept = request.POST.get("garde", "")
        if kept == first.uid:
            merge_events(self.actor, first, second)
        elif kept == second.uid:
            merge_events(self.actor, second, first)
        else:
            tell_apart(self.actor, first, second)
        messages.success(request, _("C’est fait."))
        return redirect(request.path)

    def _event(self, uid: str) -> Event:
        event = managed_by(Event, self.actor).filter(uid=uid).first()
        if event is None:
            raise NotFound(name=uid[:80])
        return event


ADDRESSES = [path("agenda-doublons/", LookAlikesScreen.as_view(), name="agenda_look_alikes")]
