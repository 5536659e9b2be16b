"""What is wrong with a query, for people who made it with menus: no word of the query language, no name of a clause."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE, Sentence, gettext_noop

_SENTENCES: Mapping[str, str] = {
    "odsql-syntax": gettext_noop("Le texte en ODSQL ne se lit pas à partir de « {token} »."),
    "odsql-unexpected-end": gettext_noop("Le texte en ODSQL s’arrête trop tôt."),
    "odsql-too-complex": gettext_noop("Le texte en ODSQL est trop long (au plus {limit})."),
    "odsql-unknown-function": gettext_noop("La fonction « {name} » n’existe pas.{did_you_mean}"),
    "odsql": gettext_noop("Le texte en ODSQL ne peut pas être calculé : {reason}."),
    "odsql-unknown-field": gettext_noop("Ce jeu de données n’a pas de colonne « {name} ».{did_you_mean}"),
    "odsql-wrong-type": gettext_noop("« {what} » n’accepte pas {found} (attendu : {expected})."),
    "odsql-stat-only": gettext_noop("« {name} » n’accepte pas {found} (attendu : {expected})."),
    "odsql-not-grouped": gettext_noop("La colonne « {name} » doit être résumée : choisissez un calcul."),
    "odsql-not-allowed": gettext_noop("« {name} » ne peut pas servir ici."),
}


def plain_message(error: ParvisError) -> str:
    """What happened and what to do about it, in the language of the screen."""
    language = get_language() or SOURCE
    sentence = _SENTENCES.get(error.code)
    if sentence is None:
        return f"{error.message(language)} {error.hint(language)}".strip()
    _first, _advice = error.sentences()
    return Sentence(sentence, _first.values).text(language)
