"""What is said about a dataset: the vocabulary of its card (DCAT-AP-FR), as rows.

The card itself is the ``metas`` of an Explore v2.1 dataset object; here stand the closed lists it draws from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.text import fold
from parvis.core.translation import gettext_noop, languages, translate


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for public data: slug, name, address, what the reuser must do."""

    slug: str
    name: str
    url: str
    duty: str


LICENCES = (
    Licence(
        "lov2",
        "Licence Ouverte 2.0 (Etalab)",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        gettext_noop("Citer la source et la date de mise à jour."),
    ),
    Licence(
        "odbl",
        "Open Database License (ODbL) 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        gettext_noop("Citer la source ; partager à l’identique toute base dérivée."),
    ),
    Licence(
        "cc-by-4.0",
        "Creative Commons Attribution 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        gettext_noop("Citer l’auteur, la source et les modifications."),
    ),
    Licence(
        "cc0-1.0",
        "Creative Commons Zero 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        gettext_noop("Aucune obligation."),
    ),
    Licence(
        "mit",
        "Licence MIT",
        "https://opensource.org/license/mit",
        gettext_noop("Reproduire la mention de l’auteur et de la licence."),
    ),
    Licence(
        "unlicense",
        "Unlicense (domaine public)",
        "https://unlicense.org/",
        gettext_noop("Aucune obligation."),
    ),
    Licence(
        "other",
        "Autre licence",
        "",
        gettext_noop("Lire la licence que le producteur indique."),
    ),
)
"""The legal list for administrations is Licence Ouverte and ODbL for data (CRPA, D323-2-1); the others are met on data
received from elsewhere and must keep their name."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a closed list: slug, address in its European authority table, label."""

    slug: str
    uri: str
    label: str


_THEME = "http://publications.europa.eu/resource/authority/data-theme/"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"

THEMES = tuple(
    Term(slug, _THEME + code, label)
    for slug, code, label in (
        ("administration", "GOVE", gettext_noop("Administration et vie publique")),
        ("agriculture", "AGRI", gettext_noop("Agriculture et alimentation")),
        ("economie", "ECON", gettext_noop("Économie, finances et emploi")),
        ("education", "EDUC", gettext_noop("Éducation, culture et sport")),
        ("energie", "ENER", gettext_noop("Énergie")),
        ("environnement", "ENVI", gettext_noop("Environnement et climat")),
        ("justice", "JUST", gettext_noop("Justice et sécurité")),
        ("population", "SOCI", gettext_noop("Population et société")),
        ("sante", "HEAL", gettext_noop("Santé")),
        ("technologie", "TECH", gettext_noop("Sciences et numérique")),
        ("territoire", "REGI", gettext_noop("Territoire, urbanisme et logement")),
        ("transports", "TRAN", gettext_noop("Mobilité et transports")),
    )
)
"""The data themes of DCAT-AP (EU vocabulary data-theme), with labels a neighbour understands."""

FREQUENCIES = tuple(
    Term(slug, _FREQUENCY + code, label)
    for slug, code, label in (
        ("continuous", "CONT", gettext_noop("En continu")),
        ("daily", "DAILY", gettext_noop("Chaque jour")),
        ("weekly", "WEEKLY", gettext_noop("Chaque semaine")),
        ("monthly", "MONTHLY", gettext_noop("Chaque mois")),
        ("quarterly", "QUARTERLY", gettext_noop("Chaque trimestre")),
        ("biannual", "ANNUAL_2", gettext_noop("Deux fois par an")),
        ("annual", "ANNUAL", gettext_noop("Chaque année")),
        ("irregular", "IRREG", gettext_noop("Irrégulière")),
        ("never", "NEVER", gettext_noop("Jamais (données figées)")),
        ("unknown", "UNKNOWN", gettext_noop("Inconnue")),
    )
)

OTHER_LICENCE = "other"
"""Slug of a licence that is none of the list: a card then tells it in the words it came with."""

LICENCE_BY_SLUG = {licence.slug: licence for licence in LICENCES}
THEME_BY_SLUG = {theme.slug: theme for theme in THEMES}
FREQUENCY_BY_SLUG = {frequency.slug: frequency for frequency in FREQUENCIES}


def term_slug(terms: Sequence[Term], word: str) -> str:
    """The slug of the term so called: by slug, address, address's last part or label in any language, accents and case aside; else empty."""
    folded, spoken = fold(word.strip()), languages()
    for term in terms:
        labels = (translate(term.label, language) for language in spoken)
        names = (term.slug, term.uri, term.uri.rpartition("/")[2], *labels)
        if folded and folded in {fold(name) for name in names}:
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
