"""« Discussions » in the back office: what waits, every message with its export, and the datasets whose discussions are closed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from parvis.domains.discussions import selectors, services
from parvis.domains.discussions.models import DatasetDiscussions, Message
from parvis.domains.discussions.rules import State
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import ListScreen, Screen, ScreenSet
from parvis.hub.catalogue.selectors import dataset as dataset_of
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.visitors.moderation import Decision, ModerationScreen, Waiting

DECISIONS = {
    "montrer": Decision(gettext_lazy("Montrer, personnes masquées")),
    "entier": Decision(gettext_lazy("Montrer tel quel")),
    "masquer": Decision(gettext_lazy("Masquer"), asks_reason=True),
    "effacer": Decision(gettext_lazy("Effacer pour toujours")),
}


class Queue(ModerationScreen):
    """Messages that seem to name somebody, and those that readers reported."""

    page_title = gettext_lazy("Discussions")
    header_icon = "comment"
    decisions: ClassVar = DECISIONS
    advice = gettext_lazy(
        "Un message qui semble nommer une personne n’est montré qu’une fois relu. Un message signalé reste en ligne tant que "
        "vous ne décidez rien."
    )

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The other screens."""
        return [
            HeaderButton(_("Tous les messages"), url=reverse("discussions_admin:list"), icon_name="list-ul"),
            HeaderButton(_("Ouvrir, fermer"), url=reverse("discussions_admin:datasets"), icon_name="lock-open"),
        ]

    def waiting(self) -> list[Waiting]:
        """Those of the datasets for which the person publishes."""
        return [_as_waiting(message) for message in selectors.waiting_for(self.actor)]

    def decide(self, key: int, stamp: int, decision: str, reason: str) -> None:
        """Show it, hide it, or erase it."""
        if decision == "effacer":
            services.erase_for_all(self.actor, selectors.message_at(key), revision=stamp)
            return
        state = State.HIDDEN if decision == "masquer" else State.SHOWN
        message = selectors.message_at(key)
        services.decide(self.actor, message, state, revision=stamp, reason=reason, whole=decision == "entier")


def _as_waiting(message: Message) -> Waiting:
    dataset = message.thread.dataset
    notes = [_("Semble nommer une personne.")] if message.held else []
    if message.reports:
        notes.append(_("Signalé %(count)d fois.") % {"count": message.reports})
    return Waiting(
        key=message.pk,
        stamp=message.revision,
        title=message.original_title or message.thread.title or dataset.title,
        text=message.original or message.text,
        since=message.sent,
        place=dataset.title,
        place_address=reverse("dataset-discussions", kwargs={"dataset_id": dataset.dataset_id}),
        signature=message.signature,
        notes=tuple(notes),
    )


class MessageList(ListScreen):
    """Every message, to search, to hide one that nobody reported, and to take away as a table."""

    page_title = gettext_lazy("Tous les messages")
    header_icon = "comment"
    default_ordering = "-sent"
    list_export: ClassVar = [
        "sent",
        "thread.dataset.dataset_id",
        "thread.title",
        "text",
        "signature",
        "is_answer",
        "state",
    ]
    export_filename = "discussions"

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """What it says, where, who, its state."""
        return [
            TitleColumn("text", label=_("Message"), accessor=lambda row: row.text[:160], get_url=self._address),
            Column("dataset", label=_("Jeu de données"), accessor="thread.dataset.title"),
            Column("signature", label=_("Signature")),
            Column("state", label=_("État"), accessor="get_state_display"),
            DateColumn("sent", label=_("Envoyé"), sort_key="sent"),
        ]

    def _address(self, message: Message) -> str:
        return reverse("discussions_admin:message", args=[message.pk])

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse("discussions_admin:queue"), _("Discussions"))]

    def get_base_queryset(self) -> QuerySet[Message]:
        """Through the person's eyes."""
        return selectors.moderated_by(self.actor)


class OneMessage(Queue):
    """One message, whatever its state."""

    page_title = gettext_lazy("Message")

    def trail(self) -> list[tuple[str, str]]:
        """The queue and the list."""
        return [
            (reverse("discussions_admin:queue"), _("Discussions")),
            (reverse("discussions_admin:list"), _("Tous les messages")),
        ]

    def waiting(self) -> list[Waiting]:
        """That one; none for who does not moderate it."""
        return [_as_waiting(row) for row in selectors.moderated_by(self.actor).filter(pk=self.kwargs["key"])]


class Datasets(Screen):
    """The datasets of the person's organisations, and whether people may write about each."""

    template_name = "discussions/backoffice/datasets.html"
    page_title = gettext_lazy("Ouvrir ou fermer les discussions")
    header_icon = "lock-open"

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse("discussions_admin:queue"), _("Discussions"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those, by title."""
        closed = set(DatasetDiscussions.objects.filter(closed=True).values_list("dataset_id", flat=True))
        datasets = datasets_managed_by(self.actor).order_by("title")
        return {**super().get_context_data(**kwargs), "datasets": [(row, row.pk in closed) for row in datasets]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Close or open those of one dataset."""
        row = dataset_of(self.actor, request.POST.get("jeu", "")[:100])
        services.close_dataset(self.actor, row, closed=request.POST.get("acte") == "fermer")
        messages.success(request, _("C’est enregistré."))
        return redirect(request.path)


SCREENS = ScreenSet(
    "discussions_admin",
    "discussions",
    ("", Queue, "queue"),
    ("messages/", MessageList, "list"),
    ("messages/<int:key>/", OneMessage, "message"),
    ("jeux/", Datasets, "datasets"),
    menu_order=420,
    shown=may_deposit,
)
