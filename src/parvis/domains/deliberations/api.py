"""``/api/parvis/v1/actes/depots``: programs deposit acts with a key, and follow what becomes of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.core.translation import SOURCE, gettext_noop
from parvis.domains.deliberations.deposit.receiving import deposit_act
from parvis.domains.deliberations.models import Act, ActFile
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.selectors import deposited_act, files_of
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Documented, Moment, Uri, among
from parvis.hub.apikeys.requests import depositor_of

router = ApiRouter("acts", _("Dépôt et recherche d’actes"))

_FILE: dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["organisation", "file"],
    "properties": {
        "organisation": {"type": "string"},
        "file": _FILE,
        "annexes": {"type": "array", "items": _FILE},
    },
}


class KeyCannotDeposit(Forbidden):
    """A call without an account, or by a key made for something else."""

    code: ClassVar[str] = "act-scope"
    sentence: ClassVar[str] = gettext_noop(
        "Il faut une clé d’API de portée « déposer » pour déposer un acte par programme."
    )
    advice: ClassVar[str] = gettext_noop("Créez-la dans « Mes clés d’API », ou par parvis key create --scope deposit.")


class NoActFile(RequestError):
    """The form has no file."""

    code: ClassVar[str] = "act-no-file"
    sentence: ClassVar[str] = gettext_noop("Il manque le fichier de l’acte.")
    advice: ClassVar[str] = gettext_noop("Envoyez un formulaire multipart/form-data : organisation, file, annexes.")


class DepositedFile(Body):
    """A file that was received."""

    name: str
    role: Annotated[str, among(ActFile.Role.values)]
    sha256: str
    bytes: int
    reading: Annotated[str, among(ActFile.Reading.values)]
    pages: int | None
    unreadable_pages: int
    confidence: float | None


class DepositedAct(Body):
    """An act that was deposited, as its depositor follows it."""

    id: int
    title: str
    number: str
    date: Annotated[str | None, Documented(_("La date de l’acte, lue ou confirmée."), format="date")]
    confirmed: Annotated[bool, Documented(_("Quelqu’un a confirmé ce qui en a été lu."))]
    published: Annotated[bool, Documented(_("L’acte est en ligne."))]
    missing: Annotated[list[str], Documented(_("Ce qui manque avant la mise en ligne."))]
    created: Moment
    files: list[DepositedFile]
    url: Uri | None


@router.operation(
    "/actes/depots",
    "createActDeposit",
    _("Déposer un acte et ses annexes."),
    DepositedAct,
    url_name="act_deposits_api",
    method="POST",
    errors=(400, 403, 404, 409, 413, 422),
    bodies={"multipart/form-data": _FORM},
)
def create(request: ApiRequest) -> DepositedAct:
    """Keep all of it, or nothing, as a draft that a job reads; the same file twice is told. KeyCannotDeposit, NoActFile, and what refuses a file."""
    actor = depositor_of(request)
    if actor is None:
        raise KeyCannotDeposit(action="déposer un acte")
    organisation = organisation_at(request.POST.get("organisation", "")[:80])
    content = request.FILES.get("file")
    if content is None:
        raise NoActFile
    annexes = request.FILES.getlist("annexes")
    return _answer(deposit_act(actor, organisation, content.name or "", content, annexes=annexes))


@router.operation(
    "/actes/depots/{int:key}",
    "getActDeposit",
    _("Où en est un acte déposé."),
    DepositedAct,
    url_name="act_deposit_api",
    errors=(403, 404),
)
def get(request: ApiRequest, key: Annotated[int, Field(ge=1), Documented(_("Le numéro du dépôt."))]) -> DepositedAct:
    """The deposit, for who may change it; NotFound for the rest."""
    act = deposited_act(request.auth, key)
    if act is None:
        raise NotFound(name=str(key))
    return _answer(act)


def _answer(act: Act) -> DepositedAct:
    files, language = files_of([act])[act.pk], get_language() or SOURCE
    moments: dict[str, Any] = {"created": act.created.isoformat()}
    return DepositedAct(
        id=act.pk,
        title=act.title,
        number=act.number,
        date=act.date.isoformat() if act.date else None,
        confirmed=act.confirmed_at is not None,
        published=act.live,
        missing=[] if act.live else [words.text(language) for words in missing_of(act, files)],
        files=[_file(file) for file in files],
        url=canonical(act.get_absolute_url()) if act.live else None,
        **moments,
    )


def _file(file: ActFile) -> DepositedFile:
    return DepositedFile(
        name=file.name,
        role=file.role,
        sha256=file.original_digest,
        bytes=file.bytes,
        reading=file.reading,
        pages=file.page_count,
        unreadable_pages=file.unreadable_pages,
        confidence=file.confidence,
    )
