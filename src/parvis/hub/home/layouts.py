"""The layouts among which a site chooses that of its home: one row each; the web draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to lay out a home: its name, what editors call it, what it is made of."""

    name: str
    label: Any
    told: Any


LAYOUTS = (
    Layout("place", _("La place"), _("Le territoire dessiné par ses communes, la recherche, les chiffres du portail.")),
    Layout(
        "une", _("La une"), _("Comme un journal : une page en grand, les suivantes en colonnes, puis les chiffres.")
    ),
    Layout("tableau", _("Le tableau"), _("Les indicateurs d’abord, en grand ; puis les thèmes et les services.")),
    Layout(
        "accueil",
        _("L’accueil"),
        _("Une photo et les mots de la ville ; une porte pour les habitants, les élus, les réutilisateurs."),
    ),
)
LAYOUT_NAMES = tuple(layout.name for layout in LAYOUTS)
