"""``/api/parvis/v1/validate`` and ``/schemas``: the same checks, for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.api.errors import BadParameter
from parvis.hub.api.openapi import described
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Documented
from parvis.hub.datastore.confined import require_confinement
from parvis.hub.quotas.metering import account_of
from parvis.hub.validation.selectors import catalogue
from parvis.packs.schemas import CatalogueEntry
from parvis.web.validation.api_schemas import (
    FORMATS,
    CheckQuestion,
    SchemaList,
    SchemaRow,
    ValidationReport,
)
from parvis.web.validation.query import check, own_folder, requested_schema, uploaded_file
from parvis.web.validation.schemas import schema_path
from parvis.web.validation.uploads import a_place, receive_body, receive_form

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_Words = Annotated[
    str, Documented(_("Des mots du titre, du nom ou de la description."), maxLength=200, example="subventions")
]

router = ApiRouter(
    "validation",
    _("Vérifier des fichiers"),
    headers={
        "X-Parvis-Valid": described(
            _("Si le fichier respecte le schéma."), {"type": "string", "enum": ["true", "false"]}
        ),
        "X-Parvis-Faults": described(_("Le nombre d’erreurs."), {"type": "string", "pattern": "^[0-9]+$"}),
    },
    preflight=True,
)


class BadCheckParameter(BadParameter):
    """A parameter is wrong."""

    code: ClassVar[str] = "validation-parameter"


class SchemaNeeded(RequestError):
    """Nothing says which schema to check against."""

    code: ClassVar[str] = "validation-no-schema"
    sentence: ClassVar[str] = gettext_noop(
        "Il manque le schéma : donnez « schema », un nom du catalogue ou une adresse."
    )
    advice: ClassVar[str] = gettext_noop("Les noms sont à l’adresse /api/parvis/v1/schemas.")


@router.operation(
    "/validate",
    "validateFile",
    _("Vérifie un fichier, donné dans le corps (1 Go au plus), avec un schéma. Rien n’en est gardé."),
    ValidationReport,
    url_name="api-validate",
    method="POST",
    errors=(400, 403, 404, 413, 422),
    files=("text/csv",),
    bodies={"application/octet-stream": {"type": "string", "contentMediaType": "application/octet-stream"}},
    only_reads=True,
)
def validate(request: ApiRequest, question: Query[CheckQuestion]) -> FileResponse:
    """The report of a file: the body of the request, the file ``file`` of a form, or the one at ``url``."""
    actor = request.auth
    require_confinement(actor)
    chosen = question.format or "json"
    if chosen not in FORMATS:
        raise BadCheckParameter(name="format", value=chosen[:40], expected=" | ".join(FORMATS))
    with own_folder() as folder:
        body = _receive(request, folder, question)
        with a_place(request, actor):
            path, name, question = _received(request, folder, body, question)
            against = requested_schema(request, question.schema_name)
            if against is None:
                raise SchemaNeeded
            report = folder / "rapport"
            report.mkdir()
            with account_of(request).working() as account:
                outcome = check(path, name, against, strict=question.strict, report=report, endings=(chosen,))
        stream = (report / f"rapport.{chosen}").open("rb")  # still readable once its folder is gone
    valid = "true" if outcome["report"]["valid"] else "false"
    headers = {"X-Parvis-Valid": valid, "X-Parvis-Faults": str(outcome["report"]["total"]), **account.headers()}
    return FileResponse(stream, content_type=FORMATS[chosen], headers=headers)


def _receive(request: HttpRequest, folder: Path, question: CheckQuestion) -> Path | None:
    """Have what the request sends in ``folder``; the file when it is the body itself."""
    if request.content_type in FORMS:
        receive_form(request, folder)
    elif not request.GET.get("url"):
        return receive_body(request, folder, _name(question))
    return None


def _name(question: CheckQuestion) -> str:
    return question.name[:200] or "fichier"


def _received(
    request: HttpRequest, folder: Path, body: Path | None, question: CheckQuestion
) -> tuple[Path, str, CheckQuestion]:
    """The file, its name, and the question as the form completes it."""
    if body is not None:
        return body, _name(question), question
    path, name = uploaded_file(request, folder)
    if request.content_type in FORMS:
        written = {field: request.POST[field] for field in ("schema", "strict") if request.POST.get(field)}
        question = CheckQuestion.model_validate({**question.model_dump(by_alias=True), **written})
    return path, name, question


@router.operation("/schemas", "getSchemas", _("Les schémas connus de ce portail."), SchemaList, url_name="api-schemas")
def schemas(request: ApiRequest, q: _Words = "") -> SchemaList:
    """The schemas known here, or those that hold the words of ``q``."""
    entries = catalogue(q[:200])
    base = request.build_absolute_uri("/").rstrip("/")
    return SchemaList(total_count=len(entries), schemas=[_row(entry, base) for entry in entries])


def _row(entry: CatalogueEntry, base: str) -> SchemaRow:
    return SchemaRow(
        name=entry.name,
        title=entry.title,
        description=entry.description,
        labels=list(entry.labels),
        version=entry.latest.version,
        versions=entry.versions,
        homepage=entry.homepage,
        licence=entry.licence,
        page=base + schema_path(entry.name),
        template=f"{base}{schema_path(entry.name)}modele.xlsx",
    )
