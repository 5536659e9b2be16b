"""What Parvis adds to Wagtail's admin, and what it hides there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.models import SiteFace
from parvis.hub.ui.assets import asset
from parvis.web.backoffice import urls
from parvis.web.backoffice.attention import PANELS
from parvis.web.backoffice.face import face_panels
from parvis.web.backoffice.policies import may_administer, may_deposit
from parvis.web.backoffice.usage import may_read_usage

SiteFace.edit_handler = face_panels()  # where Wagtail looks for the form of a setting


class Entry(MenuItem):
    """An entry of the menu shown to whom ``shown`` says."""

    def __init__(self, label: Any, url_name: str, shown: Callable[[Any], bool], **options: Any) -> None:
        super().__init__(label, reverse_lazy(f"backoffice:{url_name}"), name=url_name, **options)
        self.shown = shown

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has any use for it."""
        return self.shown(request.user)


MENU = (
    (gettext_lazy("Jeux de données"), "datasets", may_deposit, "table"),
    (gettext_lazy("Déposer un fichier"), "deposit", may_deposit, "upload"),
    (gettext_lazy("Dépôts en cours"), "imports", may_deposit, "tasks"),
    (gettext_lazy("Graphiques"), "charts", may_deposit, "doc-full"),
    (gettext_lazy("Cartes"), "maps", may_deposit, "globe"),
    (gettext_lazy("Vérifications"), "schema_checks", may_deposit, "check"),
    (gettext_lazy("Organisations"), "organisations", may_deposit, "group"),
    (gettext_lazy("Personnes"), "persons", may_administer, "user"),
    (gettext_lazy("Mes clés d’API"), "keys", lambda user: user.is_authenticated, "key"),
    (gettext_lazy("Qualité"), "quality", may_deposit, "circle-check"),
    (gettext_lazy("Inventaire"), "inventory", may_deposit, "list-ul"),
    (gettext_lazy("Usages"), "usage", may_read_usage, "glasses"),
    (gettext_lazy("Mes avis"), "notices", lambda user: user.is_authenticated, "warning"),
    (gettext_lazy("Journal"), "journal", may_deposit, "history"),
)
"""Our entries: label, address, who sees it, icon."""

HIDDEN_FROM_EDITORS = {"reports", "help", "settings", "snippets"}
"""Wagtail's own entries that only make sense for who runs the instance."""

HIDDEN_FROM_ALL = {"users", "groups", "collections", "workflows", "workflow-tasks", "redirects", "site-history"}
"""Wagtail's own entries that ours replace, or whose subject does not exist here."""


def _entry(rank: int) -> MenuItem:
    label, url_name, shown, icon = MENU[rank]
    return Entry(label, url_name, shown, icon_name=icon, order=10 + rank)


for _rank in range(len(MENU)):
    hooks.register("register_admin_menu_item", lambda rank=_rank: _entry(rank))


@hooks.register("register_admin_menu_item")
def face_entry() -> MenuItem:
    """Name, colours and logo of the site."""
    return MenuItem(
        gettext_lazy("Visage du site"),
        reverse_lazy("wagtailsettings:edit", args=[SiteFace._meta.app_label, SiteFace._meta.model_name]),
        name="face",
        icon_name="view",
        order=20,
    )


@hooks.register("construct_main_menu")
def keep_the_menu_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave what the person has a use for."""
    runs_all = actor_of(request.user).everything
    hidden = {"face"} if not runs_all else set()
    hidden |= HIDDEN_FROM_EDITORS if not runs_all else {"help", "reports"}
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("construct_settings_menu")
def keep_the_settings_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Our own pages stand for people and roles; the face stands in the main menu."""
    face = str(SiteFace._meta.verbose_name).capitalize()
    items[:] = [item for item in items if item.name not in HIDDEN_FROM_ALL and str(item.label) != face]


@hooks.register("construct_homepage_panels")
def our_home(request: HttpRequest, panels: list[Any]) -> None:
    """Ours instead of Wagtail's, which are about pages."""
    panels[:] = [panel(request) for panel in PANELS]


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Counts of pages and images say nothing of a catalogue."""
    items.clear()


@hooks.register("register_admin_urls")
def our_addresses() -> list[Any]:
    """The back office's own screens."""
    return [path("", include(urls))]


@hooks.register("insert_global_admin_css")
def our_styles() -> SafeString:
    """The look of the back office."""
    built = asset("styles/admin.css")
    return format_html('<link rel="stylesheet" href="{}">', built.file)


@hooks.register("insert_global_admin_js")
def our_scripts() -> SafeString:
    """Uploads in pieces and progress; a module, so it waits for the page."""
    built = asset("src/upload.ts")
    preload = format_html_join("", '<link rel="modulepreload" href="{}">', ((m,) for m in built.modules))
    return format_html('{}<script type="module" src="{}"></script>', preload, built.file)
