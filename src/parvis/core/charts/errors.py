"""What may be wrong with a chart, and what to draw instead."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop


class ChartError(RequestError):
    """A chart that cannot be drawn as it is described."""

    code: ClassVar[str] = "chart"


class BadDescription(ChartError):
    """A description that does not say what is needed, or says what is not known."""

    code: ClassVar[str] = "chart-description"
    sentence: ClassVar[str] = gettext_noop("La description du graphique ne convient pas, à « {name} » : {value}.")
    advice: ClassVar[str] = gettext_noop("Valeurs possibles : {expected}.")


class MissingPart(ChartError):
    """A type of chart that needs a grouping, a series or a column of numbers, and was given none."""

    code: ClassVar[str] = "chart-missing"
    sentence: ClassVar[str] = gettext_noop("Pour ce type de graphique ({mark}), il manque : {part}.")
    advice: ClassVar[str] = gettext_noop("Choisissez une colonne pour : {part}.")


class UnknownColumn(ChartError):
    """A column that the dataset has not, or not in the form that is needed."""

    code: ClassVar[str] = "chart-column"
    sentence: ClassVar[str] = gettext_noop(
        "La colonne « {column} » du jeu de données « {dataset} » ne convient pas ici : {reason}."
    )
    advice: ClassVar[str] = gettext_noop("Colonnes qui conviennent : {expected}.")


class TooManyParts(ChartError):
    """More parts than an eye tells apart in a chart of that type; ``instead`` is the type that shows them well."""

    code: ClassVar[str] = "chart-parts"
    sentence: ClassVar[str] = gettext_noop(
        "{count} {parts} : c’est trop pour ce type de graphique ({mark}), qui en montre {most} au plus."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez « {instead} », ou ajoutez un filtre.")


class WrongParts(ChartError):
    """A type of chart that wants an exact number of series."""

    code: ClassVar[str] = "chart-series"
    sentence: ClassVar[str] = gettext_noop("Une pyramide compare exactement deux séries ; il y en a {count}.")
    advice: ClassVar[str] = gettext_noop(
        "Choisissez une colonne à deux valeurs, ou filtrez-la ; sinon, choisissez « {instead} »."
    )


class NegativeParts(ChartError):
    """Parts of a whole cannot be less than nothing."""

    code: ClassVar[str] = "chart-negative"
    sentence: ClassVar[str] = gettext_noop(
        "« {group} » vaut {value} : ce type de graphique ({mark}) montre les parts d’un tout, jamais négatives."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez « {instead} ».")


class NoTerritories(ChartError):
    """Groups that should be codes of territories and are not."""

    code: ClassVar[str] = "chart-territories"
    sentence: ClassVar[str] = gettext_noop(
        "Ni le regroupement ni les séries ne sont des codes de territoires, dans « {dataset} »."
    )
    advice: ClassVar[str] = gettext_noop("Regroupez par une colonne qui en contient : {expected}.")


class NotAddable(ChartError):
    """A mean of means is no mean: such values cannot be put together, nor divided by inhabitants."""

    code: ClassVar[str] = "chart-addable"
    sentence: ClassVar[str] = gettext_noop(
        "Avec ce calcul ({calculation}), on ne peut pas {what} : le résultat serait faux."
    )
    advice: ClassVar[str] = gettext_noop(
        "Choisissez « Somme » ou « Nombre de lignes », ou gardez les territoires du fichier."
    )


class RatesAreNoParts(ChartError):
    """Values per inhabitant are no parts of a whole."""

    code: ClassVar[str] = "chart-rates"
    sentence: ClassVar[str] = gettext_noop(
        "Des valeurs par habitant ou par km² ne sont pas les parts d’un tout, que ce type montre ({mark})."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez « {instead} ».")


class TooManyPlaces(ChartError):
    """An answer cut short cannot be brought together."""

    code: ClassVar[str] = "chart-places"
    sentence: ClassVar[str] = gettext_noop("{count} groupes à rassembler : c’est plus que {most}.")
    advice: ClassVar[str] = gettext_noop("Ajoutez un filtre, ou retirez les séries.")


class BroaderThanShown(ChartError):
    """Rows of one commune brought together as if they were all those of a larger territory."""

    code: ClassVar[str] = "chart-broader"
    sentence: ClassVar[str] = gettext_noop(
        "Ce site ne montre que les lignes qui concernent {name} : les compter pour un territoire plus grand ({level}) serait faux."
    )
    advice: ClassVar[str] = gettext_noop("Voyez-le sur le site d’ensemble.")


class NothingToDraw(ChartError):
    """No row answers the questions of the chart."""

    code: ClassVar[str] = "chart-empty"
    sentence: ClassVar[str] = gettext_noop("Aucune ligne ne correspond : il n’y a rien à dessiner.")
    advice: ClassVar[str] = gettext_noop("Retirez un filtre, ou choisissez une autre colonne.")


class DrawingFailed(OperationError):
    """The drawing program did not answer in time, or not with a picture."""

    code: ClassVar[str] = "chart-drawing"
    sentence: ClassVar[str] = gettext_noop("Le graphique n’a pas pu être dessiné : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Le tableau donne les mêmes valeurs. Réessayez, avec moins de valeurs s’il le faut."
    )
