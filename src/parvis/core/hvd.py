"""High-value datasets: the six categories of implementing regulation (EU) 2023/138, and which of them a dataset may be of.

A machine only proposes: what the annex of the regulation lists is finer than any word, and the producer answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from parvis.core.metadata import Term
from parvis.core.text import fold
from parvis.core.translation import gettext_noop

LEGISLATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
"""The regulation, as catalogues name it."""

SHARE_ALIKE = frozenset({"odbl"})
"""Licences that ask more than CC BY 4.0 does, which the regulation refuses (article 4): slugs of ``core.metadata.LICENCES``."""

CATEGORIES = tuple(
    Term(slug, f"http://data.europa.eu/bna/{code}", label)
    for slug, code, label in (
        ("geospatial", "c_ac64a52d", gettext_noop("Géospatiales")),
        ("environnement", "c_dd313021", gettext_noop("Observation de la terre et environnement")),
        ("meteorologie", "c_164e0bf5", gettext_noop("Météorologiques")),
        ("statistiques", "c_e1da4e07", gettext_noop("Statistiques")),
        ("entreprises", "c_a9135398", gettext_noop("Entreprises et propriété d’entreprises")),
        ("mobilite", "c_b79e35eb", gettext_noop("Mobilité")),
    )
)

CATEGORY_BY_SLUG = {category.slug: category for category in CATEGORIES}

_WORDS = {
    "geospatial": (
        "adresse",
        "base adresse locale",
        "bâtiment",
        "bâti",
        "cadastre",
        "cadastral",
        "parcelle",
        "parcellaire",
        "toponyme",
        "lieu-dit",
        "lieux-dits",
        "limite administrative",
        "limite communale",
        "limite de commune",
        "contour de commune",
        "contour communal",
        "contour de département",
        "découpage administratif",
    ),
    "environnement": (
        "qualité de l’air",
        "qualité de l’eau",
        "eau de baignade",
        "cours d’eau",
        "hydrographie",
        "zone humide",
        "nappe phréatique",
        "bruit",
        "biodiversité",
        "espèce",
        "natura 2000",
        "znieff",
        "espace naturel",
        "occupation du sol",
        "inondation",
        "zone inondable",
        "risque naturel",
        "émission",
        "gaz à effet de serre",
        "sol pollué",
        "déchet",
        "orthophoto",
        "orthophotographie",
        "lidar",
        "modèle numérique de terrain",
    ),
    "meteorologie": (
        "météo",
        "météorologie",
        "météorologique",
        "pluviométrie",
        "pluviomètre",
        "précipitation",
        "station météo",
    ),
    "statistiques": (
        "recensement de la population",
        "population légale",
        "population",
        "démographie",
        "naissance",
        "décès",
        "mortalité",
        "chômage",
        "taux d’emploi",
        "fréquentation touristique",
        "nuitée",
    ),
    "entreprises": ("sirene", "registre du commerce", "entreprise immatriculée", "entreprise radiée"),
    "mobilite": (
        "réseau routier",
        "filaire de voirie",
        "filaire de voie",
        "tronçon de voie",
        "tronçon de route",
        "voirie",
        "réseau ferroviaire",
        "réseau ferré",
        "voie ferrée",
        "réseau de transport",
        "aménagement cyclable",
        "piste cyclable",
        "voie navigable",
        "voie fluviale",
        "passage à niveau",
    ),
}
"""Words of titles, keywords and themes → category, after what the annex lists."""

_SCHEMAS = {"etalab/schema-bal": "geospatial", "etalab/schema-passage-a-niveau": "mobilite"}
"""Schema that a dataset follows → category."""


def proposed(words: Iterable[str], schema: str = "") -> tuple[str, ...]:
    """The categories (slugs) that a title, themes, keywords and a schema speak of, in the order of the list.

    >>> proposed(["Points d’apport volontaire des déchets", "tri"])
    ('environnement',)
    >>> proposed(["Base adresse locale d’Évry-Courcouronnes"], schema="etalab/schema-bal")
    ('geospatial',)
    >>> proposed(["Budget primitif 2022"])
    ()
    """
    text = " ".join(f" {_folded(word)} " for word in words)
    categories = {slug for slug, pattern in _patterns().items() if pattern.search(text)}
    categories |= {slug for name, slug in _SCHEMAS.items() if name in schema}
    return tuple(category.slug for category in CATEGORIES if category.slug in categories)


def refuses(categories: Iterable[str], licence: str) -> bool:
    """Whether a dataset of these categories may not have that licence."""
    return any(slug in CATEGORY_BY_SLUG for slug in categories) and licence in SHARE_ALIKE


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    # Each word of an expression may be in the plural, and « de » be « des » or « d’ ».
    return {
        slug: re.compile(r"\b(?:" + "|".join(_pattern(expression) for expression in expressions) + r")\b")
        for slug, expressions in _WORDS.items()
    }


def _pattern(expression: str) -> str:
    words = re.split(r"[ '-]+", _folded(expression))
    return r"[ '-]+".join(r"d(?:es?|u)?" if word == "de" else f"{re.escape(word)}(?:s|x|aux)?" for word in words)


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")
