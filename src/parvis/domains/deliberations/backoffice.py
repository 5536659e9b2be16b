"""« Actes » and « Séances » in the back office: lists, sittings and their acts, assemblies and those elected."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound
from parvis.domains.deliberations.deadlines.screens import ToDo
from parvis.domains.deliberations.deposit.agendas import agenda_read_for, take_over_agenda
from parvis.domains.deliberations.deposit.box_screens import Boxes
from parvis.domains.deliberations.deposit.screens import (
    Annex,
    BelowActs,
    Confirm,
    Cut,
    Deposit,
    Original,
    PagePicture,
    Publish,
    ReadAgain,
    Withdraw,
    in_words,
)
from parvis.domains.deliberations.models import Act, Assembly, Official, Session
from parvis.domains.deliberations.online.publishing import publish_session
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.people import save_assembly, save_official
from parvis.domains.deliberations.selectors import (
    acts_of_session,
    assemblies_managed_by,
    files_of,
    officials_managed_by,
    to_confirm,
)
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.backoffice.screens import ActorMixin, FormScreen, ListScreen, Screen, ScreenSet, sentence
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordForm, RecordIndexView
from parvis.hub.records.selectors import managed_by
from parvis.hub.ui.formatting import day


class ActIndexView(RecordIndexView):
    """Acts, with the ways to read them again."""

    default_ordering = "-date"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """What waits, sittings, those elected."""
        return [
            HeaderButton(_("À relire"), url=reverse("acts:waiting"), icon_name="tasks"),
            HeaderButton(_("À faire"), url=reverse("acts:to-do"), icon_name="time"),
            HeaderButton(_("Assemblées"), url=reverse("acts:assemblies"), icon_name="group"),
            HeaderButton(_("Élus"), url=reverse("acts:officials"), icon_name="user"),
        ]


def day_words(act: Act) -> str:
    """Its date."""
    return day(act.date) if act.date else ""


def state_words(act: Act) -> str:
    """Where an act stands."""
    if act.withdrawn_at:
        return _("retiré")
    if act.live:
        return _("en ligne")
    return _("confirmé") if act.confirmed_at else _("à relire")


class ActViewSet(CivicViewSet):
    """The list of acts; each is read and confirmed on its own screen."""

    model = Act
    new_title = gettext_lazy("Déposer des actes")
    base_url_path = "actes"
    menu_label = gettext_lazy("Actes")
    icon = "doc-full"
    menu_order = 180
    index_view_class = ActIndexView
    list_filter = ["status", "kind", "organisation", "session"]
    list_export = ["number", "date", "title", "kind", "matter", "outcome", "organisation", "status", "slug"]
    search_fields = ["title", "number", "slug"]

    @cached_property
    def list_display(self) -> list[Any]:
        """Number, title, day, state."""
        return [
            TitleColumn(
                "title", label=gettext_lazy("Objet"), get_url=lambda act: reverse("acts:confirm", args=[act.pk])
            ),
            Column("number", label=gettext_lazy("Numéro"), sort_key="number"),
            Column("date", label=gettext_lazy("Date"), accessor=day_words, sort_key="date"),
            Column("organisation", label=gettext_lazy("Organisation"), accessor="organisation.name"),
            Column("state", label=gettext_lazy("État"), accessor=state_words),
        ]

    @property
    def add_view(self) -> Any:
        """An act begins with its file."""
        return lambda request: redirect(reverse("acts:deposit"))

    @property
    def edit_view(self) -> Any:
        """The screen where it is read again."""
        return lambda request, pk: redirect(reverse("acts:confirm", args=[pk]))


class WaitingActs(BelowActs, ListScreen):
    """Acts that somebody has to read again."""

    page_title = gettext_lazy("Actes à relire")
    header_icon = "tasks"
    index_url_name = "acts:waiting"

    def get_base_queryset(self) -> QuerySet[Act]:
        """Those of the person's organisations."""
        return to_confirm(self.actor)

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Number, title, day."""
        return [
            TitleColumn("title", label=_("Objet"), get_url=lambda act: reverse("acts:confirm", args=[act.pk])),
            Column("number", label=_("Numéro")),
            Column("date", label=_("Date"), accessor=day_words),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
        ]


class SessionForm(RecordForm):
    """A sitting of an assembly of its own organisation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "assembly" in self.fields:
            own = organisations_where(actor_of(self.for_user), "edit")
            self.fields["assembly"].queryset = Assembly.objects.filter(organisation__in=own)

    def clean(self) -> dict[str, Any]:
        """Its assembly is of the organisation that holds it."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        assembly, organisation = facts.get("assembly"), facts.get("organisation")
        if assembly and organisation and assembly.organisation_id != organisation.pk:
            self.add_error("assembly", _("Cette assemblée est d’une autre organisation."))
        return facts


class SessionViewSet(CivicViewSet):
    """The screens of sittings."""

    model = Session
    new_title = gettext_lazy("Nouvelle séance")
    base_url_path = "seances"
    menu_label = gettext_lazy("Séances")
    icon = "calendar"
    menu_order = 181
    edit_handler = ObjectList(
        [
            FieldPanel("organisation"),
            FieldPanel("assembly"),
            FieldPanel("title"),
            MultiFieldPanel(
                [FieldPanel("held_on"), FieldPanel("begins_at"), FieldPanel("location"), FieldPanel("convened_on")],
                gettext_lazy("Quand et où"),
            ),
            FieldPanel("state"),
            MultiFieldPanel(
                [FieldPanel("president"), FieldPanel("secretary"), FieldPanel("members")], gettext_lazy("Qui")
            ),
            FieldPanel("minutes_approved_on"),
            InlinePanel(
                "items",
                heading=gettext_lazy("Ordre du jour"),
                label=gettext_lazy("Point"),
                panels=[FieldPanel("number"), FieldPanel("title"), FieldPanel("is_open")],
            ),
        ],
        base_form_class=SessionForm,
    )
    list_filter = ["state", "status", "assembly", "organisation"]

    @cached_property
    def list_display(self) -> list[Any]:
        """Title, day, what becomes of it, its acts."""
        title, *rest = super().list_display
        acts = TitleColumn(
            "acts", label=gettext_lazy("Actes"), accessor=lambda row: _("Voir les actes"),
            get_url=lambda row: reverse("acts:session", args=[row.pk]),
        )  # fmt: skip
        held_on = Column(
            "held_on", label=gettext_lazy("Date"), accessor=lambda row: day(row.held_on), sort_key="held_on"
        )
        return [title, held_on, acts, *rest]


class OfOneSession(BelowActs):
    """A screen about one sitting; NotFound for whom it is not theirs to change."""

    @cached_property
    def session(self) -> Session:
        """That of the address."""
        session = managed_by(Session, self.actor).select_related("assembly").filter(pk=self.kwargs["key"]).first()
        if session is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return session


class SessionActs(OfOneSession, Screen):
    """A sitting: its acts in order, what each lacks, and putting online all that is ready."""

    template_name = "deliberations/backoffice/session.html"
    header_icon = "calendar"

    def get_page_title(self) -> str:
        """That of the sitting."""
        return self.session.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its acts, what each lacks."""
        acts = acts_of_session(self.session)
        files = files_of(acts)
        rows = [(act, state_words(act), in_words(missing_of(act, files[act.pk]))) for act in acts]
        return {
            **super().get_context_data(**kwargs),
            "session": self.session,
            "agenda": agenda_read_for(self.session),
            "rows": rows,
            "ready": sum(not act.live and not missing for act, _state, missing in rows),
            "is_done": self.session.live and all(act.live for act in acts),
            "may_publish": may(self.actor, "publish", self.session.organisation_id),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put online all that is ready, and tell what is not."""
        report = publish_session(self.actor, self.session)
        count = len(report.published)
        words = ngettext("%(count)d acte mis en ligne.", "%(count)d actes mis en ligne.", count)
        messages.success(request, words % {"count": count})
        for _act, error in report.refused:
            messages.warning(request, sentence(error))
        return redirect(request.path)


class AgendaOfPapers(OfOneSession, ActorMixin, View):
    """Gives a sitting the agenda that its own papers print."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its points, to be read again on the form of the sitting."""
        count = take_over_agenda(self.actor, self.session)
        words = ngettext(
            "%(count)d point repris : relisez-le, les personnes nommées surtout.",
            "%(count)d points repris : relisez-les, les personnes nommées surtout.",
            count,
        )
        messages.success(self.request, words % {"count": count})
        return redirect(reverse("sessions_admin:edit", args=[self.session.pk]))

    def fallback(self) -> str:
        """The sitting."""
        return reverse("acts:session", args=[self.kwargs["key"]])


class AssemblyForm(forms.ModelForm):
    """An assembly of one of the person's organisations."""

    class Meta:
        model = Assembly
        fields: ClassVar = ["organisation", "kind", "name", "members", "meetings_a_year", "is_open"]

    def _post_clean(self) -> None:
        """The services write it."""


class OfficialForm(forms.ModelForm):
    """Somebody elected."""

    class Meta:
        model = Official
        fields: ClassVar = ["organisation", "given_name", "family_name", "quality", "group", "since", "until", "signs"]
        widgets: ClassVar = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("since", "until")
        }

    def _post_clean(self) -> None:
        """The services write it."""


class Assemblies(BelowActs, ListScreen):
    """The assemblies of the person's organisations."""

    page_title = gettext_lazy("Assemblées")
    header_icon = "group"
    default_ordering = "name"
    index_url_name = "acts:assemblies"
    add_url_name = "acts:new-assembly"
    add_item_label = gettext_lazy("Ajouter une assemblée")

    def get_base_queryset(self) -> QuerySet[Assembly]:
        """Those that the person may change."""
        return assemblies_managed_by(self.actor)

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Name, kind, organisation."""
        return [
            TitleColumn("name", label=_("Nom"), get_url=lambda row: reverse("acts:assembly", args=[row.pk])),
            Column("kind", label=_("Nature"), accessor="get_kind_display"),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
        ]


class Officials(BelowActs, ListScreen):
    """Those elected."""

    page_title = gettext_lazy("Élus")
    header_icon = "user"
    default_ordering = "family_name"
    index_url_name = "acts:officials"
    add_url_name = "acts:new-official"
    add_item_label = gettext_lazy("Ajouter un élu")

    def get_base_queryset(self) -> QuerySet[Official]:
        """Those of the person's organisations."""
        return officials_managed_by(self.actor)

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Name, quality, organisation, mandate."""
        return [
            TitleColumn(
                "family_name",
                label=_("Nom"),
                accessor="full_name",
                get_url=lambda row: reverse("acts:official", args=[row.pk]),
            ),
            Column("quality", label=_("Fonction")),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("until", label=_("Jusqu’au"), accessor=lambda row: day(row.until) if row.until else ""),
        ]


class RowScreen(BelowActs, FormScreen):
    """A form about an assembly or somebody elected: ``rows`` gives those of the person, ``save`` keeps it."""

    template_name = "deliberations/backoffice/row.html"
    header_icon = "group"
    list_name: ClassVar[str]

    def rows(self) -> QuerySet[Any]:
        """Those that the person may change."""
        raise NotImplementedError

    @cached_property
    def row(self) -> Any:
        """That of the address; None for a new one."""
        if "key" not in self.kwargs:
            return None
        row = self.rows().filter(pk=self.kwargs["key"]).first()
        if row is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return row

    def get_form(self, form_class: Any = None) -> Any:
        """Of one of the person's organisations, which does not change afterwards."""
        form = self.form_class(**self.get_form_kwargs(), instance=self.row)
        field = form.fields["organisation"]
        field.queryset, field.disabled = organisations_where(self.actor, "edit"), self.row is not None
        return form

    def get_success_url(self) -> str:
        """The list."""
        return reverse(self.list_name)


class AssemblyScreen(RowScreen):
    """One assembly."""

    page_title = gettext_lazy("Assemblée")
    form_class = AssemblyForm
    list_name = "acts:assemblies"

    def rows(self) -> QuerySet[Assembly]:
        """Those that the person may change."""
        return assemblies_managed_by(self.actor)

    def act(self, form: AssemblyForm) -> None:
        """Keep it."""
        save_assembly(self.actor, self.row, form.cleaned_data)


class OfficialScreen(RowScreen):
    """Somebody elected."""

    page_title = gettext_lazy("Élu")
    header_icon = "user"
    form_class = OfficialForm
    list_name = "acts:officials"

    def rows(self) -> QuerySet[Official]:
        """Those of the person's organisations."""
        return officials_managed_by(self.actor)

    def act(self, form: OfficialForm) -> None:
        """Keep it."""
        save_official(self.actor, self.row, form.cleaned_data)


SCREENS = ScreenSet(
    "acts",
    "deliberations",
    ("deposer/", Deposit, "deposit"),
    ("a-relire/", WaitingActs, "waiting"),
    ("a-faire/", ToDo, "to-do"),
    ("actes/<int:key>/", Confirm, "confirm"),
    ("actes/<int:key>/annexes/", Annex, "annex"),
    ("actes/<int:key>/decouper/", Cut, "cut"),
    ("actes/<int:key>/lire-a-nouveau/", ReadAgain, "read-again"),
    ("actes/<int:key>/zones/<int:file>/<int:page>/", Boxes, "boxes"),
    ("actes/<int:key>/mettre-en-ligne/", Publish, "publish"),
    ("actes/<int:key>/retirer/", Withdraw, "withdraw"),
    ("actes/<int:key>/fichiers/<int:file>/", Original, "original"),
    ("actes/<int:key>/fichiers/<int:file>/pages/<int:page>.webp", PagePicture, "picture"),
    ("seances/<int:key>/", SessionActs, "session"),
    ("seances/<int:key>/ordre-du-jour/", AgendaOfPapers, "agenda"),
    ("assemblees/", Assemblies, "assemblies"),
    ("assemblees/nouvelle/", AssemblyScreen, "new-assembly"),
    ("assemblees/<int:key>/", AssemblyScreen, "assembly"),
    ("elus/", Officials, "officials"),
    ("elus/nouveau/", OfficialScreen, "new-official"),
    ("elus/<int:key>/", OfficialScreen, "official"),
)
