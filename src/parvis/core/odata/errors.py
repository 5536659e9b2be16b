"""What is wrong with a question in OData: its text, the names and types in it, or what this service does not do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.core.explore.errors import WrongCursor
from parvis.core.translation import gettext_noop


class ODataSyntax(RequestError):
    """The text of an option does not follow the grammar; ``position`` counts characters from 0."""

    code: ClassVar[str] = "odata-syntax"
    sentence: ClassVar[str] = gettext_noop(
        "Option {option} mal écrite : « {token} » inattendu à la position {position} de « {text} »."
    )


class ODataEnds(ODataSyntax):
    """The option stops before it is complete."""

    code: ClassVar[str] = "odata-unexpected-end"
    sentence: ClassVar[str] = gettext_noop("Option {option} mal écrite : « {text} » s’arrête trop tôt.")


class ODataTooComplex(ODataSyntax):
    """The option is too long or too deeply nested to be read safely."""

    code: ClassVar[str] = "odata-too-complex"
    sentence: ClassVar[str] = gettext_noop("Option {option} trop longue ou trop imbriquée (au plus {limit}).")


class UnknownProperty(RequestError):
    """The entity has no property of that name."""

    code: ClassVar[str] = "odata-unknown-property"
    sentence: ClassVar[str] = gettext_noop(
        "Option {option} : la propriété « {name} » n’existe pas.{did_you_mean} Les noms sont ceux de $metadata."
    )


class MisfitTypes(RequestError):
    """An operator or a function does not take a value of that type."""

    code: ClassVar[str] = "odata-wrong-type"
    sentence: ClassVar[str] = gettext_noop("Option {option} : « {what} » n’accepte pas {found} (attendu : {expected}).")
    advice: ClassVar[str] = gettext_noop(
        "Un texte s’écrit entre apostrophes ('91228'), un nombre et une date (2024-01-31) sans rien autour."
    )


class BadOption(RequestError):
    """An option has a value that means nothing."""

    code: ClassVar[str] = "odata-option"
    sentence: ClassVar[str] = gettext_noop("Option {option} : « {value} » n’est pas accepté (attendu : {expected}).")


class UnsupportedOption(RequestError):
    """What the standard has and this service does not."""

    code: ClassVar[str] = "odata-unsupported"
    status: ClassVar[int] = 501
    sentence: ClassVar[str] = gettext_noop("{what} : ce service OData ne le fait pas.")
    advice: ClassVar[str] = gettext_noop(
        "Il comprend $select, $filter, $orderby, $top, $skip, $count, $search et $apply ; ce qu’il sait faire est dans $metadata."
    )


class TooManyGroups(RequestError):
    """``$apply`` makes more groups than are given."""

    code: ClassVar[str] = "odata-groups"
    sentence: ClassVar[str] = gettext_noop("Option $apply : plus de {limit} groupes.")
    advice: ClassVar[str] = gettext_noop("Gardez moins de lignes par filter(…), ou groupez par moins de propriétés.")


class WrongPlace(WrongCursor):
    """``$skiptoken`` is none that this service gave for this question."""

    code: ClassVar[str] = "odata-skiptoken"
    sentence: ClassVar[str] = gettext_noop(
        "Option $skiptoken : ce jeton ne vient pas de cette question, ou les données ont changé depuis."
    )
    advice: ClassVar[str] = gettext_noop("Reprenez sans $skiptoken, puis suivez @odata.nextLink tel quel.")


class UnknownEntity(NotFound):
    """No entity set, or no entity, at that address."""

    code: ClassVar[str] = "odata-unknown-entity"
    sentence: ClassVar[str] = gettext_noop("Ce service OData n’a rien à l’adresse « {name} ».")
    advice: ClassVar[str] = gettext_noop("Ce qu’il a est dans son document de service : {root}")
