"""What every screen of the back office shares: who asks, how refusals are shown, how a page is dressed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from django.views.generic.edit import FormMixin
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import IndexView, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from parvis.core.errors import Forbidden, NotFound, ParvisError, RequestError, stored_error
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.policies import may_deposit


def sentence(error: ParvisError) -> str:
    """What happened and what to do about it, in the language of the page."""
    language = get_language() or SOURCE
    return f"{error.message(language)} {error.hint(language)}".strip()


def stored_sentence(error: dict[str, Any] | None) -> tuple[str, str]:
    """The same for an error kept in a row: message, then remedy."""
    return stored_error(error, get_language() or SOURCE)


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
            return self.refused(error)

    def refused(self, error: ParvisError) -> HttpResponse:
        """What is answered to an error that the view did not treat itself: a message, on the page of ``fallback``."""
        # What was sent may be refused before the view asks whose it is: ``fallback`` is then the first to ask.
        address = self.fallback()
        messages.error(self.request, sentence(error))
        return redirect(address)

    def fallback(self) -> str:
        """Where a person is sent with that message."""
        return self.request.path if self.request.method == "POST" else reverse("wagtailadmin_home")


class Trail:
    """``trail`` gives the steps between the home and this page."""

    def trail(self) -> list[tuple[str, str]]:
        """Address and label of the pages above this one."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, the trail, this page."""
        items = [(reverse("wagtailadmin_home"), _("Tableau de bord")), *self.trail(), ("", str(self.get_page_title()))]
        return [{"url": url, "label": label} for url, label in items]


class Screen(ActorMixin, Trail, WagtailAdminTemplateMixin, TemplateView):
    """A page of the back office."""


class WithForm(FormMixin):
    """Gives a screen a form: ``act`` does what it asks, and what refuses it is told in the form, which comes back as it was filled."""

    request: HttpRequest
    done: Any = gettext_lazy("C’est enregistré.")
    refusals: tuple[type[ParvisError], ...] = (RequestError,)
    """Errors of ``act`` that are told in the form; the others are told above the page (ActorMixin)."""

    def act(self, form: Any) -> HttpResponse | None:
        """Do it; None when the person is to be told ``done`` and led to ``get_success_url``."""
        raise NotImplementedError

    def field_of(self, error: ParvisError) -> str | None:
        """The field beside which an error is told; None: above the form."""
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act when the form is filled as it should be."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        """Act, and tell it."""
        try:
            answer = self.act(form)
        except (NotFound, Forbidden):
            raise
        except self.refusals as error:
            form.add_error(self.field_of(error), sentence(error))
            return self.form_invalid(form)
        if answer is None:
            messages.success(self.request, str(self.done))
        return answer or redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form, with what is wrong beside each field."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        """The same page."""
        return self.request.path


class FormScreen(WithForm, Screen):
    """A page of the back office with a form."""


class ListScreen(ActorMixin, Trail, IndexView):
    """A list of rows: ``get_base_queryset`` says which the person may read, where Wagtail asks for a right on their kind."""

    permission_policy = None
    any_permission_required = None
    paginate_by = 50

    @cached_property
    def model(self) -> type[Model]:
        """The kind of the rows."""
        return self.get_base_queryset().model

    def get_filterset_kwargs(self) -> dict[str, Any]:
        """Filters that declare each of their fields need no model, but rows."""
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def get_index_url(self) -> str:
        """Where its pager and its filters lead: ``index_url_name``, or this page when its results have no address of their own."""
        return super().get_index_url() or self.request.path


class Entry(MenuItem):
    """An entry of the menu for whom ``shown`` says: who writes for some organisation, unless it says otherwise."""

    def __init__(self, *named: Any, shown: Callable[[Any], bool] = may_deposit, **options: Any) -> None:
        super().__init__(*named, **options)
        self.shown = shown

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has any use for it; each page draws the menu twice, and many entries are for the same people."""
        answers = request.__dict__.setdefault("_parvis_shown", {})
        if self.shown not in answers:
            answers[self.shown] = self.shown(request.user)
        return answers[self.shown]


def anybody(user: Any) -> bool:
    """Anyone who is signed in."""
    return bool(user.is_authenticated)


class ScreenSet(ViewSet):
    """Screens of a room that are not those of records, under ``/admin/<url_prefix>/``: route, view and name of each.

    The entry of the menu leads to the first, has its title and its icon, and is for whom ``shown`` says; none without order.
    """

    def __init__(
        self,
        name: str,
        url_prefix: str,
        *screens: tuple[str, type[View], str],
        menu_order: float | None = None,
        shown: Callable[[Any], bool] = may_deposit,
    ) -> None:
        super().__init__(name, url_prefix=url_prefix, screens=screens, menu_order=menu_order, shown=shown)
        first = screens[0][1]
        self.add_to_admin_menu = menu_order is not None
        self.menu_label, self.icon = first.page_title, first.header_icon
        self.menu_item_class = partial(Entry, shown=shown)

    def get_urlpatterns(self) -> list[URLPattern]:
        """One for each screen."""
        return [path(route, view.as_view(), name=name) for route, view, name in self.screens]
