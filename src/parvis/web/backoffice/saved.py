"""The screens of what people compose and keep: those they may change as a list, and a maker that saves, publishes, deletes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.saved import services
from parvis.hub.saved.models import Description, Saved
from parvis.hub.saved.rules import SavedStatus
from parvis.hub.saved.selectors import managed_at, managed_by
from parvis.web.backoffice.screens import ActorMixin, Screen


class SavedList(ActorMixin, IndexView):
    """The drawings of a kind (``model``) that the person may change."""

    item_url_name: ClassVar[str]
    new_url_name: ClassVar[str]
    new_label: ClassVar[Any]

    permission_policy = None
    any_permission_required = None
    default_ordering = "title"
    paginate_by = 50
    search_fields = ["title", "slug"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Title, organisation, state, date."""
        return [
            TitleColumn(
                "title",
                label=_("Titre"),
                sort_key="title",
                get_url=lambda found: reverse(self.item_url_name, args=[found.slug]),
            ),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            StatusTagColumn(
                "status",
                label=_("État"),
                accessor="get_status_display",
                primary=lambda found: found.status == SavedStatus.PUBLISHED,
            ),
            DateColumn("modified", label=_("Modifié"), sort_key="modified"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new one."""
        return [HeaderButton(self.new_label, url=reverse(self.new_url_name), icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, then this list."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_base_queryset(self) -> QuerySet[Saved]:
        """Through the person's eyes."""
        return managed_by(self.model, self.actor)


class SavedMaker(Screen):
    """Compose a new drawing or change one: any button shows it, « Enregistrer » keeps it."""

    kind: ClassVar[type[Saved]]
    list_url_name: ClassVar[str]
    item_url_name: ClassVar[str]
    list_title: ClassVar[Any]
    new_title: ClassVar[Any]
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

    def get_page_title(self) -> str:
        """Its title."""
        return str(self.saved.title if self.saved else self.new_title)

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse(self.list_url_name), str(self.list_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every maker shows besides its own fields."""
        query = self.request.POST or self.request.GET
        return {
            "saved": self.saved,
            "organisations": organisations_where(self.actor, "edit"),
            "revision": query.get("revision") or (self.saved.revision if self.saved else 0),
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
            kept = services.create(self.actor, self.kind, organisation, description)
        else:
            revision = request.POST.get("revision", "")
            seen = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
            kept = services.update(self.actor, self.saved, description, revision=seen)
        messages.success(request, str(self.done["enregistrer"]))
        return redirect(self.item_url_name, kept.slug)

    def _change(self, request: HttpRequest, act: str) -> HttpResponse:
        if self.saved is None:
            raise NotFound(name="")
        slug = self.saved.slug
        _ACTS[act](self.actor, self.saved)
        messages.success(request, str(self.done[act]))
        return redirect(self.list_url_name) if self.saved.pk is None else redirect(self.item_url_name, slug)


_ACTS: Mapping[str, Callable[..., object]] = {
    "publier": services.publish,
    "retirer": services.unpublish,
    "supprimer": services.delete,
}
"""What the buttons of a maker do to what is saved."""
