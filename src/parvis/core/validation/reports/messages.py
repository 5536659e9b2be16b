"""The words of reports."""

from __future__ import annotations

from parvis.core.translation import gettext_noop, typeset

WORDS: dict[str, str] = {
    "row": gettext_noop("Ligne"),
    "column": gettext_noop("Colonne"),
    "position": gettext_noop("Numéro de colonne"),
    "value": gettext_noop("Valeur trouvée"),
    "title": gettext_noop("Problème"),
    "message": gettext_noop("Explication"),
    "proposal": gettext_noop("Proposition"),
    "rule": gettext_noop("Règle"),
    "count": gettext_noop("Nombre"),
    "summary": gettext_noop("Résumé"),
    "data": gettext_noop("Données"),
    "faults": gettext_noop("Erreurs"),
    "valid": gettext_noop("Le fichier respecte le schéma."),
    "invalid": gettext_noop("Le fichier ne respecte pas le schéma : {total} erreurs."),
    "schema": gettext_noop("Schéma"),
    "rows": gettext_noop("Lignes vérifiées"),
    "advice": gettext_noop("Conseils"),
    "only_faulty": gettext_noop("Le fichier a {rows} lignes : seules celles qui ont des erreurs sont montrées, {shown} au plus."),
    "cut_faults": gettext_noop("La feuille « Erreurs » montre les {shown} premières : le rapport CSV les a toutes."),
    "cut_notes": gettext_noop("Seules les {shown} premières cellules fautives portent un commentaire."),
    "file": gettext_noop("Fichier entier"),
}  # fmt: skip


def word(name: str, language: str) -> str:
    """A word of a report in the language, with the non-breaking spaces of French."""
    return typeset(WORDS[name], language)
