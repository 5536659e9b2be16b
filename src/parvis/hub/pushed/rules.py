"""In which state a copy is, and what may not be pushed: pure decisions."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop


class State(StrEnum):
    """Where the copy of a page is at one site."""

    WAITING = "waiting"
    SAME = "same"
    CHANGED = "changed"
    CONFLICT = "conflict"
    REFUSED = "refused"
    DETACHED = "detached"
    REMOVED = "removed"


STATES = {
    State.WAITING: _("en attente"),
    State.SAME: _("à jour"),
    State.CHANGED: _("modifiée localement"),
    State.CONFLICT: _("en conflit"),
    State.REFUSED: _("refusée"),
    State.DETACHED: _("détachée"),
    State.REMOVED: _("supprimée là-bas"),
}
"""Their names on screen."""


class AddressTaken(RequestError):
    """The site has a page of its own at that address."""

    code: ClassVar[str] = "pushed-address-taken"
    sentence: ClassVar[str] = gettext_noop(
        "Le site {site} a déjà une page à l’adresse « {slug} », qui n’est pas touchée."
    )
    advice: ClassVar[str] = gettext_noop("Changez l’adresse de l’une des deux pages, puis poussez de nouveau.")


class UnknownPlaceholders(RequestError):
    """Words in braces that mean nothing: readers would see them."""

    code: ClassVar[str] = "pushed-placeholder"
    sentence: ClassVar[str] = gettext_noop("La page contient des mots entre accolades inconnus : {names}.")
    advice: ClassVar[str] = gettext_noop("Corrigez-les d’après la liste des mots remplacés, puis poussez de nouveau.")


class NotOfTheMainSite(RequestError):
    """Only a published page of the main site is pushed."""

    code: ClassVar[str] = "pushed-source"
    sentence: ClassVar[str] = gettext_noop("« {title} » n’est pas une page publiée du site d’ensemble.")
    advice: ClassVar[str] = gettext_noop("Publiez-la d’abord, ou choisissez une page du site d’ensemble.")
