"""The places of the portal that a menu may lead to: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import without_prefix
from parvis.hub.registry import collections, modules


@dataclass(frozen=True, slots=True)
class Room:
    """A place of the portal: its name among addresses, what it is called."""

    name: str
    label: Any
    written: str = ""
    """Its path, for what no pattern of addresses names."""
    order: int = 1_000
    """Its place among the others, from the first: tens are the portal's own."""
    in_header: bool = False
    """Whether the header shows it where nobody chose."""
    in_footer: bool = True
    is_empty: Callable[[], bool] | None = None
    """Whether it has nothing to show on the site of a commune that answers: it is then no entry there, unless somebody chose it."""

    def path(self) -> str:
        """Its path on a site without a prefix."""
        return self.written or without_prefix(reverse(self.name))


_OWN = (
    Room("explore", _("Explorer"), order=10, in_header=True, in_footer=False),
    Room("territories", _("Territoires"), order=60, in_header=True, in_footer=False),
    Room("organisations", _("Organisations"), order=70, in_header=True, in_footer=False),
    Room("quality", _("Qualité des données"), order=80),
    Room("inventory", _("Inventaire des données"), order=90),
    Room("check", _("Valider un fichier"), order=100),
    Room("schemas", _("Schémas de données"), order=110),
    Room("sql", _("Interroger les données en SQL"), order=120),
    Room("api_console", _("Essayer l’API"), order=130),
    Room("catalogue-api", _("API du catalogue"), "/api/explore/v2.1/catalog/datasets", order=140),
    Room("feed", _("Fil des nouveautés (RSS)"), order=150),
)


def rooms() -> dict[str, Room]:
    """The rooms of the portal and those of its modules and collections, by name, in order."""
    lists = (
        Room(row.name, row.title, order=row.order, in_header=row.in_header, is_empty=row.is_empty_here)
        for row in collections()
    )
    everything = (*_OWN, *(room for module in modules() for room in module.menu), *lists)
    return {room.name: room for room in sorted(everything, key=lambda room: room.order)}
