"""In which state a copy is, and what may not be pushed: pure decisions."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError


class State(StrEnum):
    """Where the copy of a page stands at one site."""

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
    fr: ClassVar[str] = "Le site {site} a déjà une page à l’adresse « {slug} », qui n’est pas touchée."
    en: ClassVar[str] = "The site {site} already has a page of its own at the address “{slug}”, which is left alone."
    hint_fr: ClassVar[str] = "Changez l’adresse de l’une des deux pages, puis poussez de nouveau."
    hint_en: ClassVar[str] = "Change the address of one of the two pages, then push again."


class UnknownPlaceholders(RequestError):
    """Words in braces that mean nothing: readers would see them."""

    code: ClassVar[str] = "pushed-placeholder"
    fr: ClassVar[str] = "La page contient des mots entre accolades inconnus : {names}."
    en: ClassVar[str] = "The page holds unknown words in braces: {names}."
    hint_fr: ClassVar[str] = "Corrigez-les d’après la liste des mots remplacés, puis poussez de nouveau."
    hint_en: ClassVar[str] = "Correct them after the list of placeholders, then push again."


class NotOfTheMainSite(RequestError):
    """Only a published page of the main site is pushed."""

    code: ClassVar[str] = "pushed-source"
    fr: ClassVar[str] = "« {title} » n’est pas une page publiée du site d’ensemble."
    en: ClassVar[str] = "“{title}” is not a published page of the overall site."
    hint_fr: ClassVar[str] = "Publiez-la d’abord, ou choisissez une page du site d’ensemble."
    hint_en: ClassVar[str] = "Publish it first, or choose a page of the overall site."
