"""What the style guide shows in its components: made-up values, one of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.hub.ui.formatting import number
from parvis.hub.ui.pagination import Pages
from parvis.hub.ui.trail import Trail
from parvis.web.portal.explorer import FacetLink, FacetPanel
from parvis.web.portal.home import KeyFigure


class SampleForm(forms.Form):
    """One field of each state: with a hint, required, wrong."""

    title = forms.CharField(label=_("Titre"), help_text=_("Dites ce que contient le jeu, où et quand."))
    date = forms.DateField(label=_("Date de mise à jour"), help_text=_("Par exemple 03/03/2026."), required=False)


COLOURS = [
    "ink",
    "ink-soft",
    "stone",
    "paper",
    "joint",
    "joint-strong",
    "accent",
    "accent-strong",
    "signal",
    "success",
    "warning",
    "seq-1",
    "seq-2",
    "seq-3",
    "seq-4",
    "seq-5",
    "cat-1",
    "cat-2",
    "cat-3",
    "cat-4",
    "cat-5",
    "cat-6",
    "cat-7",
    "cat-8",
]


def samples() -> dict[str, Any]:
    """The values of every component of the guide."""
    links = [
        FacetLink(label, count, label == "Mobilité", "#facette") for label, count in (("Mobilité", 12), ("Budget", 3))
    ]
    return {
        "colours": COLOURS,
        "form": SampleForm(data={"title": "", "date": "31/02/2026"}),
        "figures": figures(),
        "facet": FacetPanel("exemple", "Thème", links, []),
        "pages": Pages(4, 12),
        "tabs": [
            {"name": "a", "label": _("Informations"), "address": "#onglets"},
            {"name": "b", "label": _("Tableau"), "address": "#onglets"},
        ],
        "steps": [
            {"label": _("Déposer"), "done": True, "current": False},
            {"label": _("Vérifier"), "done": False, "current": True},
            {"label": _("Publier"), "done": False, "current": False},
        ],
    }


def figures() -> list[KeyFigure]:
    """Two figures with their trail."""
    links = (("Voir les lignes", "#chiffres"), ("Citer ce chiffre", "#chiffres"))
    rows = ((38, "jeux de données", "catalogue de ce portail"), (1_294_000, "lignes de données", "Arbres remarquables"))
    return [
        KeyFigure(label, Trail(number(value), "#chiffres", (("Valeur", number(value)), ("Source", source)), links))
        for value, label, source in rows
    ]
