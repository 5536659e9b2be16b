"""What of a portal does not come, by its kind: what its API does not give, or gives and is not taken; and what to do instead."""

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
    "explore": (
        (
            gettext_noop("scripts et styles des pages, pages de Studio"),
            gettext_noop(
                "un script n’est jamais repris, et le portail ne donne de ces pages que leur nom : l’encadré « À refaire » dit ce qu’il y avait"
            ),
        ),
        (
            gettext_noop("mots de passe et clés des personnes"),
            gettext_noop("aucun portail ne les donne : les personnes que vous invitez choisissent les leurs"),
        ),
        (
            gettext_noop("graphiques et cartes enregistrés hors des pages et des jeux"),
            gettext_noop("ils restent dans le portail ; leurs données sont ici, refaites ceux qui servent"),
        ),
        (
            gettext_noop("filtres de lignes par groupe (une personne les refait en extraits)"),
            gettext_noop(
                "Parvis ne ferme pas de lignes une à une : ce qui n’est pas à tout le monde là-bas est réservé ici, et la règle est dite"
            ),
        ),
        (
            gettext_noop("couleurs et images des thèmes"),
            gettext_noop("les thèmes d’ici sont une liste fermée : le tableau des correspondances les relie"),
        ),
        (
            gettext_noop("brouillons et jeux non publiés"),
            gettext_noop("le catalogue public ne les annonce pas, même avec une clé"),
        ),
        (
            gettext_noop("traitements et sources de chaque jeu"),
            gettext_noop("seul leur résultat est publié : réglez ici les sources et les recettes"),
        ),
        (
            gettext_noop("abonnements, discussions"),
            gettext_noop("l’API publique ne les donne pas"),
        ),
        (
            gettext_noop("rang des jeux en page d’accueil"),
            gettext_noop("il est écrit dans les pages du portail, pas dans le catalogue"),
        ),
        (
            gettext_noop("historique de fréquentation"),
            gettext_noop(
                "seuls les totaux sont donnés : ils sont montrés à part sur la page de chaque jeu, sans être ajoutés aux comptes d’ici"
            ),
        ),
        (
            gettext_noop("adresses directes des images des lignes"),
            gettext_noop(
                "chaque portail nomme ces fichiers à sa façon ; les pages des jeux et leurs documents gardent leur adresse"
            ),
        ),
    ),
    "ckan": (
        _PAGES,
        _PEOPLE,
        _LOGOS,
        (
            gettext_noop("aperçus des fichiers joints"),
            gettext_noop(
                "la page de chaque jeu montre déjà ses lignes et ses documents ; les autres vues sont dans « Le reste du portail »"
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
            gettext_noop("noms des auteurs des réutilisations"),
            gettext_noop("ce sont des personnes qui ont écrit ailleurs : seule une organisation est nommée"),
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
            gettext_noop("fichiers de lignes remplacés là-bas sous le même nom"),
            gettext_noop("rien ne dit qu’ils ont changé : ceux qui sont venus la première fois restent"),
        ),
        (
            gettext_noop("révisions des lignes"),
            gettext_noop("les lignes d’aujourd’hui sont ici, pas leurs états d’avant"),
        ),
        _USE,
    ),
}
