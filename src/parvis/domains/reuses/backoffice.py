"""« Réutilisations » in the back office: those that wait, and all of them with their history and their export."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound
from parvis.domains.reuses import selectors, services
from parvis.domains.reuses.forms import ReuseRecordForm
from parvis.domains.reuses.models import Reuse
from parvis.hub.backoffice.screens import ScreenSet
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordIndexView
from parvis.hub.records.selectors import managed_by
from parvis.hub.visitors.moderation import Decision, ModerationScreen, Waiting


class ReuseIndexView(RecordIndexView):
    """Reuses, with the way to those that wait; what nobody confirmed is read by nobody."""

    default_ordering = "-created"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The queue."""
        button = HeaderButton(_("À relire"), url=reverse("reuses_queue:queue"), icon_name="tasks")
        return [*super().header_more_buttons, button]

    def get_base_queryset(self) -> QuerySet[Reuse]:
        """Without those that remain to be confirmed."""
        return super().get_base_queryset().filter(to_confirm=False)


class ReuseViewSet(CivicViewSet):
    """The screens of reuses."""

    model = Reuse
    new_title = gettext_lazy("Nouvelle réutilisation")
    edit_handler = ObjectList(
        [
            FieldPanel("organisation"),
            FieldPanel("title"),
            FieldPanel("kind"),
            FieldPanel("link"),
            FieldPanel("text"),
            FieldPanel("used"),
            FieldPanel("signature"),
            FieldPanel("picture_words"),
        ],
        base_form_class=ReuseRecordForm,
    )
    base_url_path = "reutilisations"
    icon = "pick"
    menu_order = 430
    index_view_class = ReuseIndexView
    list_filter = ["status", "kind", "organisation"]
    list_export = [
        "title",
        "slug",
        "kind",
        "link",
        "signature",
        "datasets",
        "organisation",
        "status",
        "failures",
        "created",
    ]

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, its kind and its link."""
        title, *rest = super().list_display
        kind = Column("kind", label=gettext_lazy("Nature"), accessor="get_kind_display", sort_key="kind")
        dead = Column("link", label=gettext_lazy("Lien"), accessor=link_words)
        return [title, kind, dead, *rest]


def link_words(reuse: Reuse) -> str:
    """Whether its link answers."""
    if reuse.checked is None:
        return _("pas encore suivi")
    return _("ne répond plus") if reuse.is_dead else _("répond")


class Queue(ModerationScreen):
    """Those that visitors sent and nobody decided yet."""

    page_title = gettext_lazy("Réutilisations à relire")
    header_icon = "tasks"
    advice = gettext_lazy("Ouvrez le lien avant de publier : c’est vous qui l’offrez à vos lecteurs.")
    decisions: ClassVar = {
        "publier": Decision(gettext_lazy("Publier")),
        "masquer": Decision(gettext_lazy("Publier, personnes masquées")),
        "refuser": Decision(gettext_lazy("Refuser"), asks_reason=True),
    }

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("reuses_admin:list"), _("Réutilisations"))]

    def waiting(self) -> list[Waiting]:
        """Those of the organisations for which the person publishes."""
        return [_as_waiting(reuse) for reuse in selectors.waiting_for(self.actor)]

    def decide(self, key: int, stamp: int, decision: str, reason: str) -> None:
        """Publish or refuse it."""
        reuse = managed_by(Reuse, self.actor).filter(pk=key, to_confirm=False).first()
        if reuse is None:
            raise NotFound(name=str(key))
        if decision == "refuser":
            services.refuse(self.actor, reuse, revision=stamp, reason=reason)
        else:
            services.accept(self.actor, reuse, revision=stamp, masked=decision == "masquer")


def _as_waiting(reuse: Reuse) -> Waiting:
    return Waiting(
        key=reuse.pk,
        stamp=reuse.revision,
        title=reuse.title,
        text=reuse.text,
        since=reuse.created,
        place=", ".join(reuse.datasets),
        signature=reuse.signature,
        notes=(_("Semble nommer une personne."),) if reuse.held else (),
        link=reuse.link,
        picture=reuse.picture_address,
        change_address=reverse("reuses_admin:edit", args=[reuse.pk]),
    )


QUEUE = ScreenSet("reuses_queue", "reutilisations-a-relire", ("", Queue, "queue"))
