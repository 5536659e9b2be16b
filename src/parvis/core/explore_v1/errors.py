"""What is wrong with a request of version 1."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError
from parvis.core.translation import gettext_noop


class UnknownV1Function(ODSQLSyntaxError):
    """A name after ``#`` that is no function of the old language."""

    code: ClassVar[str] = "q-unknown-function"
    sentence: ClassVar[str] = gettext_noop(
        "Requête mal écrite : la fonction « {name} » n’existe pas.{did_you_mean} Paramètre en cause : {clause}."
    )


class InvalidArgument(ODSQLError):
    """An argument of a function, or the value of a geographic filter, that cannot be read."""

    code: ClassVar[str] = "q-argument"
    sentence: ClassVar[str] = gettext_noop(
        "« {value} » ne convient pas à {name}, qui attend {expected}. Paramètre en cause : {clause}."
    )


class MissingParameter(RequestError):
    """A parameter without which the request means nothing."""

    code: ClassVar[str] = "v1-missing-parameter"
    sentence: ClassVar[str] = gettext_noop("Il manque le paramètre « {name} ».")


class UnknownV1Format(RequestError):
    """This address does not answer in that format."""

    code: ClassVar[str] = "v1-format"
    sentence: ClassVar[str] = gettext_noop("Le format « {name} » n’est pas connu ici. Formats possibles : {formats}.")
