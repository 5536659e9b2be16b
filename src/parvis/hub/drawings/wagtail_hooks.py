"""What forms over datasets need of Wagtail's admin: the address that menus are asked from, their script."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from parvis.hub.drawings.menu_screens import menu, territories, values


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """What menus ask."""
    return [
        path("menus/", menu, name="query_menus"),
        path("menus/valeurs/", values, name="query_values"),
        path("menus/territoires/", territories, name="query_territories"),
    ]
