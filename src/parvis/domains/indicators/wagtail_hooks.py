"""The entry of indicators in the back office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from parvis.domains.indicators.editing import EditScreen
from parvis.domains.indicators.screens import IndicatorsScreen
from parvis.hub.accounts.selectors import actor_of, organisations_where


class IndicatorsEntry(MenuItem):
    """Shown to who edits the things of some organisation."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has any use for it."""
        actor = actor_of(request.user)
        return actor.everything or organisations_where(actor, "edit").exists()


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The list and the form, under Wagtail's own guard."""
    return [
        path("indicateurs/", IndicatorsScreen.as_view(), name="indicators_backoffice"),
        path("indicateurs/nouveau/", EditScreen.as_view(), name="indicator_new"),
        path("indicateurs/<slug:slug>/", EditScreen.as_view(), name="indicator_edit"),
    ]


@hooks.register("register_admin_menu_item")
def entry() -> MenuItem:
    """Beside « Graphiques »."""
    label, address = gettext_lazy("Indicateurs"), reverse_lazy("indicators_backoffice")
    return IndicatorsEntry(label, address, name="indicators", icon_name="order", order=13)
