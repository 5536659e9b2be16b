"""What a card and its data let one propose for the INSPIRE block; a person reads it again and decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from parvis.core.inspire.vocabulary import THEME_BY_SLUG, THEMES, TOPIC_OF_OUR_THEME
from parvis.core.text import fold

SERVED_SYSTEM = "EPSG:4326"
"""The system in which rows are served."""

_WORDS = {
    "gn": ("toponyme", "lieu-dit", "lieux-dits"),
    "au": ("limite communale", "limite administrative", "contour communal", "contour de commune", "quartier"),
    "ad": ("adresse",),
    "cp": ("cadastre", "parcelle"),
    "tn": ("voirie", "filaire de voie", "réseau routier", "piste cyclable", "aménagement cyclable", "réseau de bus"),
    "hy": ("cours d’eau", "hydrographie", "rivière", "plan d’eau"),
    "ps": ("site protégé", "natura 2000", "znieff", "monument historique", "espace naturel sensible"),
    "el": ("modèle numérique de terrain", "courbe de niveau", "lidar"),
    "lc": ("occupation du sol",),
    "oi": ("orthophoto", "orthophotographie"),
    "ge": ("géologie", "forage"),
    "su": ("iris", "carreau", "unité statistique"),
    "bu": ("bâtiment", "bâti"),
    "so": ("pédologie", "sol pollué"),
    "lu": ("plu", "plui", "document d’urbanisme", "zonage d’urbanisme", "servitude d’utilité publique"),
    "hh": ("bruit", "nuisance sonore"),
    "us": ("école", "équipement", "déchet", "assainissement", "eau potable", "caserne", "bureau de vote"),
    "ef": ("station de mesure", "qualité de l’air", "piézomètre"),
    "pf": ("site industriel", "icpe"),
    "pd": ("population", "recensement"),
    "am": ("zone à faibles émissions", "zone de stationnement", "secteur scolaire"),
    "nz": ("inondation", "zone inondable", "risque naturel", "ppri"),
    "hb": ("habitat naturel", "biotope"),
    "sd": ("espèce", "arbre remarquable"),
    "er": ("chaufferie", "réseau de chaleur", "photovoltaïque"),
}
"""Words of titles and keywords → theme; what no word tells is not proposed."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is known of a dataset before anybody describes it for INSPIRE."""

    words: Sequence[str] = ()
    """Title and keywords."""
    themes: Sequence[str] = ()
    """Slugs of ``core.metadata.THEMES``."""
    identifier: str = ""
    namespace: str = ""
    has_geometry: bool = False
    source: str = ""
    publisher: str = ""
    email: str = ""
    file_format: str = ""


def proposed_themes(words: Iterable[str]) -> list[str]:
    """The themes that these words speak of, in the order of the annexes.

    >>> proposed_themes(["Base adresse locale", "Limites communales"])
    ['au', 'ad']
    """
    text = " ".join(f" {_folded(word)} " for word in words)
    return [theme.slug for theme in THEMES if (pattern := _patterns().get(theme.slug)) and pattern.search(text)]


def proposed(facts: CardFacts) -> dict[str, Any]:
    """A block to start from: everything but whether the dataset is of INSPIRE's scope, and the limitations on access, which follow the
    access of the dataset while nobody chose any."""
    themes = proposed_themes(facts.words)
    topics = [THEME_BY_SLUG[slug].topic for slug in themes]
    topics += [TOPIC_OF_OUR_THEME[slug] for slug in facts.themes if slug in TOPIC_OF_OUR_THEME]
    values = {
        "themes": themes,
        "type": "dataset",
        "topics": list(dict.fromkeys(filter(None, topics))),
        "code": facts.identifier,
        "namespace": facts.namespace,
        "lineage": facts.source,
        "crs": SERVED_SYSTEM if facts.has_geometry else "",
        "encoding": facts.file_format,
        "conformity": "notEvaluated",
        "party": facts.publisher,
        "party_role": "custodian" if facts.publisher else "",
        "party_email": facts.email,
    }
    return {name: value for name, value in values.items() if value}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    # Each word may be in the plural, and « de » be « des » or « d’ ».
    return {
        slug: re.compile(r"\b(?:" + "|".join(map(_pattern, expressions)) + r")\b")
        for slug, expressions in _WORDS.items()
    }


def _pattern(expression: str) -> str:
    words = re.split(r"[ '-]+", _folded(expression))
    return r"[ '-]+".join(r"d(?:es?|u)?" if word == "de" else f"{re.escape(word)}(?:s|x)?" for word in words)


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")
