"""A page as somebody reads it: who reads, with which filters, and the blocks answered for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.blocks.filters import offered_by
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.rendering import rendered_blocks, scripts_of
from parvis.hub.pages.rules import chosen_filters


def shown(page: ThemePage, request: HttpRequest) -> dict[str, Any]:
    """What the template of a page wants besides what Wagtail gives it."""
    is_preview = bool(getattr(request, "is_preview", False))
    written = None if is_preview or not page.live else (page.pk, page.live_revision_id, page.last_published_at)
    reader = reader_of(page, request)
    return {
        "told": rendered_blocks(page.body, reader, written),
        **scripts_of(page.body),
        "filters_query": reader.filters.query,
        "section": "pages",
        "is_preview": is_preview,
    }


def reader_of(page: ThemePage, request: HttpRequest, *, is_alone: bool = False) -> Reader:
    """Who reads a page, with the filters that the address sets."""
    user = getattr(request, "user", None)
    actor, values = actor_of(user), request.GET.dict()
    offered = offered_by(page.body, Reader(actor), set(values)) if values else ()
    is_editor = bool(user and user.is_authenticated and page.pk and page.permissions_for_user(user).can_edit())
    return Reader(
        actor,
        get_language() or "fr",
        chosen_filters(offered, values),
        request,
        page.get_url(request) or "" if page.pk else "",
        is_editor or getattr(request, "is_preview", False),
        is_alone,
    )


def block_of(page: ThemePage, key: str) -> Any:
    """The data block of that id in a page (a stream child); NotFound when it has none."""
    block = next((child for child in data_blocks(page.body) if str(child.id) == key), None)
    if block is None:
        raise NotFound(name=key)
    return block
