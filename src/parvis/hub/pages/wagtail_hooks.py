"""What this room adds to Wagtail's admin: who writes is known to blocks, fields of columns are helped."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.pages.form_actor import act_as
from parvis.hub.pages.library import may_open
from parvis.hub.pages.published import OnlineScreen, lead_to_page_online
from parvis.hub.pages.screens import blank, columns
from parvis.hub.ui.assets import asset


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """What the editor asks."""
    return [
        path("contenus/colonnes/", columns, name="pages_columns"),
        path("contenus/<int:site>/page/", blank, name="pages_blank"),
        path("contenus/<int:key>/en-ligne/", OnlineScreen.as_view(), name="pages_online"),
    ]


hooks.register("after_publish_page", lead_to_page_online)


@hooks.register("before_create_page")
def who_creates(request: HttpRequest, parent: Any, page_class: Any) -> None:
    """Blocks offer what this person may read."""
    act_as(actor_of(request.user))


@hooks.register("before_edit_page")
def who_edits(request: HttpRequest, page: Any) -> None:
    """Blocks offer what this person may read."""
    act_as(actor_of(request.user))


@hooks.register("before_serve_document")
def who_opens(document: Any, request: HttpRequest) -> None:
    """A document follows the pages that lead to it; NotFound for whom it is not, as if there were none."""
    if not may_open(request, document):
        raise Http404(document.filename)


@hooks.register("register_icons")
def icons(paths: list[str]) -> list[str]:
    """Pictures of our blocks that Wagtail has not."""
    return [*paths, *(f"parvis/pages/icons/{name}.svg" for name in ("chart-bars", "figure", "gauge"))]


@hooks.register("insert_editor_js")
def script() -> SafeString:
    """Columns offered in the fields of blocks."""
    built = asset("src/pages.ts")
    preload = format_html_join("", '<link rel="modulepreload" href="{}">', ((m,) for m in built.modules))
    return format_html('{}<script type="module" src="{}"></script>', preload, built.file)
