"""Words written where a number or a date would be, to say that there is none, and why there is none.

Conventional signs of statistical publications (Insee, ministries), of spreadsheets, databases and R. A secret is not an absence:
each reason has its own note, and each word keeps its count.
"""

from __future__ import annotations

from parvis.core.columns import ColumnType

MISSING_WORDS: dict[str, tuple[str, ...]] = {
    "values-absent": (
        "-", "–", "—", "--", "---", "*", "**", "***", ".", "..", "...", "…", "?", "??", "nd", "n.d.", "n.d", "n/d", "[nd]", "(nd)", "nc", "n.c.", "n.c", "n/c",
        "nr", "n.r.", "n/r", "na", "n.a.", "n.a", "n/a", "<na>", "null", "(null)", "<null>", "none", "nul", "nan", "nil", r"\n", "vide", "(vide)", "sans",
        "néant", "neant", "aucun", "aucune", "inconnu", "inconnue", "unknown", "manquant", "missing", "absent", "indisponible",
        "non renseigné", "non renseignée", "non renseigne", "non précisé", "non précisée", "non communiqué", "non communiquée", "non connu", "non connue",
        "non fourni", "non fournie", "non déclaré", "non déclarée", "non saisi", "non mesuré", "non mesurée", "non calculé", "non calculée",
        "non évalué", "non évaluée", "pas de données", "pas de donnée", "absence de données", "sans information", "nsp", "ne sait pas",
        "non disponible", "résultat non disponible", "donnée non disponible", "données non disponibles", "non déterminé", "non déterminée", "non défini", "non diffusé", "à renseigner", "à compléter", "not available", "no data",
        "n/a - résultat non disponible", "n/a - division par 0", "n/a - division par zéro", "n/a - non disponible",
        "·", "•", ",", ";", ":", "_", "__",
        "0000-00-00", "00/00/0000", "0000-00-00 00:00:00",
    ),
    "values-secret": ("s", "ss", "s.s.", "(s)", "c", "(c)", "secret", "secret statistique", "confidentiel", "confidentielle", "ndiff", "n/a - secret statistique", "n/a - secret"),
    "values-insignificant": ("ns", "n.s.", "n.s", "n/s", "non significatif"),
    "values-not-applicable": ("so", "s.o.", "s.o", "s/o", "sans objet", "non concerné", "non concernée", "non concerne", "non applicable", "not applicable", "///", "//", "/"),
    "values-in-error": ("#n/a", "#na", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!", "#valeur!", "#nom?", "#nombre!", "#nul!", "#erreur!", "inf", "-inf", "+inf", "infinity", "-infinity", "∞"),
}  # fmt: skip
"""By the code of the note that tells of them, in lower case."""

MACHINE_WORDS = frozenset({"na", "n/a", "<na>", "#n/a", "#na", "null", "(null)", "<null>", "none", "nan", "nil", r"\n"})
"""Those that programs write, and no person."""

MISSING_MARKS = frozenset(word for words in MISSING_WORDS.values() for word in words)
"""All of them."""

REASON_OF = {word: code for code, words in MISSING_WORDS.items() for word in words}

TOLERANT = frozenset({ColumnType.INT, ColumnType.DOUBLE, ColumnType.DATE, ColumnType.DATETIME})
"""Types among whose values such a word says nothing else: « s » among texts or answers may be a value like others."""


def says_nothing(text: str) -> str:
    """SQL: true when ``text``, without blanks around it, is one of the words.

    A letter alone is one in lower case only: statistical secrecy is written so, while « C » may be a class beside 1 and 2.
    """
    letters = ", ".join(f"'{word}'" for word in sorted(MISSING_MARKS) if len(word) == 1)
    words = ", ".join(f"'{word}'" for word in sorted(MISSING_MARKS) if len(word) > 1)
    return f"({text} IN ({letters}) OR lower({text}) IN ({words}))"
