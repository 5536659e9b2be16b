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
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.policies import may_administer, may_deposit
from parvis.hub.home.models import SiteHome
from parvis.hub.legal.models import LegalNotice
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.sites.models import SiteFace, SiteMenus
from parvis.hub.ui.assets import asset
from parvis.web.backoffice import urls
from parvis.web.backoffice.attention import PANELS
from parvis.web.backoffice.face import face_panels, home_panels, menus_panels
from parvis.web.backoffice.guarded import after_setting, before_setting
from parvis.web.backoffice.legal import legal_panels
from parvis.web.backoffice.moderation import tell_what_was_asked
from parvis.web.backoffice.usage import may_read_usage

# Where Wagtail looks for the form of a setting.
SiteFace.edit_handler, SiteHome.edit_handler, SiteMenus.edit_handler = face_panels(), home_panels(), menus_panels()
hooks.register("before_edit_setting", before_setting)
hooks.register("after_edit_setting", after_setting)
LegalNotice.edit_handler = legal_panels()
# No page shows the pictures of people, and Wagtail would decode them in the process of the web.
AvatarSettingsPanel.is_active = lambda _panel: False  # type: ignore[method-assign]


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
    (gettext_lazy("Vérifications"), "schema_checks", may_deposit, "check"),
    (gettext_lazy("Organisations"), "organisations", may_deposit, "group"),
    (gettext_lazy("Personnes"), "persons", may_administer, "user"),
    (gettext_lazy("Mes clés d’API"), "keys", lambda user: user.is_authenticated, "key"),
    (gettext_lazy("Qualité"), "quality", may_deposit, "circle-check"),
    (gettext_lazy("Inventaire"), "inventory", may_deposit, "list-ul"),
    (gettext_lazy("Usages"), "usage", may_read_usage, "glasses"),
    (gettext_lazy("Mes avis"), "notices", lambda user: user.is_authenticated, "warning"),
    (gettext_lazy("Webhooks"), "webhooks", may_administer, "link-external"),
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
def own_account() -> MenuItem:
    """The page of one's own sessions, password and second factor."""
    return MenuItem(
        gettext_lazy("Mon compte"), reverse_lazy("my_account"), name="my-account", icon_name="user", order=30
    )


LOOKS = (
    (gettext_lazy("Visage du site"), SiteFace, "view"),
    (gettext_lazy("Accueil du site"), SiteHome, "home"),
    (gettext_lazy("Menus du site"), SiteMenus, "list-ul"),
)
"""How a site looks: label, setting, icon."""


class LookEntry(MenuItem):
    """An entry of the menu for who administers some site."""

    def __init__(self, label: Any, setting: Any, icon: str, order: float) -> None:
        names = [setting._meta.app_label, setting._meta.model_name]
        address = reverse_lazy("wagtailsettings:edit", args=names)
        super().__init__(label, address, name=setting._meta.model_name, icon_name=icon, order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether there is a site to change."""
        return sites_administered_by(actor_of(request.user)).exists()


for _rank, _row in enumerate(LOOKS):
    hooks.register("register_admin_menu_item", lambda row=_row, rank=_rank: LookEntry(*row, order=20 + rank / 10))


@hooks.register("construct_main_menu")
def keep_the_menu_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave what the person has a use for."""
    runs_all = actor_of(request.user).everything
    hidden = HIDDEN_FROM_EDITORS if not runs_all else {"help", "reports"}
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("construct_settings_menu")
def keep_the_settings_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Our own pages stand for people and roles; how a site looks stands in the main menu."""
    looks = {str(setting._meta.verbose_name).capitalize() for _label, setting, _icon in LOOKS}
    items[:] = [item for item in items if item.name not in HIDDEN_FROM_ALL and str(item.label) not in looks]


hooks.register("before_edit_page", tell_what_was_asked)


WAITING_PAGES = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
"""Wagtail's own panels of the home that wait for somebody; nothing is shown of those that are empty."""


@hooks.register("construct_homepage_panels")
def our_home(request: HttpRequest, panels: list[Any]) -> None:
    """The pages that wait for somebody, ours, then the pages that the person changed last."""
    waiting = [one for one in panels if isinstance(one, WAITING_PAGES)]
    for rank, one in enumerate(waiting):
        one.order = rank
    recent = [one for one in panels if isinstance(one, RecentEditsPanel)]
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
    """Uploads in pieces and progress; a module, so it waits for the page."""
    built = asset("src/upload.ts")
    preload = format_html_join("", '<link rel="modulepreload" href="{}">', ((m,) for m in built.modules))
    return format_html('{}<script type="module" src="{}"></script>', preload, built.file)
