"""What is said about a dataset: the vocabulary of its card (DCAT-AP-FR), as rows.

The card itself is the ``metas`` of an Explore v2.1 dataset object; here stand the closed lists it draws from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.text import fold


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for public data: slug, name, address, what the reuser must do (French, English)."""

    slug: str
    name: str
    url: str
    duty_fr: str
    duty_en: str


LICENCES = (
    Licence(
        "lov2",
        "Licence Ouverte 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "Citer la source et la date de mise à jour.",
        "Name the source and the date of its last update.",
    ),
    Licence(
        "odbl",
        "Open Database License (ODbL) 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "Citer la source ; partager à l’identique toute base dérivée.",
        "Name the source; share any derived database under the same licence.",
    ),
    Licence(
        "cc-by-4.0",
        "Creative Commons Attribution 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "Citer l’auteur, la source et les modifications.",
        "Name the author, the source and the changes made.",
    ),
    Licence(
        "cc0-1.0",
        "Creative Commons Zero 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "Aucune obligation.",
        "No duty.",
    ),
    Licence(
        "mit",
        "Licence MIT",
        "https://opensource.org/license/mit",
        "Reproduire la mention de l’auteur et de la licence.",
        "Keep the notice of the author and of the licence.",
    ),
    Licence(
        "unlicense",
        "Unlicense (domaine public)",
        "https://unlicense.org/",
        "Aucune obligation.",
        "No duty.",
    ),
    Licence(
        "other",
        "Autre licence",
        "",
        "Lire la licence que le producteur indique.",
        "Read the licence that the producer names.",
    ),
)
"""The legal list for administrations is Licence Ouverte and ODbL for data (CRPA, D323-2-1); the others are met on data
received from elsewhere and must keep their name."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a closed list: slug, address in its European authority table, label in French and English."""

    slug: str
    uri: str
    fr: str
    en: str


_THEME = "http://publications.europa.eu/resource/authority/data-theme/"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"

THEMES = tuple(
    Term(slug, _THEME + code, fr, en)
    for slug, code, fr, en in (
        ("administration", "GOVE", "Administration et vie publique", "Government and public sector"),
        ("agriculture", "AGRI", "Agriculture et alimentation", "Agriculture and food"),
        ("economie", "ECON", "Économie, finances et emploi", "Economy, finance and jobs"),
        ("education", "EDUC", "Éducation, culture et sport", "Education, culture and sport"),
        ("energie", "ENER", "Énergie", "Energy"),
        ("environnement", "ENVI", "Environnement et climat", "Environment and climate"),
        ("justice", "JUST", "Justice et sécurité", "Justice and safety"),
        ("population", "SOCI", "Population et société", "Population and society"),
        ("sante", "HEAL", "Santé", "Health"),
        ("technologie", "TECH", "Sciences et numérique", "Science and technology"),
        ("territoire", "REGI", "Territoire, urbanisme et logement", "Regions and cities"),
        ("transports", "TRAN", "Mobilité et transports", "Transport"),
    )
)
"""The data themes of DCAT-AP (EU vocabulary data-theme), with labels a neighbour understands."""

FREQUENCIES = tuple(
    Term(slug, _FREQUENCY + code, fr, en)
    for slug, code, fr, en in (
        ("continuous", "CONT", "En continu", "Continuous"),
        ("daily", "DAILY", "Chaque jour", "Daily"),
        ("weekly", "WEEKLY", "Chaque semaine", "Weekly"),
        ("monthly", "MONTHLY", "Chaque mois", "Monthly"),
        ("quarterly", "QUARTERLY", "Chaque trimestre", "Quarterly"),
        ("biannual", "ANNUAL_2", "Deux fois par an", "Twice a year"),
        ("annual", "ANNUAL", "Chaque année", "Yearly"),
        ("irregular", "IRREG", "Irrégulière", "Irregular"),
        ("never", "NEVER", "Jamais (données figées)", "Never (frozen data)"),
        ("unknown", "UNKNOWN", "Inconnue", "Unknown"),
    )
)

OTHER_LICENCE = "other"
"""Slug of a licence that is none of the list: a card then tells it in the words it came with."""

LICENCE_BY_SLUG = {licence.slug: licence for licence in LICENCES}
THEME_BY_SLUG = {theme.slug: theme for theme in THEMES}
FREQUENCY_BY_SLUG = {frequency.slug: frequency for frequency in FREQUENCIES}


def term_slug(terms: Sequence[Term], word: str) -> str:
    """The slug of the term so called: by slug, address, address's last part or label, accents and case aside; else empty."""
    wanted = fold(word.strip())
    for term in terms:
        names = (term.slug, term.uri, term.uri.rpartition("/")[2], term.fr, term.en)
        if wanted and wanted in {fold(name) for name in names}:
            return term.slug
    return ""


def theme_slug(word: str) -> str:
    """The theme that a card means; a word that the vocabulary does not know stands for itself."""
    return word if word in THEME_BY_SLUG else term_slug(THEMES, word) or word


_FREQUENCY_WORDS = {
    "temps reel": "continuous",
    "quotidienne": "daily",
    "hebdomadaire": "weekly",
    "mensuel": "monthly",
    "trimestriel": "quarterly",
    "semestriel": "biannual",
    "annuel": "annual",
    "ponctuel": "irregular",
}
"""What French portals write, folded, without the last letters of the feminine."""


def frequency_slug(word: str) -> str:
    """The frequency that a card means, in our words or those of French portals; empty when it is none that we know."""
    return term_slug(FREQUENCIES, word) or _FREQUENCY_WORDS.get(fold(word.strip()).removesuffix("le"), "")
