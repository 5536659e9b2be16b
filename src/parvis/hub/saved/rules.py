"""What a saved drawing must be, who may see it, what its address looks like: pure decisions."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, may

LONGEST_SLUG = 80
MOST_TITLE = 200


class SavedStatus(StrEnum):
    """Where a saved drawing stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class BadTitle(RequestError):
    """What is saved is called something."""

    code: ClassVar[str] = "saved-title"
    fr: ClassVar[str] = "Ce que l’on enregistre a un titre, de {most} caractères au plus."
    en: ClassVar[str] = "What is saved has a title, of {most} characters at most."
    hint_fr: ClassVar[str] = "Dites ce que l’on y voit : « Les arceaux manquent autour des gares »."
    hint_en: ClassVar[str] = "Say what is seen in it: “Bike stands are lacking around stations”."


class SavedMeanwhile(RequestError):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "saved-meanwhile"
    fr: ClassVar[str] = "Quelqu’un d’autre a enregistré « {title} » pendant que vous y travailliez."
    en: ClassVar[str] = "Somebody else saved “{title}” while you were working on it."
    hint_fr: ClassVar[str] = (
        "Ouvrez de nouveau, puis refaites vos changements : rien de ce que l’autre a fait n’est perdu."
    )
    hint_en: ClassVar[str] = "Open it again, then redo your changes: nothing the other person did is lost."


def may_see(actor: Actor, status: str, organisation_id: int) -> bool:
    """Whether the drawing exists for the actor; what it shows depends on its datasets besides."""
    return status == SavedStatus.PUBLISHED or may(actor, "edit", organisation_id)


def slug_of(title: str, otherwise: str) -> str:
    """The words of a title as an address, ``arceaux-par-commune``; ``otherwise`` when it has no letter."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    return "-".join(words)[:LONGEST_SLUG].strip("-") or otherwise
