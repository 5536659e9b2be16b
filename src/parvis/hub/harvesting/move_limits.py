"""What the APIs of CKAN, udata and Data Fair do not give, or give and is not taken, and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parvis.core.translation import gettext_noop

_PAGES = (
    gettext_noop("pages et blocs"),
    gettext_noop("l’API publique d’un portail ne donne pas ses pages : refaites-les ici, le texte se copie"),
)
_PEOPLE = (
    gettext_noop("personnes, groupes et droits"),
    gettext_noop("aucune API publique ne les donne : invitez les personnes ici"),
)
_LOGOS = (
    gettext_noop("logos et textes des organisations"),
    gettext_noop("les organisations sont celles d’ici, que vous avez choisies : mettez leur logo sur leur page"),
)
_USE = (
    gettext_noop("historique de fréquentation"),
    gettext_noop("seuls les totaux sont donnés : ils sont dans ce rapport, sans être ajoutés aux comptes d’ici"),
)
_VERSIONS = (
    gettext_noop("versions précédentes des fichiers"),
    gettext_noop("l’API ne donne que le fichier d’aujourd’hui : l’historique commence ici"),
)

LIMITS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ckan": (
        _PAGES,
        _PEOPLE,
        _LOGOS,
        (
            gettext_noop("vues des ressources et réutilisations"),
            gettext_noop(
                "elles dépendent d’extensions du portail ; leurs données sont ici, refaites celles qui servent"
            ),
        ),
        (gettext_noop("abonnements"), gettext_noop("l’API publique ne les donne pas")),
        _VERSIONS,
        _USE,
    ),
    "udata": (
        _PAGES,
        _PEOPLE,
        _LOGOS,
        (
            gettext_noop("réutilisations"),
            gettext_noop("elles appartiennent à qui les a déclarées : leur nombre est dans ce rapport"),
        ),
        (
            gettext_noop("discussions"),
            gettext_noop("elles portent le nom de personnes qui ont écrit ailleurs : leur nombre est dans ce rapport"),
        ),
        (
            gettext_noop("fichiers de la communauté"),
            gettext_noop("ils appartiennent à qui les a déposés : leur lien est sur la page du jeu"),
        ),
        _VERSIONS,
        _USE,
    ),
    "data_fair": (
        _PAGES,
        _PEOPLE,
        _LOGOS,
        (
            gettext_noop("applications et visualisations"),
            gettext_noop("elles restent dans le portail ; leurs données sont ici, refaites celles qui servent"),
        ),
        (
            gettext_noop("enrichissements, traitements et jeux virtuels"),
            gettext_noop(
                "leur résultat est ici ; ils ne seront plus recalculés : réglez ici les sources et les recettes"
            ),
        ),
        (
            gettext_noop("fichiers joints aux lignes"),
            gettext_noop(
                "leurs noms sont dans les lignes, les fichiers restent là-bas : téléchargez-les avant la fermeture"
            ),
        ),
        (
            gettext_noop("révisions des lignes"),
            gettext_noop("les lignes d’aujourd’hui sont ici, pas leurs états d’avant"),
        ),
        _USE,
    ),
}
