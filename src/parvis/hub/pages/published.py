"""What is shown once a page is put online: where it is, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from parvis.hub.backoffice.screens import Screen


def lead_to_page_online(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The screen that says so, where Wagtail shows the list of pages; a page that waits for its hour goes on to that list."""
    if not page.live or page.url is None or (page.go_live_at and page.approved_schedule):
        return None
    return redirect("pages_online", page.pk)


class OnlineScreen(Screen):
    """« … est en ligne », its address, its link."""

    page_title = gettext_lazy("C’est en ligne")
    header_icon = "doc-full"
    template_name = "parvis/pages/online.html"

    @cached_property
    def page(self) -> Page:
        """The page of the address, for who may edit it."""
        page = Page.objects.filter(pk=self.kwargs["key"], live=True).first()
        if page is None or not page.permissions_for_user(self.request.user).can_edit():
            raise Http404
        return page

    def trail(self) -> list[tuple[str, str]]:
        """The list of pages."""
        return [(reverse("wagtailadmin_explore", args=[self.page.get_parent().pk]), _("Pages"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page and its address, whole."""
        return {
            **super().get_context_data(**kwargs),
            "page": self.page,
            # As the person came to the portal: the row of the site knows neither its port nor the proxy before it.
            "address": self.request.build_absolute_uri(self.page.specific.get_url(self.request)),
            "siblings_url": reverse("wagtailadmin_explore", args=[self.page.get_parent().pk]),
        }
