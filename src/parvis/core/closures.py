"""Why data is not open to all: the reasons that the law knows, each with its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parvis.core.translation import gettext_noop

_CRPA = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000031366350/"
_ENVIRONMENT = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006074220/"
_TAXES = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006069583/"
_STATISTICS = "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000000888573/"
_DIRECTIVE = "http://data.europa.eu/eli/dir/2007/2/oj"


@dataclass(frozen=True, slots=True)
class Closure:
    """One reason: what it is, the article that has it (never translated), where that text is read, and the case of article 13(1) of the
    INSPIRE directive that it stands for (a letter; empty when for none)."""

    slug: str
    label: str
    article: str
    url: str
    inspire: str = ""


CLOSURES: Final = (
    Closure(
        "personal",
        gettext_noop("Vie privée ou secret médical"),
        "article L311-6 (1°) du code des relations entre le public et l’administration",
        _CRPA,
        "f",
    ),
    Closure(
        "anonymisation",
        gettext_noop("Données personnelles à rendre anonymes avant publication"),
        "article L312-1-2 du code des relations entre le public et l’administration",
        _CRPA,
        "f",
    ),
    Closure(
        "business",
        gettext_noop("Secret des affaires"),
        "article L311-6 (1°) du code des relations entre le public et l’administration",
        _CRPA,
        "d",
    ),
    Closure(
        "unfinished",
        gettext_noop("Document inachevé ou préparatoire à une décision en cours"),
        "article L311-2 du code des relations entre le public et l’administration",
        _CRPA,
    ),
    Closure(
        "third-party",
        gettext_noop("Propriété intellectuelle d’un tiers"),
        "article L311-4 du code des relations entre le public et l’administration",
        _CRPA,
        "e",
    ),
    Closure(
        "security",
        gettext_noop("Sécurité publique, des personnes, des sites ou des systèmes d’information"),
        "article L311-5 (2°, d) du code des relations entre le public et l’administration",
        _CRPA,
        "b",
    ),
    Closure(
        "justice",
        gettext_noop("Procédure engagée devant une juridiction, recherche d’infractions"),
        "article L311-5 (2°, f et g) du code des relations entre le public et l’administration",
        _CRPA,
        "c",
    ),
    Closure(
        "secret",
        gettext_noop("Autre secret protégé par la loi"),
        "article L311-5 (2°, h) du code des relations entre le public et l’administration",
        _CRPA,
        "a",
    ),
    Closure(
        "statistics",
        gettext_noop("Secret statistique"),
        "article 6 de la loi n° 51-711 du 7 juin 1951",
        _STATISTICS,
        "d",
    ),
    Closure("taxes", gettext_noop("Secret fiscal"), "article L103 du livre des procédures fiscales", _TAXES, "d"),
    Closure(
        "environment",
        gettext_noop("Protection de l’environnement, telle la place d’espèces rares"),
        "article L124-4 (I, 2°) du code de l’environnement",
        _ENVIRONMENT,
        "h",
    ),
    Closure(
        "volunteer",
        gettext_noop("Information donnée de plein gré par un tiers qui n’a pas consenti à sa diffusion"),
        "article L124-4 (I, 3°) du code de l’environnement",
        _ENVIRONMENT,
        "g",
    ),
    Closure(
        "inspire",
        gettext_noop("Restriction prévue par la directive INSPIRE"),
        "article 13 (1) de la directive 2007/2/CE",
        _DIRECTIVE,
    ),
)
"""The reasons, those met most first (CRPA, code de l’environnement, laws on secrets)."""

CLOSURE_BY_SLUG: Final[Mapping[str, Closure]] = {closure.slug: closure for closure in CLOSURES}


def inspire_limits(slugs: Iterable[str]) -> list[str]:
    """The cases of article 13(1) that these reasons stand for, each once.

    >>> inspire_limits(["personal", "unfinished", "anonymisation", "business"])
    ['f', 'd']
    """
    letters = (CLOSURE_BY_SLUG[slug].inspire for slug in slugs if slug in CLOSURE_BY_SLUG)
    return list(dict.fromkeys(letter for letter in letters if letter))
