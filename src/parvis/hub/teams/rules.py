"""What people do in the team of a site."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop


class Duty(StrEnum):
    """What a person does for a site; publishing includes writing."""

    WRITE = "write"
    PUBLISH = "publish"

    @property
    def label(self) -> Any:
        """On screen."""
        return _LABELS[self]


_LABELS = {
    Duty.WRITE: _("Rédaction : écrit et propose, sans publier"),
    Duty.PUBLISH: _("Publication : écrit, publie, tient les pages légales"),
}

PAGES = {
    Duty.WRITE: ("add_page", "change_page"),
    Duty.PUBLISH: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
"""Wagtail's permissions on the root page of the site, and so on all that is below it."""

FILES = ("add", "change", "choose")
"""On the images and documents of the site's own collection."""


class UnknownSite(RequestError):
    """No site is so called."""

    code: ClassVar[str] = "site-unknown"
    sentence: ClassVar[str] = gettext_noop("Aucun site ne s’appelle « {name} ».")
    advice: ClassVar[str] = gettext_noop(
        "Donnez son nom d’hôte, son préfixe, le code INSEE ou le nom de sa commune : {near}."
    )
