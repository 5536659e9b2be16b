"""« Demandes de données » in the back office: what waits for an answer, what is to be read, letters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from parvis.domains.requests import selectors, services
from parvis.domains.requests.forms import AnswerForm
from parvis.domains.requests.models import DataRequest, Letter
from parvis.domains.requests.presentation import remedy_words, silence_words, state_words
from parvis.domains.requests.rules import Stage
from parvis.hub.backoffice.screens import FormScreen, ListScreen, Screen, ScreenSet
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordForm, RecordIndexView
from parvis.hub.visitors.moderation import Decision, ModerationScreen, Waiting


class RequestIndexView(RecordIndexView):
    """Requests, with the ways to what waits; what nobody confirmed is read by nobody."""

    default_ordering = "-received"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """What waits, and letters."""
        return [
            *super().header_more_buttons,
            HeaderButton(_("À répondre"), url=reverse("requests_queue:waiting"), icon_name="mail"),
            HeaderButton(_("À relire"), url=reverse("requests_queue:queue"), icon_name="tasks"),
            HeaderButton(_("Messages reçus"), url=reverse("requests_queue:letters"), icon_name="comment"),
        ]

    def get_base_queryset(self) -> QuerySet[DataRequest]:
        """Without those that remain to be confirmed."""
        return super().get_base_queryset().filter(to_confirm=False)


class RequestViewSet(CivicViewSet):
    """The screens of requests."""

    model = DataRequest
    new_title = gettext_lazy("Nouvelle demande de données")
    edit_handler = ObjectList(
        [
            FieldPanel("organisation"),
            FieldPanel("title"),
            FieldPanel("text"),
            FieldPanel("kind"),
            FieldPanel("about"),
            FieldPanel("signature"),
        ],
        base_form_class=RecordForm,
    )
    base_url_path = "demandes"
    menu_label = gettext_lazy("Demandes")
    icon = "mail"
    menu_order = 440
    index_view_class = RequestIndexView
    list_filter = ["stage", "status", "kind", "organisation"]
    list_export = [
        "title",
        "slug",
        "kind",
        "about",
        "signature",
        "organisation",
        "received",
        "stage",
        "answered",
        "ground",
        "answer",
        "votes",
        "status",
    ]

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, its answer and its delay."""
        title, *rest = super().list_display
        state = Column("stage", label=gettext_lazy("Réponse"), accessor=state_words, sort_key="received")
        votes = Column("votes", label=gettext_lazy("Soutiens"), sort_key="votes")
        return [title, state, votes, *rest]


class _BelowRequests:
    """A screen beside the list."""

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("requests_admin:list"), _("Demandes de données"))]


class Queue(_BelowRequests, ModerationScreen):
    """Requests whose page nobody decided yet."""

    page_title = gettext_lazy("Demandes à relire")
    header_icon = "tasks"
    advice = gettext_lazy(
        "Vous décidez ici si la demande est montrée à tous. Montrée ou non, la loi vous donne un mois pour y répondre."
    )
    decisions: ClassVar = {
        "montrer": Decision(gettext_lazy("Montrer")),
        "masquer": Decision(gettext_lazy("Montrer, personnes masquées")),
        "refuser": Decision(gettext_lazy("Ne pas montrer"), asks_reason=True),
    }

    def waiting(self) -> list[Waiting]:
        """Those of the organisations for which the person publishes."""
        return [_as_waiting(row) for row in selectors.to_read(self.actor)]

    def decide(self, key: int, stamp: int, decision: str, reason: str) -> None:
        """Show it or not."""
        row = selectors.answerable(self.actor, key)
        if decision == "refuser":
            services.hide(self.actor, row, revision=stamp, reason=reason)
        else:
            services.accept(self.actor, row, revision=stamp, masked=decision == "masquer")


def _as_waiting(row: DataRequest) -> Waiting:
    notes = [state_words(row)]
    if row.held:
        notes.append(_("Semble nommer une personne."))
    return Waiting(
        key=row.pk,
        stamp=row.revision,
        title=row.title,
        text=row.text,
        since=row.created,
        place=row.organisation.name,
        signature=row.signature,
        notes=tuple(notes),
        change_address=reverse("requests_queue:answer", args=[row.pk]),
    )


class WaitingList(_BelowRequests, Screen):
    """Requests that wait for an answer, the most urgent first."""

    template_name = "requests/backoffice/waiting.html"
    page_title = gettext_lazy("Demandes à répondre")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those, with their dates."""
        rows = [(row, state_words(row)) for row in selectors.to_answer(self.actor)[:200]]
        return {**super().get_context_data(**kwargs), "rows": rows}


class Answer(_BelowRequests, FormScreen):
    """One request, and its answer."""

    template_name = "requests/backoffice/answer.html"
    form_class = AnswerForm
    page_title = gettext_lazy("Répondre à une demande")
    header_icon = "mail"
    done = gettext_lazy("La réponse est envoyée et notée à sa date.")

    @cached_property
    def row(self) -> DataRequest:
        """That of the address; NotFound for who may not read it."""
        return selectors.answerable(self.actor, self.kwargs["key"])

    def get_initial(self) -> dict[str, Any]:
        """The revision that was opened."""
        return {"revision": self.row.revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The request, its state and its remedies."""
        return {
            **super().get_context_data(**kwargs),
            "row": self.row,
            "state": state_words(self.row),
            "silence": silence_words(self.row),
            "remedy": remedy_words(self.row),
            "is_waiting": Stage(self.row.stage).is_waiting,
        }

    def act(self, form: AnswerForm) -> HttpResponse | None:
        """Answer it."""
        fields = form.cleaned_data
        names = selectors.datasets_named(self.actor, fields["datasets"])
        services.answer(
            self.actor,
            self.row,
            Stage(fields["stage"]),
            fields["text"],
            revision=fields["revision"] or 0,
            ground=fields["ground"],
            datasets=names,
        )
        return None

    def fallback(self) -> str:
        """The list."""
        return reverse("requests_admin:list")


class LetterList(_BelowRequests, ListScreen):
    """Letters to the organisations of the person."""

    page_title = gettext_lazy("Messages reçus")
    header_icon = "comment"
    default_ordering = "-received"
    list_export: ClassVar = ["received", "organisation.name", "subject", "text", "signature", "email"]
    export_filename = "messages"

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """What it is about, to whom, of whom, when."""
        return [
            TitleColumn("subject", label=_("Objet"), get_url=self._address),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("signature", label=_("Signature")),
            DateColumn("received", label=_("Reçu"), sort_key="received"),
        ]

    def _address(self, letter: Letter) -> str:
        return reverse("requests_queue:letter", args=[letter.pk])

    def get_base_queryset(self) -> QuerySet[Letter]:
        """Through the person's eyes."""
        return selectors.letters_to(self.actor)


class OneLetter(Screen):
    """One letter."""

    template_name = "requests/backoffice/letter.html"
    page_title = gettext_lazy("Message reçu")
    header_icon = "comment"

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("requests_queue:letters"), _("Messages reçus"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """That of the address; NotFound for who may not read it."""
        return {**super().get_context_data(**kwargs), "letter": selectors.letter_at(self.actor, self.kwargs["key"])}


QUEUE = ScreenSet(
    "requests_queue",
    "demandes-de-donnees",
    ("", Queue, "queue"),
    ("a-repondre/", WaitingList, "waiting"),
    ("repondre/<int:key>/", Answer, "answer"),
    ("messages/", LetterList, "letters"),
    ("messages/<int:key>/", OneLetter, "letter"),
)
