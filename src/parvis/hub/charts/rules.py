"""What a saved chart must be, who may see it, how long pictures last: pure decisions."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, may

LONGEST_SLUG = 80
MOST_TITLE = 200


class ChartStatus(StrEnum):
    """Where a saved chart stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class BadChartTitle(RequestError):
    """A saved chart is called something."""

    code: ClassVar[str] = "chart-title"
    fr: ClassVar[str] = "Un graphique enregistré a un titre, de {most} caractères au plus."
    en: ClassVar[str] = "A saved chart has a title, of {most} characters at most."
    hint_fr: ClassVar[str] = "Dites ce que l’on y voit : « Les arceaux ont doublé en cinq ans »."
    hint_en: ClassVar[str] = "Say what is seen in it: “Bike stands doubled in five years”."


class ChartChanged(RequestError):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "chart-changed"
    fr: ClassVar[str] = "« {title} » a été enregistré par quelqu’un d’autre pendant que vous le modifiiez."
    en: ClassVar[str] = "“{title}” was saved by somebody else while you were changing it."
    hint_fr: ClassVar[str] = (
        "Ouvrez-le de nouveau, puis refaites vos changements : rien de ce que l’autre a fait n’est perdu."
    )
    hint_en: ClassVar[str] = "Open it again, then redo your changes: nothing the other person did is lost."


def may_see_chart(actor: Actor, status: str, organisation_id: int) -> bool:
    """Whether the chart exists for the actor; what it shows depends on its datasets besides."""
    return status == ChartStatus.PUBLISHED or may(actor, "edit", organisation_id)


def slug_of(title: str) -> str:
    """The words of a title as an address: ``arceaux-par-commune``; ``graphique`` when it has no letter."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    return "-".join(words)[:LONGEST_SLUG].strip("-") or "graphique"
