"""Units that French producers write in words, in the language of the screen."""

from __future__ import annotations

from parvis.core.translation import gettext_noop, translate

USUAL = frozenset(
    (
        gettext_noop("habitants"),
        gettext_noop("hab."),
        gettext_noop("logements"),
        gettext_noop("locaux"),
        gettext_noop("établissements"),
        gettext_noop("entreprises"),
        gettext_noop("points"),
        gettext_noop("vélos"),
        gettext_noop("bornes"),
        gettext_noop("arbres"),
        gettext_noop("lignes"),
        gettext_noop("trains"),
        gettext_noop("personnes"),
        gettext_noop("élèves"),
        gettext_noop("emplois"),
        gettext_noop("communes"),
        gettext_noop("jours"),
        gettext_noop("ans"),
        gettext_noop("heures"),
        gettext_noop("minutes"),
        gettext_noop("voix"),
    )
)
"""Those that are put into the language of the screen; the others, most of them symbols, stay as they were written."""


def unit_word(unit: str, language: str) -> str:
    """``habitants``, which an English screen calls ``inhabitants``; a unit that is not usual as it is."""
    return translate(unit, language) if unit in USUAL else unit
