"""What may be wrong with a chart, and what to draw instead."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import OperationError, RequestError


class ChartError(RequestError):
    """A chart that cannot be drawn as it is described."""

    code: ClassVar[str] = "chart"


class BadDescription(ChartError):
    """A description that does not say what is needed, or says what is not known."""

    code: ClassVar[str] = "chart-description"
    fr: ClassVar[str] = "La description du graphique ne convient pas, à « {name} » : {value}."
    en: ClassVar[str] = "The description of the chart is not right, at “{name}”: {value}."
    hint_fr: ClassVar[str] = "Valeurs possibles : {expected}."
    hint_en: ClassVar[str] = "Possible values: {expected}."


class MissingPart(ChartError):
    """A type of chart that needs a grouping, a series or a column of numbers, and was given none."""

    code: ClassVar[str] = "chart-missing"
    fr: ClassVar[str] = "Pour ce type de graphique ({mark}), il manque : {part}."
    en: ClassVar[str] = "For this type of chart ({mark}), something is missing: {part}."
    hint_fr: ClassVar[str] = "Choisissez une colonne pour : {part}."
    hint_en: ClassVar[str] = "Choose a column for: {part}."


class UnknownColumn(ChartError):
    """A column that the dataset has not, or not in the form that is needed."""

    code: ClassVar[str] = "chart-column"
    fr: ClassVar[str] = "La colonne « {column} » du jeu de données « {dataset} » ne convient pas ici : {reason}."
    en: ClassVar[str] = "The column “{column}” of the dataset “{dataset}” will not do here: {reason}."
    hint_fr: ClassVar[str] = "Colonnes qui conviennent : {expected}."
    hint_en: ClassVar[str] = "Columns that will do: {expected}."


class TooManyParts(ChartError):
    """More parts than an eye tells apart in a chart of that type; ``instead`` is the type that shows them well."""

    code: ClassVar[str] = "chart-parts"
    fr: ClassVar[str] = "{count} {parts} : c’est trop pour ce type de graphique ({mark}), qui en montre {most} au plus."
    en: ClassVar[str] = "{count} {parts}: too many for this type of chart ({mark}), which shows {most} at most."
    hint_fr: ClassVar[str] = "Choisissez « {instead} », ou ajoutez un filtre."
    hint_en: ClassVar[str] = "Choose “{instead}”, or add a filter."


class WrongParts(ChartError):
    """A type of chart that wants an exact number of series."""

    code: ClassVar[str] = "chart-series"
    fr: ClassVar[str] = "Une pyramide compare exactement deux séries ; il y en a {count}."
    en: ClassVar[str] = "A pyramid compares exactly two series; there are {count}."
    hint_fr: ClassVar[str] = "Choisissez une colonne à deux valeurs, ou filtrez-la ; sinon, choisissez « {instead} »."
    hint_en: ClassVar[str] = "Choose a column with two values, or filter it; otherwise choose “{instead}”."


class NegativeParts(ChartError):
    """Parts of a whole cannot be less than nothing."""

    code: ClassVar[str] = "chart-negative"
    fr: ClassVar[str] = (
        "« {group} » vaut {value} : ce type de graphique ({mark}) montre les parts d’un tout, jamais négatives."
    )
    en: ClassVar[str] = "“{group}” is {value}: this type of chart ({mark}) shows parts of a whole, never negative ones."
    hint_fr: ClassVar[str] = "Choisissez « {instead} »."
    hint_en: ClassVar[str] = "Choose “{instead}”."


class NoTerritories(ChartError):
    """Groups that should be codes of territories and are not."""

    code: ClassVar[str] = "chart-territories"
    fr: ClassVar[str] = "Ni le regroupement ni les séries ne sont des codes de territoires, dans « {dataset} »."
    en: ClassVar[str] = "Neither the grouping nor the series are codes of territories, in “{dataset}”."
    hint_fr: ClassVar[str] = "Regroupez par une colonne qui en contient : {expected}."
    hint_en: ClassVar[str] = "Group by a column that holds some: {expected}."


class NotAddable(ChartError):
    """A mean of means is no mean: such values cannot be put together, nor divided by inhabitants."""

    code: ClassVar[str] = "chart-addable"
    fr: ClassVar[str] = "Avec ce calcul ({calculation}), on ne peut pas {what} : le résultat serait faux."
    en: ClassVar[str] = (
        "With this calculation ({calculation}), territories cannot be put together or related: the result would be wrong."
    )
    hint_fr: ClassVar[str] = "Choisissez « Somme » ou « Nombre de lignes », ou gardez les territoires du fichier."
    hint_en: ClassVar[str] = "Choose “Sum” or “Number of rows”, or keep the territories of the file."


class RatesAreNoParts(ChartError):
    """Values per inhabitant are no parts of a whole."""

    code: ClassVar[str] = "chart-rates"
    fr: ClassVar[str] = (
        "Des valeurs par habitant ou par km² ne sont pas les parts d’un tout, que ce type montre ({mark})."
    )
    en: ClassVar[str] = "Values per inhabitant or per km² are not parts of a whole, which this type shows ({mark})."
    hint_fr: ClassVar[str] = "Choisissez « {instead} »."
    hint_en: ClassVar[str] = "Choose “{instead}”."


class TooManyPlaces(ChartError):
    """An answer cut short cannot be brought together."""

    code: ClassVar[str] = "chart-places"
    fr: ClassVar[str] = "{count} groupes à rassembler : c’est plus que {most}."
    en: ClassVar[str] = "{count} groups to bring together: more than {most}."
    hint_fr: ClassVar[str] = "Ajoutez un filtre, ou retirez les séries."
    hint_en: ClassVar[str] = "Add a filter, or remove the series."


class BroaderThanShown(ChartError):
    """Rows of one commune brought together as if they were all those of a larger territory."""

    code: ClassVar[str] = "chart-broader"
    fr: ClassVar[str] = (
        "Ce site ne montre que les lignes qui concernent {name} : les compter pour un territoire plus grand ({level}) serait faux."
    )
    en: ClassVar[str] = (
        "This site only shows the rows about {name}: to count them for a larger territory ({level}) would be wrong."
    )
    hint_fr: ClassVar[str] = "Voyez-le sur le site d’ensemble."
    hint_en: ClassVar[str] = "See it on the main site."


class NothingToDraw(ChartError):
    """No row answers the questions of the chart."""

    code: ClassVar[str] = "chart-empty"
    fr: ClassVar[str] = "Aucune ligne ne correspond : il n’y a rien à dessiner."
    en: ClassVar[str] = "No row matches: there is nothing to draw."
    hint_fr: ClassVar[str] = "Retirez un filtre, ou choisissez une autre colonne."
    hint_en: ClassVar[str] = "Remove a filter, or choose another column."


class DrawingFailed(OperationError):
    """The drawing program did not answer in time, or not with a picture."""

    code: ClassVar[str] = "chart-drawing"
    fr: ClassVar[str] = "Le graphique n’a pas pu être dessiné : {reason}."
    en: ClassVar[str] = "The chart could not be drawn: {reason}."
    hint_fr: ClassVar[str] = "Le tableau donne les mêmes valeurs. Réessayez, avec moins de valeurs s’il le faut."
    hint_en: ClassVar[str] = "The table gives the same values. Try again, with fewer values if need be."
