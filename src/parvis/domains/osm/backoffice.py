"""« OpenStreetMap » in the back office: what is compared, and extracts received."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import stored_error
from parvis.core.translation import SOURCE
from parvis.domains.osm.forms import ConflationForm, ExtractForm
from parvis.domains.osm.kinds import EXTRACT
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.received import extracts_received
from parvis.domains.osm.schedule import ask_to_compare
from parvis.domains.osm.selectors import with_runs
from parvis.hub.backoffice.screens import FormScreen, ScreenSet
from parvis.hub.backoffice.viewsets import CivicViewSet, FormColumn, RecordIndexView
from parvis.hub.datastore.services import append, open_deposit
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.selectors import managed_at

PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("organisation"),
            FieldPanel("title"),
            FieldPanel("dataset_id"),
            FieldPanel("osm_dataset_id"),
            FieldPanel("theme"),
            FieldPanel("key_columns"),
        ],
        heading=gettext_lazy("Ce qui est comparé"),
    ),
    MultiFieldPanel([FieldPanel("mapping")], heading=gettext_lazy("Comment colonnes et étiquettes se correspondent")),
    MultiFieldPanel(
        [FieldPanel("comment"), FieldRowPanel([FieldPanel("hashtag"), FieldPanel("source")])],
        heading=gettext_lazy("Ce qui accompagne chaque envoi à OpenStreetMap"),
    ),
]


class RunColumn(FormColumn):
    """What the last comparison found, and a button to compare again."""

    cell_template_name = "osm/backoffice/run.html"

    def get_cell_context_data(self, instance: Conflation, parent_context: dict[str, Any]) -> dict[str, Any]:
        """The last comparison, its error in the language of the page."""
        run = instance.run
        error = stored_error(run.error, get_language() or SOURCE)[0] if run else ""
        return {**super().get_cell_context_data(instance, parent_context), "run": run, "error": error}


class ConflationIndexView(RecordIndexView):
    """The list; a POST with ``rapprochement`` has that one compared in the background."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The way to receive an extract."""
        button = HeaderButton(_("Recevoir un extrait"), url=reverse("osm_extracts:extract"), icon_name="download")
        return [*super().header_more_buttons, button]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each one of the page with its last comparison."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["object_list"] = with_runs(list(context["object_list"]))
        return context

    def post(self, request: HttpRequest) -> HttpResponse:
        """Compare one; NotFound for one that the person may not change."""
        conflation = managed_at(Conflation, self.actor, request.POST.get("rapprochement", "")[:90])
        ask_to_compare(self.actor, conflation)
        messages.success(request, _("« %(title)s » va être comparé.") % {"title": conflation.title})
        return redirect(request.path)


class ConflationViewSet(CivicViewSet):
    """The screens of conflations."""

    model = Conflation
    new_title = gettext_lazy("Nouveau rapprochement")
    edit_handler = ObjectList(PANELS, base_form_class=ConflationForm)
    base_url_path = "openstreetmap"
    icon = "site"
    menu_label = gettext_lazy("OpenStreetMap")
    menu_order = 170
    index_view_class = ConflationIndexView

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, and the last comparison."""
        title, *rest = super().list_display
        return [title, RunColumn("run", label=gettext_lazy("Dernière comparaison")), *rest]


class ExtractScreen(FormScreen):
    """A file of OpenStreetMap becomes a dataset, in the background."""

    page_title = gettext_lazy("Recevoir un extrait d’OpenStreetMap")
    header_icon = "download"
    template_name = "osm/backoffice/extract.html"
    form_class = ExtractForm

    def trail(self) -> list[tuple[str, str]]:
        """The list of conflations."""
        return [(reverse("osm-reviews_admin:list"), _("OpenStreetMap"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What became of the last files."""
        return {**super().get_context_data(**kwargs), "received": extracts_received(self.actor)}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose organisations are offered."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def act(self, form: ExtractForm) -> HttpResponse:
        """Keep the file and ask for it to be read."""
        fields = form.cleaned_data
        upload = fields["file"]
        deposit = open_deposit(self.actor, upload.name, upload.size)
        append(self.actor, deposit, 0, upload)
        names = ("theme", "territory", "dataset", "may_shrink", "organisation", "identifier")
        order = {"file": upload.name[:200], **{name: fields.get(name, "") for name in names}}
        enqueue(self.actor, EXTRACT, deposit=str(deposit.pk), order=order)
        messages.success(self.request, _("Le fichier est reçu : ce qu’il devient est dit au bas de cette page."))
        return redirect("osm_extracts:extract")


EXTRACTS = ScreenSet("osm_extracts", "openstreetmap-extraits", ("", ExtractScreen, "extract"))
