"""What every screen of the back office shares: who asks, how refusals are shown, how a page is dressed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from parvis.core.errors import Forbidden, NotFound, ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of


def sentence(error: ParvisError) -> str:
    """What happened and what to do about it, in the language of the page."""
    language = get_language() or "fr"
    return f"{error.message(language)} {error.hint(language)}".strip()


def stored_sentence(error: dict[str, Any] | None) -> tuple[str, str]:
    """The same for an error kept in a row: message, then remedy."""
    if not error:
        return "", ""
    suffix = "" if (get_language() or "fr").startswith("fr") else "_en"
    return str(error.get(f"message{suffix}") or ""), str(error.get(f"hint{suffix}") or "")


class ActorMixin:
    """Gives a view its actor and turns the errors of the house into answers: 404, 403, or a message and ``fallback``."""

    request: HttpRequest

    @cached_property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_of(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, or say why not."""
        try:
            return self._answer_or_fall_back(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except Forbidden as error:
            return render(request, "backoffice/refused.html", {"reason": sentence(error)}, status=403)

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (NotFound, Forbidden):
            raise
        except ParvisError as error:
            # What was sent may be refused before the view asks whose it is: ``fallback`` is then the first to ask.
            address = self.fallback()
            messages.error(request, sentence(error))
            return redirect(address)

    def fallback(self) -> str:
        """Where a person is sent with the message of an error that the view did not treat itself."""
        return self.request.path if self.request.method == "POST" else reverse("wagtailadmin_home")


class Screen(ActorMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the back office; ``trail`` gives the steps between the home and this page."""

    def trail(self) -> list[tuple[str, str]]:
        """Address and label of the pages above this one."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, the trail, this page."""
        items = [{"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")}]
        items += [{"url": url, "label": label} for url, label in self.trail()]
        return [*items, {"url": "", "label": str(self.get_page_title())}]
