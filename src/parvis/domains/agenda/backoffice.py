"""« Agenda » in the back office: events and sources by the kit's screens, and those that look the same side by side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound
from parvis.core.translation import SOURCE
from parvis.domains.agenda.forms import MOMENT, EventForm
from parvis.domains.agenda.kinds import READ
from parvis.domains.agenda.models import Event, EventSource
from parvis.domains.agenda.rules import report_words
from parvis.domains.agenda.selectors import look_alikes
from parvis.domains.agenda.services import merge_events, tell_apart
from parvis.hub.backoffice.screens import Screen
from parvis.hub.backoffice.viewsets import CivicViewSet, FormColumn, RecordForm, RecordIndexView
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.selectors import managed_at, managed_by

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
                panels=[
                    FieldRowPanel(
                        [FieldPanel("start", widget=MOMENT), FieldPanel("end", widget=MOMENT), FieldPanel("all_day")]
                    )
                ],
                label=gettext_lazy("Date"),
                min_num=1,
            ),
            FieldRowPanel([FieldPanel("repeats"), FieldPanel("until")]),
            FieldPanel("except_on"),
            FieldPanel("zone"),
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
    new_title = gettext_lazy("Nouvel événement")
    edit_handler = ObjectList(PANELS, base_form_class=EventForm)
    base_url_path = "agenda"
    icon = "calendar-alt"
    menu_order = 250
    index_view_class = EventIndexView
    list_filter = ["status", "state", "organisation", "city"]
    list_export = ["title", "slug", "organisation", "status", "city", "next_start", "modified"]
    export_headings: ClassVar[dict[str, Any]] = {"next_start": gettext_lazy("Prochaine date")}

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


class ReportColumn(FormColumn):
    """What the last reading gave, and a button to read again."""

    cell_template_name = "agenda/backoffice/report.html"

    def get_cell_context_data(self, instance: EventSource, parent_context: dict[str, Any]) -> dict[str, Any]:
        """The report in the language of the page."""
        report = report_words(instance.report, get_language() or SOURCE)
        return {**super().get_cell_context_data(instance, parent_context), "report": report}


class SourceViewSet(CivicViewSet):
    """The screens of sources."""

    model = EventSource
    new_title = gettext_lazy("Nouvelle source de l’agenda")
    edit_handler = ObjectList(
        [FieldPanel("organisation"), FieldPanel("title"), FieldPanel("location"), FieldPanel("publishes")],
        base_form_class=RecordForm,
    )
    base_url_path = "agenda-sources"
    icon = "download"
    menu_order = 251
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
        kept_uid = request.POST.get("garde", "")
        if kept_uid == first.uid:
            merge_events(self.actor, first, second)
        elif kept_uid == second.uid:
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
