"""What can be wrong in the definition of an indicator."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop


class BadIndicator(RequestError):
    """A word of a definition cannot be understood."""

    code: ClassVar[str] = "indicator-definition"
    sentence: ClassVar[str] = gettext_noop(
        "La définition de l’indicateur ne peut pas être comprise : « {name} » vaut {value}."
    )
    advice: ClassVar[str] = gettext_noop("Il y faut : {expected}.")


class BadFormula(RequestError):
    """A formula is not one, or names a part that is not there."""

    code: ClassVar[str] = "indicator-formula"
    sentence: ClassVar[str] = gettext_noop("La formule « {formula} » ne peut pas être calculée : {place}.")
    advice: ClassVar[str] = gettext_noop("Elle s’écrit avec + - * / ( ), des nombres, et ces noms : {names}.")


class TooManyValues(RequestError):
    """The groups of a part are too many to be kept as figures."""

    code: ClassVar[str] = "indicator-too-many"
    sentence: ClassVar[str] = gettext_noop(
        "« {name} » donne plus de {most} valeurs : un indicateur n’en garde pas tant."
    )
    advice: ClassVar[str] = gettext_noop("Ajoutez une condition, ou groupez par une période plus longue.")


class BadBound(RequestError):
    """A bound is not a number, or no side was chosen."""

    code: ClassVar[str] = "indicator-bound"
    sentence: ClassVar[str] = gettext_noop("« {value} » n’est pas un seuil : il faut un nombre, et un sens.")
    advice: ClassVar[str] = gettext_noop(
        "Écrivez un nombre comme 80 ou 12,5, et choisissez « passe au-dessus de » ou « passe au-dessous de »."
    )
