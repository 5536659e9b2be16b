"""What was really measured of the accessibility of this version: the file that ``scripts/measure_accessibility.py`` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """A page of the demonstration as axe saw it, at all widths and looks together: rules passed, rules broken."""

    address: str
    title: str
    passed: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the measure, and the criteria checked by hand as the docs list them."""

    version: str
    day: date
    tool: str
    browser: str
    pages: tuple[MeasuredPage, ...]
    by_hand: tuple[str, ...]
    defects: tuple[str, ...]
    """Criteria checked by hand that a page does not meet; ``DEFECTS`` tells them."""

    @property
    def clean_pages(self) -> int:
        """Pages on which axe found nothing."""
        return sum(not page.broken for page in self.pages)


@cache
def results() -> Results:
    """What came with this version."""
    report: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    pages = tuple(
        MeasuredPage(page["address"], page["title"], page["passed"], tuple(page["broken"])) for page in report["pages"]
    )
    return Results(
        report["version"],
        date.fromisoformat(report["day"]),
        report["tool"],
        report["browser"],
        pages,
        tuple(report["by_hand"]),
        tuple(report["defects"]),
    )


DEFECTS = {
    "6.1": _("Dans le profil des colonnes d’un jeu de données, des liens différents ont le même texte (« 100 % »)."),
    "8.7": _(
        "Sur les écrans en anglais, titres et textes des jeux de données restent en français sans être marqués ainsi."
    ),
}
"""Known defects of the software, by criterion of the RGAA: those that ``docs/explanation/accessibility.md`` tells."""

NOT_CHECKED = (
    _(
        "L’usage avec un lecteur d’écran n’a pas été essayé : il a été déduit du code et de l’arbre d’accessibilité du navigateur."
    ),
    _(
        "Les cartes interactives ne peuvent pas être parcourues entièrement au clavier : la liste à côté donne la même information."
    ),
    _("Les fichiers déposés (PDF, tableurs) sont ceux des organisations et n’ont pas été vérifiés."),
    _("Les images et vidéos ajoutées par les rédactions dépendent des textes qu’elles leur donnent."),
)
"""What nobody checked, told as plainly."""
