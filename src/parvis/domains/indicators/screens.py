"""« Indicateurs » in the back office: those that the person may change, and a button to compute one again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from parvis.core.errors import NotFound
from parvis.domains.indicators import selectors, services
from parvis.domains.indicators.telling import tile
from parvis.hub.accounts.selectors import actor_of


class IndicatorsScreen(WagtailAdminTemplateMixin, TemplateView):
    """The list; a POST with ``indicateur`` asks for that one to be computed in the background."""

    page_title = gettext_lazy("Indicateurs")
    header_icon = "order"
    template_name = "indicators/backoffice/list.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, this page."""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")}
        return [home, {"url": "", "label": str(self.get_page_title())}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each indicator with what its public page tells."""
        actor = actor_of(self.request.user)
        found = selectors.seen(actor, selectors.indicators_managed_by(actor))
        return {**super().get_context_data(**kwargs), "rows": [(one.indicator, tile(one)) for one in found]}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have one computed; 404 for one that the person may not change."""
        actor = actor_of(request.user)
        try:
            found = selectors.managed_indicator(actor, request.POST.get("indicateur", "")[:80])
        except NotFound as error:
            raise Http404(str(error)) from error
        services.ask_to_compute(actor, found)
        messages.success(request, _("« %(title)s » va être recalculé.") % {"title": found.title})
        return redirect(request.path)
