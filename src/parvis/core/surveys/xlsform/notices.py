"""What is told of an XLSForm that forms have no place for, line by line, and why the library refuses one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop

LEFT_OUT = gettext_noop(
    "« {name} » est du type « {type} », que les formulaires n’ont pas : la question est laissée de côté."
)
OTHERWISE = gettext_noop("« {name} » est du type « {type} » : la question est reprise sous une autre forme.")
CONDITION = gettext_noop("La condition de « {name} » n’est pas comprise, la question est toujours posée : {text}")
CONSTRAINT = gettext_noop("La contrainte de « {name} » n’est pas reprise : {text}")
IGNORED = gettext_noop("« {name} » : ce qui est dit en « {column} » n’est pas repris.")
NESTED = gettext_noop("« {name} » est un groupe répété dans un autre : il est laissé de côté.")
INNER = gettext_noop("« {name} » est un groupe dans un groupe : ses questions sont reprises dans celui qui l’entoure.")
RENAMED = gettext_noop("« {name} » devient la colonne « {column} ».")
LANGUAGE = gettext_noop("Le formulaire est en plusieurs langues : seule « {chosen} » est reprise.")
CUT = gettext_noop("Le texte de « {name} » est trop long : il est coupé.")
ELSEWHERE = gettext_noop(
    "« {name} » : sa liste est « {list} », hors de ce fichier. La question devient un texte libre ; écrivez sa liste ici."
)
REQUIRED = gettext_noop("« {name} » n’est obligatoire que si {text} : elle devient facultative.")
QUOTES = gettext_noop(
    "« {name} » cite la réponse à une autre question : elle est écrite telle quelle, et n’est pas remplacée."
)
FORM_SETTING = gettext_noop("Feuille « settings » : « {column} » n’est pas repris.")

REFUSALS = {
    "NAMES_001": gettext_noop(
        "ligne {row} de la feuille « survey », le nom « {value} » est déjà celui d’une autre question."
    ),
    "NAMES_004": gettext_noop(
        "ligne {row} de la feuille « survey », le nom « {value} » est déjà celui d’un autre groupe répété."
    ),
    "NAMES_006": gettext_noop("ligne {row} de la feuille « choices », la colonne « name » est vide."),
    "NAMES_007": gettext_noop("ligne {row} de la feuille « choices », ce nom (« name ») est déjà dans la même liste."),
    "NAMES_008": gettext_noop(
        "ligne {row} de la feuille « {sheet} », colonne « {column} » : un nom commence par une lettre, puis n’a que des lettres sans "
        "accent, des chiffres, « _ », « - » et « . »."
    ),
    "LABEL_001": gettext_noop("ligne {row} de la feuille « choices », la colonne « label » est vide."),
    "PYREF_001": gettext_noop(
        "ligne {row} de la feuille « {sheet} », colonne « {column} » : une question est citée par « ${{nom}} »."
    ),
    "PYREF_003": gettext_noop(
        "ligne {row} de la feuille « {sheet} », colonne « {column} » : aucune question ne s’appelle « {q} »."
    ),
    "HEADER_002": gettext_noop("feuille « {sheet_name} », deux colonnes sont les mêmes : « {other} » et « {header} »."),
    "HEADER_003": gettext_noop("feuille « {sheet_name} », il manque des colonnes : {missing}."),
    "SURVEY_001": gettext_noop("ligne {row}, « end_{type} » ne ferme rien : il manque « begin_{type} » avant elle."),
    "SURVEY_002": gettext_noop(
        "ligne {row}, « begin_{type} » n’est jamais fermé : il manque « end_{type} » après « {name} »."
    ),
}
"""The usual refusals of the library, by its code: its own words are English."""


def refusal_of(words: str, templates: Mapping[str, str]) -> Sentence | None:
    """A refusal of the library in our words, by its templates; None when we have none.

    Some of its errors have a code, others the template already filled: the words are read back in both cases.
    """
    for code, message in REFUSALS.items():
        if match := re.fullmatch(_pattern(templates.get(code, "")), words, re.DOTALL):
            values = {name: seen_text(value)[:200] for name, value in match.groupdict().items()}
            return Sentence(message, values)
    return None


def _pattern(template: str) -> str:
    names: set[str] = set()
    pattern = "" if template else "(?!)"
    for text, name, _spec, _turn in Formatter().parse(template):
        again = f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
        pattern += re.escape(text) + (again if name else "")
        names.add(name or "")
    return pattern
