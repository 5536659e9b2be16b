"""The rooms of the portal that a menu may lead to: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.hub.addresses import without_prefix


@dataclass(frozen=True, slots=True)
class Room:
    """A place of the portal: its name among addresses, what it is called."""

    name: str
    label: Any
    written: str = ""
    """Its path, for what no pattern of addresses names."""

    def path(self) -> str:
        """Its path on a site without a prefix."""
        return self.written or without_prefix(reverse(self.name))


ROOMS = (
    Room("explore", _("Explorer")),
    Room("pages", _("Consulter")),
    Room("indicators", _("Indicateurs")),
    Room("maps", _("Cartes")),
    Room("charts", _("Graphiques")),
    Room("territories", _("Territoires")),
    Room("organisations", _("Organisations")),
    Room("quality", _("Qualité des données")),
    Room("inventory", _("Inventaire des données")),
    Room("check", _("Valider un fichier")),
    Room("schemas", _("Schémas de données")),
    Room("sql", _("Interroger les données en SQL")),
    Room("api_console", _("Essayer l’API")),
    Room("catalogue-api", _("API du catalogue"), "/api/explore/v2.1/catalog/datasets"),
    Room("feed", _("Fil des nouveautés (RSS)")),
)
ROOMS_BY_NAME = {room.name: room for room in ROOMS}
