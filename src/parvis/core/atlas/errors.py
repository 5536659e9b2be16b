"""What may be wrong with a map, and what to do instead."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop


class MapError(RequestError):
    """A map that cannot be drawn as it is described."""

    code: ClassVar[str] = "map"


class BadMap(MapError):
    """A description that does not say what is needed, or says what is not known."""

    code: ClassVar[str] = "map-description"
    sentence: ClassVar[str] = gettext_noop("La description de la carte ne convient pas, à « {name} » : {value}.")
    advice: ClassVar[str] = gettext_noop("Valeurs possibles : {expected}.")


class UnfitColumn(MapError):
    """A column that the dataset has not, or not in the form that is needed; ``nearest`` is the likeliest one that will do."""

    code: ClassVar[str] = "map-column"
    sentence: ClassVar[str] = gettext_noop(
        "« {name} » : la colonne « {column} » du jeu de données « {dataset} » ne convient pas ici."
    )
    advice: ClassVar[str] = gettext_noop("La plus proche : « {nearest} ». Colonnes qui conviennent : {expected}.")


class NothingToPlace(MapError):
    """Rows without a place, asked as points, lines or areas."""

    code: ClassVar[str] = "map-geometry"
    sentence: ClassVar[str] = gettext_noop(
        "Le jeu de données « {dataset} » n’a ni coordonnées ni contours : {kind} ne peut pas le montrer."
    )
    advice: ClassVar[str] = gettext_noop("S’il a une colonne de codes de communes, choisissez « territoires colorés ».")


class NoCodes(MapError):
    """A choropleth of a dataset that names no territory."""

    code: ClassVar[str] = "map-codes"
    sentence: ClassVar[str] = gettext_noop(
        "Le jeu de données « {dataset} » n’a pas de colonne de codes de territoires."
    )
    advice: ClassVar[str] = gettext_noop(
        "Il faut des codes de communes, d’IRIS, d’intercommunalités, de départements ou de régions."
    )


class NoContours(MapError):
    """Shaded territories of which no contour is shipped."""

    code: ClassVar[str] = "map-contours"
    sentence: ClassVar[str] = gettext_noop(
        "Les contours des territoires de « {label} » ne sont pas livrés avec Parvis."
    )
    advice: ClassVar[str] = gettext_noop(
        "Parvis livre ceux des communes, intercommunalités, départements et régions de France, sauf les collectivités d’outre-mer. Montrez des points ou des surfaces, ou faites un graphique."
    )


class NotTogether(MapError):
    """A calculation whose results cannot be brought together by territory, or related to inhabitants."""

    code: ClassVar[str] = "map-together"
    sentence: ClassVar[str] = gettext_noop("« {calculation} » ne permet pas de {what}.")
    advice: ClassVar[str] = gettext_noop(
        "Choisissez le nombre de lignes ou la somme, ou gardez le territoire des codes."
    )


class TooManyMoments(MapError):
    """More moments than a slider can hold."""

    code: ClassVar[str] = "map-moments"
    sentence: ClassVar[str] = gettext_noop("{count} moments : c’est trop pour un curseur, qui en porte {most} au plus.")
    advice: ClassVar[str] = gettext_noop("Choisissez un pas plus long (mois, année), ou ajoutez un filtre.")


class EmptyMap(MapError):
    """Nothing to show."""

    code: ClassVar[str] = "map-empty"
    sentence: ClassVar[str] = gettext_noop("Aucune ligne ne répond aux filtres de cette carte.")
    advice: ClassVar[str] = gettext_noop("Retirez un filtre, ou choisissez une autre période.")
