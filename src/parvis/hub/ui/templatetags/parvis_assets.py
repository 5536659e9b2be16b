"""Tags that load what Vite built: ``{% asset "src/map.ts" %}``, ``{% font_preload %}``."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from parvis.hub.ui import assets

register = template.Library()


@register.simple_tag
def asset(entry: str) -> SafeString:
    """The elements that load an entry: its stylesheets, then its script as a module."""
    built_asset = assets.asset(entry)
    styles = (built_asset.file, *built_asset.styles) if built_asset.is_style else built_asset.styles
    html = format_html_join("", '<link rel="stylesheet" href="{}">', ((style,) for style in styles))
    if built_asset.is_style:
        return html
    html += format_html_join("", '<link rel="modulepreload" href="{}">', ((module,) for module in built_asset.modules))
    return mark_safe(html + format_html('<script type="module" src="{}"></script>', built_asset.file))  # noqa: S308 all escaped


@register.simple_tag
def font_preload() -> SafeString:
    """Elements that ask for the fonts before the stylesheet is read."""
    rows = ((font,) for font in assets.fonts())
    return format_html_join("", '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">', rows)


@register.simple_tag
def asset_url(entry: str) -> str:
    """The address of an entry's own file."""
    return assets.asset(entry).file
