"""The forms of ``/api/parvis/v1/validate`` and ``/schemas``."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field

from parvis.core.validation import model
from parvis.hub.api.schemas import CLOSED, Body, Count, Documented, OpenBody, Uri, body_of
from parvis.packs import schemas

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_TRUE = ("1", "true", "oui", "yes")
_Place = Annotated[int, Documented(minimum=1)] | None


class CheckQuestion(Body, json_schema_extra={**CLOSED, "required": ["schema"]}):
    """What the address says of a check; a form may say the schema and ``strict`` too."""

    schema_name: Annotated[
        str,
        Field(alias="schema"),
        Documented(
            _("Le schéma : son nom dans le catalogue (auteur/nom, ou auteur/nom@version), ou son adresse."),
            minLength=1,
            maxLength=1000,
            example="scdl/subventions",
        ),
    ] = ""
    format: Annotated[str, Documented(_("La forme du rapport ; CSV : une ligne par erreur."), enum=list(FORMATS))] = (
        "json"
    )
    strict: Annotated[
        bool,
        BeforeValidator(lambda written: str(written).lower() in _TRUE),
        Documented(_("Refuser aussi un encodage, un séparateur ou un ordre de colonnes inhabituels.")),
    ] = False
    name: Annotated[str, Documented(_("Le nom du fichier, pour les messages."), maxLength=200)] = ""


ValidationCount = body_of("ValidationCount", model.Count, base=OpenBody, forms={"count": Count})
ValidationFault = body_of("ValidationFault", model.Fault, base=OpenBody, forms={"row": _Place, "position": _Place})


class ValidationReport(OpenBody):
    """The report of a file, written by ``core.validation`` as the file is read."""

    valid: bool
    schema_name: Annotated[str, Field(alias="schema")]
    version: str
    rows: Count
    columns: list[str]
    total: Count
    counts: list[ValidationCount]
    advice: list[dict[str, Any]]
    faults: list[ValidationFault]


SchemaVersion = body_of("SchemaVersion", schemas.SchemaVersion, "version", "url")


class SchemaRow(Body):
    """A schema known here."""

    name: str
    title: str
    description: str
    labels: list[str]
    version: str
    versions: list[SchemaVersion]
    homepage: str
    licence: str
    page: Uri
    template: Uri


class SchemaList(Body):
    """The schemas known here."""

    total_count: Count
    schemas: list[SchemaRow]
