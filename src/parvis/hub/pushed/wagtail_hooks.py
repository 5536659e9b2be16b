"""What this room adds to the editor of pages: the ways to push a page, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import site_folder
from parvis.hub.pushed import selectors
from parvis.hub.pushed.models import PushedPage
from parvis.hub.pushed.rules import STATES
from parvis.hub.sites.services import main_site


@hooks.register("register_page_header_buttons")
def push_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """« Pousser vers les communes » on a page of the main site, « Page poussée » on a copy."""
    if page.pk is None or page.cached_content_type.model_class() is not ThemePage:
        return
    copy = selectors.copy_behind(page)
    if copy is not None:
        yield Button(
            _("Suivi de la page poussée"),
            reverse("pushed_admin:copy", args=[copy.pk]),
            icon_name="copy",
            priority=70,
        )
    elif actor_of(user).everything and _is_of_the_main_site(page) and selectors.communes_sites().exists():
        yield Button(
            _("Pousser vers les communes"),
            reverse("pushed_admin:push", args=[page.pk]),
            icon_name="download",
            priority=70,
        )


def _is_of_the_main_site(page: Any) -> bool:
    folder = site_folder(main_site())
    return folder is not None and page.is_child_of(folder)


@hooks.register("before_edit_page")
def tell_where_it_comes_from(request: HttpRequest, page: Any) -> None:
    """Above the form of a copy, that it is one; above that of a pushed page, that its corrections flow down."""
    if request.method != "GET":
        return
    copy = selectors.copy_behind(page)
    if copy is not None and copy.linked:
        text = _(
            "Cette page vient du site d’ensemble ({state}). Changez-la librement : vos changements sont gardés, les corrections "
            "du site d’ensemble n’arrivent que là où vous n’avez rien changé. <a href='{address}'>Voir le suivi</a>"
        )
        address = reverse("pushed_admin:copy", args=[copy.pk])
        messages.info(request, format_html(text, state=STATES[selectors.state_of(copy)], address=address))
    elif copy is None and PushedPage.objects.filter(source=page.pk).exists():
        messages.info(
            request, _("Cette page est poussée vers des communes : une fois publiée, votre correction y descend.")
        )
