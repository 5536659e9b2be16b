"""How Wagtail's choosers are started under a policy that runs no script written in a page."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser


def render(
    chooser: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """A chooser, and what starts it as attributes that ``frontend/src/widgets.ts`` reads."""
    identifier = (attrs or {})["id"]
    data = chooser.get_value_data(value)
    return render_to_string(
        "wagtailadmin/widgets/chooser_with_start.html",
        {
            "html": chooser.render_html(name, data, attrs),
            "call": chooser.js_constructor,
            "id": identifier,
            "options": json.dumps(chooser.get_js_init_options(identifier, name, data)),
        },
    )


def start_choosers_by_attributes() -> None:
    """Wagtail writes the script in a method, where dates and panels have a template that ours takes the place of."""
    BaseChooser.render = render
