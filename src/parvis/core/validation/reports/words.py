"""The words of reports, in French and English."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "row": ("Ligne", "Row"),
    "column": ("Colonne", "Column"),
    "position": ("Numéro de colonne", "Column number"),
    "value": ("Valeur trouvée", "Value found"),
    "title": ("Problème", "Problem"),
    "message": ("Explication", "Explanation"),
    "proposal": ("Proposition", "Proposal"),
    "rule": ("Règle", "Rule"),
    "count": ("Nombre", "Count"),
    "summary": ("Résumé", "Summary"),
    "data": ("Données", "Data"),
    "faults": ("Fautes", "Faults"),
    "valid": ("Le fichier respecte le schéma.", "The file follows the schema."),
    "invalid": ("Le fichier ne respecte pas le schéma : {total} fautes.", "The file does not follow the schema: {total} faults."),
    "schema": ("Schéma", "Schema"),
    "rows": ("Lignes vérifiées", "Rows checked"),
    "advice": ("Conseils", "Advice"),
    "only_faulty": (
        "Le fichier a {rows} lignes : seules celles qui ont des fautes sont montrées, {shown} au plus.",
        "The file has {rows} rows: only those with faults are shown, {shown} at most.",
    ),
    "cut_faults": ("La feuille « Fautes » montre les {shown} premières : le rapport CSV les a toutes.", "Sheet “Faults” shows the first {shown}: the CSV report has them all."),
    "cut_notes": ("Seules les {shown} premières cellules fautives portent un commentaire.", "Only the first {shown} faulty cells bear a comment."),
    "file": ("Fichier entier", "Whole file"),
}  # fmt: skip


def word(name: str, language: str) -> str:
    """A word of a report in the language, with the non-breaking spaces of French."""
    fr, en = WORDS[name]
    if not language.startswith("fr"):
        return en
    return fr.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
