"""Our errors as those of the Explore API: one row a kind, the first that fits."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.engine import QueryRefused, QueryTimeout, QueryTooLarge
from parvis.core.errors import DataError, Forbidden, NotFound, OperationError, ParvisError, RequestError
from parvis.core.explore import UnknownFormat
from parvis.core.explore.elsewhere import NotAskedElsewhere, UnreadableElsewhere
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError
from parvis.core.translation import gettext_noop
from parvis.hub.apikeys.rules import SignInNeeded, WrongKey
from parvis.hub.datastore.elsewhere import AskedElsewhere
from parvis.hub.harvesting.far_errors import FarBusy, FarFailure, FarSlow, FarSourceAway


class UnknownAddress(NotFound):
    """A path under the prefix that leads nowhere."""

    code = "uri-unknown"
    sentence = gettext_noop("Cette adresse de l’API n’existe pas.")


class RemovedAddress(NotFound):
    """A path that older versions of the API had."""

    code = "uri-removed"
    status = 410
    sentence = gettext_noop(
        "Cette adresse n’existe plus dans la version 2.1 : demandez « records » avec select et group_by."
    )


class UnknownVersion(NotFound):
    """A dataset has no version of that name."""

    code = "version-unknown"
    sentence = gettext_noop("Ce jeu n’a pas de version « {name} ».")


class UnknownRecord(NotFound):
    """A dataset has no record so identified."""

    code = "record-unknown"
    sentence = gettext_noop("Ce jeu n’a pas d’enregistrement « {name} ».")


class UnknownFile(NotFound):
    """No field of the dataset holds that file."""

    code = "file-unknown"
    sentence = gettext_noop("Ce jeu n’a pas de fichier « {name} ».")


class UnknownTemplate(NotFound):
    """No metadata template is so called."""

    code = "template-unknown"
    sentence = gettext_noop("Il n’y a pas de modèle de métadonnées « {name} ».")


@dataclass(frozen=True, slots=True)
class Problem:
    """How one kind of error is told: HTTP status, ``error_code``, and its text when the API has one of its own."""

    kind: type[ParvisError]
    status: int
    error_code: str
    text: str = ""
    advised: bool = False
    """Whether the answer also says, under ``advice``, how to ask otherwise."""


PROBLEMS = (
    Problem(ODSQLSyntaxError, 400, "ODSQLSyntaxError"),
    Problem(ODSQLError, 400, "ODSQLError"),
    Problem(QueryRefused, 400, "ODSQLError"),
    Problem(QueryTimeout, 400, "QueryTimeout", advised=True),
    Problem(QueryTooLarge, 400, "QueryTooLarge", advised=True),
    Problem(NotAskedElsewhere, 409, "FederatedDataset", advised=True),
    Problem(AskedElsewhere, 409, "FederatedDataset", advised=True),
    Problem(RequestError, 400, "InvalidRESTParameterError"),
    Problem(DataError, 400, "InvalidRESTParameterError"),
    Problem(UnknownAddress, 404, "NotFoundURI"),
    Problem(RemovedAddress, 410, "GoneURI"),
    Problem(UnknownFormat, 404, "NotFoundResource"),
    Problem(UnknownVersion, 404, "NotFoundResource"),
    Problem(UnknownRecord, 404, "NotFoundResource"),
    Problem(UnknownFile, 404, "NotFoundResource"),
    Problem(UnknownTemplate, 404, "NotFoundResource"),
    Problem(NotFound, 404, "NotFoundResource", "The requested {what} {name} does not exist."),
    Problem(WrongKey, 401, "WrongApiKey", advised=True),
    Problem(SignInNeeded, 401, "AuthenticationRequired"),
    Problem(Forbidden, 403, "ForbiddenAccess", "You don't have permission to access the requested resource"),
    Problem(UnreadableElsewhere, 502, "BadGateway", advised=True),
    Problem(FarBusy, 503, "ServiceUnavailable", advised=True),
    Problem(FarSlow, 504, "GatewayTimeout", advised=True),
    Problem(FarSourceAway, 503, "ServiceUnavailable", advised=True),
    Problem(FarFailure, 502, "BadGateway", advised=True),
    Problem(OperationError, 503, "ServiceUnavailable"),
)


def problem_of(error: ParvisError, kind: str = "dataset") -> tuple[int, dict[str, str]]:
    """Status and body of the answer to an error; ``kind`` is the kind of thing that was not found."""
    row = next((row for row in PROBLEMS if isinstance(error, row.kind)), None)
    if row is None:
        raise error
    text = row.text.format(what=kind, name=error.details.get("name", "")) if row.text else error.message("en")
    body = {"error_code": row.error_code, "message": text}
    return row.status, {**body, "advice": error.hint("en")} if row.advised else body
