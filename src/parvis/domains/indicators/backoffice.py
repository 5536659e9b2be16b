"""« Indicateurs » in the back office: those that the person may change, with their last figure, and a way to compute one again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from parvis.domains.indicators import services
from parvis.domains.indicators.collection import IndicatorCollection
from parvis.domains.indicators.edit_screens import EditScreen
from parvis.domains.indicators.models import Indicator
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordIndexView
from parvis.hub.records.selectors import managed_at


class FigureColumn(Column):
    """The figure of the day, its state, and a button to compute it again."""

    cell_template_name = "indicators/backoffice/figure.html"


class IndicatorIndexView(RecordIndexView):
    """The list; a POST with ``indicateur`` asks for that one to be computed in the background."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each indicator of the page with what its public page tells."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["object_list"] = IndicatorCollection().prepared(list(context["object_list"]), self.actor)
        return context

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have one computed; NotFound for one that the person may not change."""
        indicator = managed_at(Indicator, self.actor, request.POST.get("indicateur", "")[:80])
        services.ask_to_compute(self.actor, indicator)
        messages.success(request, _("« %(title)s » va être recalculé.") % {"title": indicator.title})
        return redirect(request.path)


class IndicatorViewSet(CivicViewSet):
    """The screens of indicators."""

    model = Indicator
    maker = EditScreen
    base_url_path = "indicateurs"
    new_path = "nouveau/"
    icon = "order"
    menu_order = 12.5
    index_view_class = IndicatorIndexView

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, and the figure."""
        title, *rest = super().list_display
        return [title, FigureColumn("figure", label=gettext_lazy("Dernier chiffre")), *rest]
