"""What pages of the back office need of the scripts that are built here."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from parvis.hub.ui.assets import asset


@hooks.register("insert_global_admin_js")
def start_widgets() -> SafeString:
    """What starts the widgets of Wagtail, where its own pages do by scripts that the policy stops."""
    return format_html('<script type="module" src="{}"></script>', asset("src/widgets.ts").file)
