"""« Services » in the back office: the kit's screens, and a button that reads the description of a service."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from parvis.core.errors import ParvisError
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordCreateView, RecordEditView
from parvis.hub.dataservices.forms import ServiceForm, filled_by
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.services import read_description

READ = "action-read-description"
"""The button that reads."""


class DescriptionPanel(HelpPanel):
    """The button that reads the description of the service, and what it found."""

    class BoundPanel(HelpPanel.BoundPanel):
        """Told with the form."""

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """What was filled, what is proposed, or what went wrong."""
            facts = super().get_context_data(parent_context)
            return {**facts, "button": READ, **getattr(self.form, "described", {})}


class ReadsDescriptions:
    """A form of which one button reads the address of a description and keeps nothing."""

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read and show, or what the form does."""
        if READ not in request.POST:
            answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return answer
        if not hasattr(self, "object"):
            self.object = None
        described: dict[str, Any] = {}
        fields = request.POST.copy()
        try:
            description = read_description(request.POST.get("description_address", ""))
            fields, described["filling"] = filled_by(request.POST, description)
        except ParvisError as error:
            described["refused"] = sentence(error)
        opened = request.POST.get("opened_revision", "")
        request.POST = fields  # type: ignore[assignment]
        form = self.get_form()  # type: ignore[attr-defined]
        form.described = described
        self.form = form
        facts = self.get_context_data()  # type: ignore[attr-defined]
        if opened:
            # The form goes on from where it was opened: what somebody else saves meanwhile is not undone by it.
            facts["opened_revision"] = opened
        shown: HttpResponse = self.render_to_response(facts)  # type: ignore[attr-defined]
        return shown


class ServiceCreateView(ReadsDescriptions, RecordCreateView):
    """A new service."""


class ServiceEditView(ReadsDescriptions, RecordEditView):
    """A service that is changed."""


class DataServiceViewSet(CivicViewSet):
    """The screens of services."""

    model = DataService
    new_title = gettext_lazy("Nouveau service")
    add_view_class = ServiceCreateView
    edit_view_class = ServiceEditView
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("description_address"),
                    DescriptionPanel(template="dataservices/backoffice/description.html"),
                ],
                heading=gettext_lazy("Description lue par les programmes"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("organisation"),
                    FieldPanel("title"),
                    FieldPanel("kind"),
                    FieldPanel("text"),
                    FieldPanel("addresses"),
                    FieldPanel("documentation"),
                    FieldPanel("version"),
                ],
                heading=gettext_lazy("Ce que c’est"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("access"),
                    FieldPanel("access_address"),
                    FieldPanel("licence"),
                    FieldPanel("rate"),
                    FieldPanel("availability"),
                    FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_email")]),
                ],
                heading=gettext_lazy("Conditions"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("served"),
                    FieldPanel("theme_choices"),
                    FieldPanel("words"),
                    FieldPanel("parts"),
                ],
                heading=gettext_lazy("Ce qu’il sert"),
            ),
        ],
        base_form_class=ServiceForm,
    )
    base_url_path = "services"
    icon = "plug"
    menu_order = 135
    list_filter = ["status", "kind", "access", "organisation"]
    list_export = [
        "title",
        "slug",
        "identifier",
        "kind",
        "endpoints",
        "access",
        "organisation",
        "status",
        "failures",
        "modified",
    ]

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, its kind and whether it answers."""
        title, *rest = super().list_display
        kind = Column("kind", label=gettext_lazy("Nature"), accessor="get_kind_display", sort_key="kind")
        return [title, kind, Column("failures", label=gettext_lazy("Réponse"), accessor=answer_words), *rest]


def answer_words(service: DataService) -> str:
    """Whether it answers."""
    if service.checked is None:
        return _("pas encore suivi")
    return _("ne répond plus") if service.is_down else _("répond")
