"""The forms of what a site shows: its face, its home, its menus, its legal pages, each with an entry of the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.screens import Entry
from parvis.hub.home.backoffice import face_panels, home_panels, legal_panels, menus_panels
from parvis.hub.home.guarded import after_setting, before_setting
from parvis.hub.home.models import SiteHome
from parvis.hub.home.switching import name_sites
from parvis.hub.legal.models import LegalNotice
from parvis.hub.legal.selectors import statement_of
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.sites.models import SiteFace, SiteMenus

# Where Wagtail looks for the form of a setting.
SiteFace.edit_handler, SiteHome.edit_handler, SiteMenus.edit_handler = face_panels(), home_panels(), menus_panels()
LegalNotice.edit_handler = legal_panels()
name_sites()
hooks.register("before_edit_setting", before_setting)
hooks.register("after_edit_setting", after_setting)


def _administers_a_site(user: Any) -> bool:
    return bool(sites_administered_by(actor_of(user)).exists())


def _writes_legal_pages(user: Any) -> bool:
    # Wagtail keeps that right by site.
    return bool(policy_registry.get_by_type(LegalNotice).user_has_permission(user, "change"))


SETTINGS = (
    (gettext_lazy("Identité visuelle"), SiteFace, "view", 300, _administers_a_site),
    (gettext_lazy("Accueil du site"), SiteHome, "home", 310, _administers_a_site),
    (gettext_lazy("Menus du site"), SiteMenus, "list-ul", 320, _administers_a_site),
    (gettext_lazy("Pages légales"), LegalNotice, "clipboard-list", 330, _writes_legal_pages),
)
"""What a site shows: label, setting, icon, place in the menu, who sees it there."""


def _entry(label: Any, setting: Any, icon: str, order: float, shown: Callable[[Any], bool]) -> Entry:
    options = setting._meta
    address = reverse_lazy("wagtailsettings:edit", args=[options.app_label, options.model_name])
    return Entry(label, address, name=options.model_name, icon_name=icon, order=order, shown=shown)


for _row in SETTINGS:
    hooks.register("register_admin_menu_item", lambda row=_row: _entry(*row))


@hooks.register("construct_settings_menu")
def leave_the_main_menu_theirs(request: HttpRequest, items: list[MenuItem]) -> None:
    """What a site shows is in its own group: not twice."""
    labels = {str(setting._meta.verbose_name).capitalize() for _label, setting, *_rest in SETTINGS}
    items[:] = [item for item in items if str(item.label) not in labels]


@hooks.register("before_edit_setting")
def tell_what_is_missing(request: HttpRequest, instance: Any) -> None:
    """Above the form, what the law asks for and nobody wrote."""
    if request.method != "GET" or not isinstance(instance, LegalNotice):
        return
    missing = statement_of(instance.site).missing
    if missing:
        rows = ", ".join(f"{one.mention.label} ({one.mention.law})" for one in missing)
        messages.warning(
            request, format_html(_("La loi demande encore : {rows}. Le site dit « à compléter »."), rows=rows)
        )
