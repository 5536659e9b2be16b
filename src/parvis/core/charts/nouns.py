"""What the groups of a chart are called when they are counted: « 23 communes », « 4 types de logement »."""

from __future__ import annotations

import re

from parvis.core.charts.points import Reading
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, translate
from parvis.core.typography import is_set

_GROUP, _GROUPS = gettext_noop("groupe"), gettext_noop("groupes")
_NAMING = re.compile(
    r"^(?:nom|libelle|intitule|designation|code|numero|type) (?:complet |court |usuel )?(?:de la |de l['’]|des |du |d['’]|de )"
)
"""What a label says before the thing itself: « Nom de la commune »."""
_OF_PLACES = re.compile(
    r"^(?:nom|libelle|code) (?=(?:commune|epci|region|departement|canton|quartier|secteur|ecole|etablissement|voie|rue|station|gare|theme|famille)s?$)"
)
"""« Libellé commune », without what joins them."""
_CAMEL = re.compile(r"[a-z][A-Z]")
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
_LINKS = frozenset(("de", "d", "du", "des", "par", "en", "a", "au", "pour", "sur"))
_LONGEST = 28
_UNCHANGED = ("s", "x", "z")
_OU = frozenset(("bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou"))


def counted(reading: Reading, count: int) -> str:
    """The noun for that many groups, in French from the title of their column; « groupes » when it is no plain noun."""
    label = reading.labels.get("grouping", "")
    if is_set(reading.language):
        noun = noun_of(label)
        if noun:
            return noun if count < 2 else plural(noun)
    return translate(_GROUP if count == 1 else _GROUPS, reading.language)


def noun_of(label: str) -> str:
    """The noun that the title of a column is, without capital; empty when it is none that can be counted."""
    match = _NAMING.match(fold(label)) or _OF_PLACES.match(fold(label))
    text = label[match.end() :] if match and not fold(label).startswith("type") else label
    if not _PLAIN.fullmatch(text) or len(text) > _LONGEST or text.isupper() or _CAMEL.search(text):
        return ""
    words = text.split(" ")
    if len(words) > 1 and fold(words[1].split("’")[0].split("'")[0]) not in _LINKS:
        return ""
    return text[:1].lower() + text[1:]


def plural(noun: str) -> str:
    """The plural of a noun and of what goes with it: « types de logement », « journaux »."""
    head, space, rest = noun.partition(" ")
    if head.endswith(_UNCHANGED):
        return noun
    if head.endswith("al") and head not in ("bal", "festival", "carnaval", "regal"):
        head = head[:-1] + "ux"
    elif head.endswith(("eau", "eu")) or head in _OU:
        head += "x"
    else:
        head += "s"
    return head + space + rest
