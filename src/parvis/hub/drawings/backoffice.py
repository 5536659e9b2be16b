"""The makers of drawings: what the form makes is shown, then saved, published, withdrawn or deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.drawings import services as drawings
from parvis.hub.drawings.models import Description, Drawing
from parvis.hub.records import services
from parvis.hub.records.selectors import managed_at
from parvis.hub.ui.filters import OPERATORS, begun_filter


class DrawingMaker(Screen):
    """Compose a new drawing or change one: any button shows it, « Enregistrer » keeps it."""

    kind: ClassVar[type[Drawing]]
    new_title: ClassVar[Any]
    waiting: ClassVar[Any]
    """What stands in the place of the drawing until a dataset is chosen."""
    frame_template: ClassVar[str]
    done: ClassVar[Mapping[str, Any]]
    """What is said once each act of ``_ACTS`` is done, and ``enregistrer``."""

    @cached_property
    def saved(self) -> Any:
        """The drawing of the address, None for a new one."""
        slug = self.kwargs.get("slug")
        return managed_at(self.kind, self.actor, slug) if slug else None

    def described(self, query: QueryDict) -> Description | None:
        """What the form asks for; RequestError when it makes no sense."""
        raise NotImplementedError

    def fields(self, query: QueryDict) -> dict[str, Any]:
        """The form as it is filled, with ``description`` and ``frame`` once it makes something; the errors of ``described``."""
        raise NotImplementedError

    def get_page_title(self) -> str:
        """Its title."""
        return str(self.saved.title if self.saved else self.new_title)

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(self.address("list"), capfirst(str(self.kind._meta.verbose_name_plural)))]

    def address(self, name: str, *args: Any) -> str:
        """One of the addresses of the screens of this kind."""
        return reverse(self.kind.snippet_viewset.get_url_name(name), args=args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it is filled, what it makes, and why it does not."""
        query = self.request.POST or self.request.GET
        refused = kwargs.pop("refused", None)
        try:
            fields = self.fields(query)
        except RequestError as error:
            refused, fields = error, {}
        return {
            "saved": self.saved,
            "noun": self.kind.noun,
            "heading": self.get_page_title(),
            "waiting": self.waiting,
            "frame_template": self.frame_template,
            "organisations": organisations_where(self.actor, "edit"),
            "revision": query.get("revision") or (self.saved.revision if self.saved else 0),
            "operators": OPERATORS,
            "blank": begun_filter(query),
            "refused": sentence(refused) if refused else "",
            **fields,
            **super().get_context_data(**kwargs),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what the form makes, or keep it; what is refused leaves the form as it was filled."""
        act = request.POST.get("acte", "")
        try:
            if act == "enregistrer":
                return self._save(request)
            if act in _ACTS:
                return self._change(request, act)
        except RequestError as error:
            return self.render_to_response(self.get_context_data(refused=error), status=422)
        return self.render_to_response(self.get_context_data())

    def _save(self, request: HttpRequest) -> HttpResponse:
        description = self.described(request.POST)
        if description is None:
            raise NotFound(name=_("jeu de données"))
        if self.saved is None:
            wished = request.POST.get("organisation", "")
            organisation = organisations_where(self.actor, "edit").filter(slug=wished).first()
            if organisation is None:
                raise NotFound(name=wished)
            drawing = drawings.create(self.actor, self.kind, organisation, description)
        else:
            revision = request.POST.get("revision", "")
            seen = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
            drawing = drawings.update(self.actor, self.saved, description, revision=seen)
        messages.success(request, str(self.done["enregistrer"]))
        return redirect(self.address("maker", drawing.slug))

    def _change(self, request: HttpRequest, act: str) -> HttpResponse:
        if self.saved is None:
            raise NotFound(name="")
        slug = self.saved.slug
        _ACTS[act](self.actor, self.saved)
        messages.success(request, str(self.done[act]))
        return redirect(self.address("list") if self.saved.pk is None else self.address("maker", slug))


_ACTS: Mapping[str, Callable[..., object]] = {
    "publier": services.publish,
    "retirer": services.withdraw,
    "supprimer": services.delete,
}
"""What the buttons of a maker do to what is saved."""
