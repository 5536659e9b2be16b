"""What Parvis adds to Wagtail's admin, and what it hides there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.menu import grouped
from parvis.hub.backoffice.screens import Entry
from parvis.hub.ui.assets import asset
from parvis.web.backoffice import urls
from parvis.web.backoffice.attention import PANELS
from parvis.web.backoffice.messages import upload_words
from parvis.web.backoffice.moderation import tell_what_was_asked

# No page shows the pictures of people, and Wagtail would decode them in the process of the web.
AvatarSettingsPanel.is_active = lambda _panel: False  # type: ignore[method-assign]


MENU = (
    (gettext_lazy("Jeux de données"), "datasets", "table", 100),
    (gettext_lazy("Déposer un fichier"), "deposit", "upload", 110),
    (gettext_lazy("Imports"), "imports", "tasks", 120),
    (gettext_lazy("Journal"), "journal", "history", 460),
)
"""Our entries: label, address, icon, place among those of the rooms."""

HIDDEN_FROM_EDITORS = {"reports", "help", "settings", "snippets"}
"""Wagtail's own entries that only make sense for who runs the instance."""

HIDDEN_FROM_ALL = {"users", "groups", "collections", "workflows", "workflow-tasks", "redirects", "site-history"}
"""Wagtail's own entries that ours replace, or whose subject does not exist here."""


def _entry(label: Any, name: str, icon: str, order: int) -> Entry:
    return Entry(label, reverse_lazy(f"backoffice:{name}"), name=name, icon_name=icon, order=order)


for _row in MENU:
    hooks.register("register_admin_menu_item", lambda row=_row: _entry(*row))


@hooks.register("register_admin_menu_item")
def own_account() -> MenuItem:
    """The page of one's own sessions, password and second factor."""
    return MenuItem(
        gettext_lazy("Mon compte"), reverse_lazy("my_account"), name="my-account", icon_name="user", order=560
    )


@hooks.register("construct_main_menu", order=1000)
def keep_the_menu_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave what the person has a use for, in groups."""
    runs_all = actor_of(request.user).everything
    hidden = HIDDEN_FROM_EDITORS if not runs_all else {"help", "reports"}
    items[:] = grouped(request, [item for item in items if item.name not in hidden])


@hooks.register("construct_settings_menu")
def keep_the_settings_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Our own pages stand for people and roles."""
    items[:] = [item for item in items if item.name not in HIDDEN_FROM_ALL]


hooks.register("before_edit_page", tell_what_was_asked)


WAITING_PAGES = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
"""Wagtail's own panels of the home that wait for somebody; nothing is shown of those that are empty."""


@hooks.register("construct_homepage_panels")
def our_home(request: HttpRequest, panels: list[Any]) -> None:
    """The pages that wait for somebody, ours, then the pages that the person changed last."""
    waiting = [home_panel for home_panel in panels if isinstance(home_panel, WAITING_PAGES)]
    for rank, home_panel in enumerate(waiting):
        home_panel.order = rank
    recent = [home_panel for home_panel in panels if isinstance(home_panel, RecentEditsPanel)]
    panels[:] = [*waiting, *(panel(request) for panel in PANELS), *recent]


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
    """Uploads in pieces and progress, and their words; a module, so it waits for the page."""
    built = asset("src/upload.ts")
    preload = format_html_join("", '<link rel="modulepreload" href="{}">', ((m,) for m in built.modules))
    words = json_script(upload_words(), "upload-words")
    return format_html('{}{}<script type="module" src="{}"></script>', words, preload, built.file)
