"""What may be wrong with a map, and what to do instead."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError


class MapError(RequestError):
    """A map that cannot be drawn as it is described."""

    code: ClassVar[str] = "map"


class BadMap(MapError):
    """A description that does not say what is needed, or says what is not known."""

    code: ClassVar[str] = "map-description"
    fr: ClassVar[str] = "La description de la carte ne convient pas, à « {name} » : {value}."
    en: ClassVar[str] = "The description of the map is not right, at “{name}”: {value}."
    hint_fr: ClassVar[str] = "Valeurs possibles : {expected}."
    hint_en: ClassVar[str] = "Possible values: {expected}."


class UnfitColumn(MapError):
    """A column that the dataset has not, or not in the form that is needed; ``nearest`` is the likeliest one that will do."""

    code: ClassVar[str] = "map-column"
    fr: ClassVar[str] = "« {name} » : la colonne « {column} » du jeu de données « {dataset} » ne convient pas ici."
    en: ClassVar[str] = "“{name}”: the column “{column}” of the dataset “{dataset}” will not do here."
    hint_fr: ClassVar[str] = "La plus proche : « {nearest} ». Colonnes qui conviennent : {expected}."
    hint_en: ClassVar[str] = "The nearest: “{nearest}”. Columns that will do: {expected}."


class NothingToPlace(MapError):
    """Rows without a place, asked as points, lines or areas."""

    code: ClassVar[str] = "map-geometry"
    fr: ClassVar[str] = (
        "Le jeu de données « {dataset} » n’a ni coordonnées ni contours : {kind} ne peut pas le montrer."
    )
    en: ClassVar[str] = "The dataset “{dataset}” has neither coordinates nor contours: {kind} cannot show it."
    hint_fr: ClassVar[str] = "S’il a une colonne de codes de communes, choisissez « territoires colorés »."
    hint_en: ClassVar[str] = "If it has a column of commune codes, choose “shaded territories”."


class NoCodes(MapError):
    """A choropleth of a dataset that names no territory."""

    code: ClassVar[str] = "map-codes"
    fr: ClassVar[str] = "Le jeu de données « {dataset} » n’a pas de colonne de codes de territoires."
    en: ClassVar[str] = "The dataset “{dataset}” has no column of codes of territories."
    hint_fr: ClassVar[str] = (
        "Il faut des codes de communes, d’IRIS, d’intercommunalités, de départements ou de régions."
    )
    hint_en: ClassVar[str] = "Codes of communes, IRIS, intercommunalities, departments or regions are needed."


class NoContours(MapError):
    """Shaded territories of which no contour is shipped."""

    code: ClassVar[str] = "map-contours"
    fr: ClassVar[str] = "Les contours des territoires de « {label} » ne sont pas livrés avec Parvis."
    en: ClassVar[str] = "The contours of the territories of “{label}” are not shipped with Parvis."
    hint_fr: ClassVar[str] = (
        "Parvis livre ceux d’Île-de-France. Ailleurs, montrez des points ou des surfaces, ou faites un graphique."
    )
    hint_en: ClassVar[str] = "Parvis ships those of Île-de-France. Elsewhere, show points or areas, or make a chart."


class NotTogether(MapError):
    """A calculation whose results cannot be brought together by territory, or related to inhabitants."""

    code: ClassVar[str] = "map-together"
    fr: ClassVar[str] = "« {calculation} » ne permet pas de {what}."
    en: ClassVar[str] = "“{calculation}” does not allow this: {what}."
    hint_fr: ClassVar[str] = "Choisissez le nombre de lignes ou la somme, ou gardez le territoire des codes."
    hint_en: ClassVar[str] = "Choose the number of rows or the sum, or keep the territory of the codes."


class TooManyMoments(MapError):
    """More moments than a slider can hold."""

    code: ClassVar[str] = "map-moments"
    fr: ClassVar[str] = "{count} moments : c’est trop pour un curseur, qui en porte {most} au plus."
    en: ClassVar[str] = "{count} moments: too many for a slider, which bears {most} at most."
    hint_fr: ClassVar[str] = "Choisissez un pas plus long (mois, année), ou ajoutez un filtre."
    hint_en: ClassVar[str] = "Choose a longer step (month, year), or add a filter."


class EmptyMap(MapError):
    """Nothing to show."""

    code: ClassVar[str] = "map-empty"
    fr: ClassVar[str] = "Aucune ligne ne répond aux filtres de cette carte."
    en: ClassVar[str] = "No row meets the filters of this map."
    hint_fr: ClassVar[str] = "Retirez un filtre, ou choisissez une autre période."
    hint_en: ClassVar[str] = "Remove a filter, or choose another period."
