"""The menu of the back office: five groups, the hundred of ``menu_order`` saying to which an entry belongs."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

GROUPS = (
    (100, "data", _("Données"), "table"),
    (200, "stories", _("Récits"), "doc-full"),
    (300, "site", _("Site"), "site"),
    (400, "follow-up", _("Suivi"), "history"),
    (500, "administration", _("Réglages"), "cogs"),
)
"""First order, name, label and icon of each."""

PLACES = {"explorer": 200, "images": 260, "documents": 261}
"""Where Wagtail's own entries go, whose orders are its own."""

LAST = 599
"""Where an entry goes that says nothing: the end of the last group."""


class Chosen(Menu):
    """Entries that are already those of the person."""

    def __init__(self, items: Sequence[MenuItem]) -> None:
        super().__init__(items=list(items))

    def menu_items_for_request(self, request: HttpRequest) -> list[MenuItem]:
        """All of them: the main menu asked each of them whether it is shown."""
        return list(self.registered_menu_items)


class Group(SubmenuMenuItem):
    """A group and its entries, in order."""

    def __init__(self, label: str, entries: Sequence[MenuItem], **options: object) -> None:
        self.entries = sorted(entries, key=place)
        super().__init__(label, Chosen(self.entries), **options)


def place(item: MenuItem) -> float:
    """The order of an entry among ours."""
    order = PLACES.get(item.name, item.order)
    return float(order) if GROUPS[0][0] <= order <= LAST else LAST


def grouped(request: HttpRequest, items: Sequence[MenuItem]) -> list[MenuItem]:
    """The groups that have an entry for the person; what opened others gives them to its group."""
    entries: list[MenuItem] = []
    for item in items:
        if isinstance(item, SubmenuMenuItem):
            entries += item.menu.menu_items_for_request(request)
        elif item.name == "explorer":
            # Wagtail's entry unfolds the tree of pages in the bar, which it cannot inside of a group.
            entries.append(
                MenuItem(item.label, reverse_lazy("wagtailadmin_explore_root"), "explorer", icon_name="doc-empty")
            )
        else:
            entries.append(item)
    groups = []
    for order, name, label, icon in GROUPS:
        own = [entry for entry in entries if place(entry) // 100 * 100 == order]
        if own:
            groups.append(Group(label, own, name=name, icon_name=icon, order=order))
    return groups
