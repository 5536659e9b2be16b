"""What is wrong with a request of version 1."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError


class UnknownV1Function(ODSQLSyntaxError):
    """A name after ``#`` that is no function of the old language."""

    code: ClassVar[str] = "q-unknown-function"
    fr: ClassVar[str] = (
        "Requête mal écrite : la fonction « {name} » n’existe pas.{did_you_mean_fr} Paramètre en cause : {clause}."
    )
    en: ClassVar[str] = (
        "The query is invalid: unknown function {name}.{did_you_mean_en} Clause(s) containing the error(s): {clause}."
    )


class InvalidArgument(ODSQLError):
    """An argument of a function, or the value of a geographic filter, that cannot be read."""

    code: ClassVar[str] = "q-argument"
    fr: ClassVar[str] = "« {value} » ne convient pas à {name}, qui attend {expected}. Paramètre en cause : {clause}."
    en: ClassVar[str] = (
        "The query is invalid: {value} does not suit {name}, which takes {expected}. Clause(s) containing the error(s): {clause}."
    )


class MissingParameter(RequestError):
    """A parameter without which the request means nothing."""

    code: ClassVar[str] = "v1-missing-parameter"
    fr: ClassVar[str] = "Il manque le paramètre « {name} »."
    en: ClassVar[str] = "The parameter {name} is missing."


class UnknownV1Format(RequestError):
    """This address does not answer in that format."""

    code: ClassVar[str] = "v1-format"
    fr: ClassVar[str] = "Le format « {name} » n’est pas connu ici. Formats possibles : {formats}."
    en: ClassVar[str] = "Unknown format: {name}. Known formats here: {formats}."
