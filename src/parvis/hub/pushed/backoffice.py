"""« Pousser vers les communes »: where the copies of a page stand, and what one commune changed in its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import require
from parvis.hub.backoffice.screens import Screen, ScreenSet, stored_sentence
from parvis.hub.pages.blocks.body import FOLDING, simple_blocks
from parvis.hub.pages.models import ThemePage
from parvis.hub.pushed import selectors
from parvis.hub.pushed.models import PushedCopy
from parvis.hub.pushed.placeholders import PLACEHOLDERS
from parvis.hub.pushed.rules import STATES, State
from parvis.hub.pushed.services import push, set_linked, settle

KINDS = {
    **{name: kind._meta_class.label for name, kind in FOLDING},
    "title": gettext_lazy("Titre"),
    "introduction": gettext_lazy("Introduction"),
    "theme": gettext_lazy("Thème"),
    "picture_id": gettext_lazy("Image"),
    "picture_alt": gettext_lazy("Ce que montre l’image"),
    "picture_credit": gettext_lazy("Auteur ou crédit de l’image"),
    "seo_title": gettext_lazy("Titre pour les moteurs de recherche"),
    "search_description": gettext_lazy("Description pour les moteurs de recherche"),
    "order": gettext_lazy("Ordre des blocs"),
}
"""What a part of a page is called, besides its simple blocks."""


def part_labels() -> dict[str, Any]:
    """What each part of a page is called, by its name; blocks of modules included."""
    kinds = simple_blocks()
    return {name: label for name, kind in kinds.items() if (label := getattr(kind._meta_class, "label", None))} | KINDS


class PushScreen(Screen):
    """One page of the main site: its copies, and the form that pushes it."""

    page_title = gettext_lazy("Pousser vers les communes")
    header_icon = "download"
    template_name = "pushed/backoffice/push.html"

    @cached_property
    def page(self) -> ThemePage:
        """The page to push."""
        require(self.actor, "administer", None, _("pousser une page vers les communes"))
        page = ThemePage.objects.filter(pk=self.kwargs["key"]).first()
        if page is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return page

    def trail(self) -> list[tuple[str, str]]:
        """The page."""
        return [(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), self.page.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Communes, copies, words in braces."""
        pushed = selectors.pushed_of(self.page)
        copies = {copy.site_id: copy for copy in selectors.copies_of(pushed)} if pushed else {}
        return {
            **super().get_context_data(**kwargs),
            "source": self.page,
            "pushed": pushed,
            "rows": [_row(site, copies.get(site.pk)) for site in selectors.communes_sites()],
            "placeholders": PLACEHOLDERS,
            "hidden": selectors.is_hidden(self.page) if pushed else selectors.shows_braces(self.page),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Push to the sites chosen."""
        chosen = {value for value in request.POST.getlist("site") if value.isascii() and value.isdigit()}
        sites = [site for site in selectors.communes_sites() if str(site.pk) in chosen]
        everywhere = request.POST.get("partout") == "on"
        push(self.actor, self.page, sites, everywhere=everywhere, hidden=request.POST.get("modele") == "on")
        messages.success(request, _("La page est en route ; son état paraît ici au fur et à mesure."))
        return redirect("pushed_admin:push", self.page.pk)


def _row(site: Any, copy: PushedCopy | None) -> dict[str, Any]:
    if copy is None:
        return {"site": site, "copy": None, "state": _("pas encore poussée"), "attention": False, "why": ("", "")}
    state = selectors.state_of(copy)
    attention = state in (State.CONFLICT, State.REFUSED)
    return {
        "site": site,
        "copy": copy,
        "state": STATES[state],
        "attention": attention,
        "why": stored_sentence(copy.fault),
    }


class CopyScreen(Screen):
    """One copy: what the site changed in it, what the source says, and the choice for each part."""

    page_title = gettext_lazy("Page poussée")
    header_icon = "copy"
    template_name = "pushed/backoffice/copy.html"

    @cached_property
    def copy(self) -> PushedCopy:
        """The copy, for who may change it."""
        copy = selectors.copy_by_key(self.kwargs["key"])
        if not selectors.may_edit(self.actor, copy.page):
            raise Forbidden(action=_("voir cette page"))
        return copy

    def trail(self) -> list[tuple[str, str]]:
        """The page at the site."""
        page = self.copy.page
        return [(reverse("wagtailadmin_pages:edit", args=[page.pk]), page.title)] if page else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Differences with both texts."""
        labels, parts = part_labels(), selectors.difference_texts(self.copy)
        state = selectors.state_of(self.copy)
        facts = {
            "copy": self.copy,
            "state": STATES[state],
            "parts": [{"part": one, "kind": labels.get(one.kind, one.kind)} for one in parts],
            "why": stored_sentence(self.copy.fault),
        }
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a part of the source, keep one's own, detach or attach the page."""
        if "lien" in request.POST:
            set_linked(self.actor, self.copy, linked=request.POST["lien"] == "rattacher")
        elif "prendre" in request.POST:
            settle(self.actor, self.copy, request.POST["prendre"][:80], take=True)
        elif "garder" in request.POST:
            settle(self.actor, self.copy, request.POST["garder"][:80], take=False)
        messages.success(request, _("C’est fait."))
        return redirect("pushed_admin:copy", self.copy.pk)


SCREENS = ScreenSet(
    "pushed_admin", "pousser", ("<int:key>/", PushScreen, "push"), ("copies/<int:key>/", CopyScreen, "copy")
)
