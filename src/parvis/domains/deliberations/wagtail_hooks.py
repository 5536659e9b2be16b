"""Acts of the history of an act that other records have not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def acts_of_money(actions: LogActionRegistry) -> None:
    """What is noted of an act while it is online."""
    for act, label in (
        ("amounts", _("Noter les montants")),
        ("link", _("Lier un élément")),
        ("unlink", _("Retirer un lien")),
        ("step", _("Noter une suite")),
        ("unstep", _("Retirer une suite")),
    ):
        actions.register_action(f"parvis.{act}", label, label)
