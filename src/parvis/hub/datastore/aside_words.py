"""Why lines, cells and steps of an import were set apart, in words, and the headers of the files that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.transforms import TRANSFORMS

REASONS = {
    "preamble": gettext_lazy("texte au-dessus de l’en-tête"),
    "second-header": gettext_lazy("second en-tête"),
    "repeated-header": gettext_lazy("en-tête répété"),
    "broken-quotes": gettext_lazy("guillemets mal fermés"),
    "too-many-cells": gettext_lazy("plus de cellules que l’en-tête"),
    "footer": gettext_lazy("texte sous le tableau"),
    "total-line": gettext_lazy("total"),
    "not-a-feature": gettext_lazy("n’est pas un objet géographique"),
    "broken-json": gettext_lazy("JSON mal formé"),
    "not-an-object": gettext_lazy("n’est pas un objet JSON"),
    "step-failed": gettext_lazy("une étape de préparation a échoué"),
}
"""Why a line of a file could not become a row (``reason`` of the rejects)."""


FAILURES = {
    "not-in-list": gettext_lazy("n’est pas dans la liste"),
    "no-match": gettext_lazy("ne suit pas l’expression régulière"),
    "not-int": gettext_lazy("n’est pas un nombre entier"),
    "not-double": gettext_lazy("n’est pas un nombre"),
    "not-boolean": gettext_lazy("n’est ni oui ni non"),
    "not-date": gettext_lazy("n’est pas une date"),
    "not-datetime": gettext_lazy("n’est pas une date et une heure"),
    "not-json": gettext_lazy("n’est pas du JSON"),
    "not-xml": gettext_lazy("n’est pas du XML"),
    "not-a-list": gettext_lazy("n’est pas une liste JSON"),
    "not-an-address": gettext_lazy("n’est pas une adresse web"),
    "not-expected": gettext_lazy("ne remplit pas les conditions"),
    "not-computed": gettext_lazy("n’a pas pu être calculé"),
    "not-a-place": gettext_lazy("n’est pas un lieu"),
    "outside": gettext_lazy("n’est dans aucune de ces formes"),
    "unknown-code": gettext_lazy("code inconnu"),
    "unknown-name": gettext_lazy("nom inconnu"),
    "homonym": gettext_lazy("plusieurs territoires ont ce nom"),
    "address-unknown": gettext_lazy("commune inconnue des adresses chargées"),
    "not-degrees": gettext_lazy("n’est pas un angle"),
    "not-encoded": gettext_lazy("n’est pas une forme codée"),
    "address-unsure": gettext_lazy("adresse trop peu sûre"),
    "address-no-answer": gettext_lazy("adresse restée sans réponse du service de géocodage"),
    "address-not-asked": gettext_lazy("adresse pas encore demandée au service de géocodage"),
    "not-in-dataset": gettext_lazy("absent de l’autre jeu de données"),
    "several-in-dataset": gettext_lazy("plusieurs fois dans l’autre jeu de données"),
}
"""Why a step failed on a row (``reason`` of the failures)."""


def failure_label(reason: str) -> str:
    """The reason of a failure in words."""
    return str(FAILURES.get(reason, reason))


def reason_label(reason: str) -> str:
    """The reason of a reject in words."""
    return str(REASONS.get(reason, reason))


def step_labels(lineage: Iterable[Mapping[str, Any]]) -> list[str]:
    """The steps of a version by the names that menus give them, in order."""
    names = [str(outcome.get("name", "")) for outcome in lineage]
    return [_(TRANSFORMS[name].label) if name in TRANSFORMS else name for name in names]


_HEADERS = {
    "line": gettext_lazy("ligne"),
    "step": gettext_lazy("rang de l’étape"),
    "column": gettext_lazy("colonne"),
    "value": gettext_lazy("valeur"),
    "content": gettext_lazy("contenu"),
    "reason": gettext_lazy("code"),
}


def worded_headers(names: Iterable[str]) -> list[str]:
    """The headers of such a file for people; what is told in words comes before its code."""
    added = {"step": [_("étape")], "reason": [_("motif")]}
    return [header for name in names for header in [*added.get(name, []), str(_HEADERS.get(name, name))]]


def worded_cells(row: Mapping[str, Any], steps: list[str]) -> list[object]:
    """A row of it under these headers."""
    cells: list[object] = []
    for name, value in row.items():
        if name == "step":
            cells.append(steps[value - 1] if isinstance(value, int) and 0 < value <= len(steps) else "")
        elif name == "reason":
            cells.append(str(FAILURES.get(str(value)) or REASONS.get(str(value)) or value))
        cells.append(value)
    return cells
