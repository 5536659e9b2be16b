"""What can be wrong in the definition of an indicator."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError


class BadIndicator(RequestError):
    """A word of a definition cannot be understood."""

    code: ClassVar[str] = "indicator-definition"
    fr: ClassVar[str] = "La définition de l’indicateur ne peut pas être comprise : « {name} » vaut {value}."
    en: ClassVar[str] = "The definition of the indicator cannot be understood: “{name}” is {value}."
    hint_fr: ClassVar[str] = "Il y faut : {expected}."
    hint_en: ClassVar[str] = "It takes: {expected}."


class BadFormula(RequestError):
    """A formula is not one, or names a part that is not there."""

    code: ClassVar[str] = "indicator-formula"
    fr: ClassVar[str] = "La formule « {formula} » ne peut pas être calculée : {place}."
    en: ClassVar[str] = "The formula “{formula}” cannot be computed: {place}."
    hint_fr: ClassVar[str] = "Elle s’écrit avec + - * / ( ), des nombres, et ces noms : {names}."
    hint_en: ClassVar[str] = "It is written with + - * / ( ), numbers, and these names: {names}."


class TooManyValues(RequestError):
    """The groups of a part are too many to be kept as figures."""

    code: ClassVar[str] = "indicator-too-many"
    fr: ClassVar[str] = "« {name} » donne plus de {most} valeurs : un indicateur n’en garde pas tant."
    en: ClassVar[str] = "“{name}” gives more than {most} values: an indicator does not keep so many."
    hint_fr: ClassVar[str] = "Ajoutez une condition, ou groupez par une période plus longue."
    hint_en: ClassVar[str] = "Add a condition, or group by a longer period."


class BadBound(RequestError):
    """A bound is not a number, or no side was chosen."""

    code: ClassVar[str] = "indicator-bound"
    fr: ClassVar[str] = "« {value} » n’est pas un seuil : il faut un nombre, et un sens."
    en: ClassVar[str] = "“{value}” is not a bound: it takes a number, and a side."
    hint_fr: ClassVar[str] = (
        "Écrivez un nombre comme 80 ou 12,5, et choisissez « passe au-dessus de » ou « passe au-dessous de »."
    )
    hint_en: ClassVar[str] = "Write a number such as 80 or 12.5, and choose “goes above” or “goes below”."
