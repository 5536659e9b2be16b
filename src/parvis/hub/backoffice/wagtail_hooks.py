"""Screens of every module, actions on many, and who sees what in the menu of a record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.bulk import ACTIONS
from parvis.hub.backoffice.screens import ScreenSet
from parvis.hub.records.models import CivicRecord
from parvis.hub.registry import viewsets

for _viewset in viewsets():
    if not isinstance(_viewset, ScreenSet):
        register_snippet(_viewset)

for _action in ACTIONS:
    # After Wagtail's own, whose place ours take.
    hooks.register("register_bulk_action", _action, order=1000)


@hooks.register("register_admin_viewset")
def screens() -> list[ScreenSet]:
    """The other screens of every module."""
    return [viewset for viewset in viewsets() if isinstance(viewset, ScreenSet)]


@hooks.register("construct_snippet_action_menu")
def keep_what_the_person_may_do(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Wagtail asks for the right on the kind; a person who publishes for one organisation may only write for another."""
    record = context.get("instance")
    if isinstance(record, CivicRecord) and not may(actor_of(request.user), "publish", record.organisation_id):
        menu_items[:] = [item for item in menu_items if item.name not in ("action-publish", "action-unpublish")]
