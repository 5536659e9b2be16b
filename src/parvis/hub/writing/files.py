"""Files: sent by pieces that can be resumed (tus 1.0.0) or at once, then imported as versions; documents attached to a dataset."""

from __future__ import annotations

import mimetypes
import tempfile
from typing import Annotated, Any, BinaryIO

from django.conf import settings
from django.core import signing
from django.core.files.base import File
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from parvis.core.errors import NotFound, ParvisError
from parvis.core.formats.options import ReadOptions
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented
from parvis.hub.apikeys.requests import writer_of
from parvis.hub.catalogue.attachments import MOST_BYTES, AttachmentRefused, put_attachment, remove_attachment
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.selectors import attachment_at, attachments_of
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.resumable import VERSION, metadata, whole_number
from parvis.hub.datastore.services import abandon, append, cancel_import, open_deposit, run_import, start_import
from parvis.hub.writing.digests import Digested, checked_piece
from parvis.hub.writing.reports import report_of
from parvis.hub.writing.router import ERRORS, TUS, DatasetId, dataset_for, given, router
from parvis.hub.writing.rules import BrokenOff, NoLength, NotAPiece, OtherProtocol, TooManyUploads
from parvis.hub.writing.schemas import AttachedDocument, AttachedDocuments, ImportReport, NewVersion, Upload

SOURCE = "api"
MOST_UPLOADS = 50
"""Files of one person that wait to be imported."""
SALT = "parvis.uploads"
PIECE = 1 << 16
_RECEIVING = (*ERRORS, 411, 507)
_OCTETS: dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}

_ANNOUNCED = {
    **TUS,
    "Upload-Length": _("La taille du fichier, en octets."),
    "Upload-Metadata": _("« filename », puis le nom du fichier en base64."),
}
_PIECE = {
    **TUS,
    "Upload-Offset": _("L’octet où commence ce morceau."),
    "Upload-Checksum": _("« sha256 », puis son empreinte en base64 : 460 s’il n’est pas arrivé tel quel."),
}
_DIGEST = {"Content-Digest": _("« sha-256=:empreinte en base64: » : 400 si le fichier n’est pas arrivé tel quel.")}

UploadId = Annotated[str, Documented(_("L’identifiant du fichier en cours d’envoi."), maxLength=300)]
Number = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro de l’import."))]


@router.operation(
    "/datasets/{dataset_id}/uploads",
    "createUpload",
    _("Annoncer un fichier, à envoyer par morceaux (tus 1.0.0)."),
    Upload,
    url_name="write_uploads",
    method="POST",
    status=201,
    errors=(*_RECEIVING, 429),
    reads=_ANNOUNCED,
)
def create_upload(
    request: ApiRequest,
    dataset_id: DatasetId,
    name: Annotated[str, Query(), Documented(_("Le nom du fichier, si Upload-Metadata ne le dit pas."))] = "",
) -> HttpResponse:
    """``Upload-Length`` says how many bytes will come; ``Location`` where to send them."""
    actor, dataset = dataset_for(request, dataset_id)
    _require_protocol(request)
    size = whole_number(request.headers.get("Upload-Length"))
    if size is None:
        raise NoLength
    deposit = _opened(actor, _metadata_name(request) or name or f"{dataset.dataset_id}.csv", size)
    facts = {"deposit": str(deposit.pk), "person": actor.person_id, "dataset": dataset.pk}
    upload = signing.dumps(facts, salt=SALT)
    response = _state(upload, deposit, status=201)
    response["Location"] = canonical(absolute_path(f"/api/parvis/v1/uploads/{upload}"))
    return response


@router.operation(
    "/uploads/{upload}",
    "getUpload",
    _("Ce qui est reçu d’un fichier."),
    Upload,
    url_name="write_upload",
    errors=(403, 404, 412),
    reads=TUS,
)
def get_upload(request: ApiRequest, upload: UploadId) -> HttpResponse:
    """Its offset, in the body and in ``Upload-Offset``: HEAD does as well."""
    _require_protocol(request)
    return _state(upload, _upload(request, upload)[2])


@router.operation(
    "/uploads/{upload}",
    "appendUpload",
    _("Envoyer le morceau suivant d’un fichier."),
    None,
    url_name="write_upload",
    method="PATCH",
    status=204,
    errors=(*_RECEIVING, 415, 460),
    bodies={"application/offset+octet-stream": _OCTETS},
    reads=_PIECE,
)
def append_upload(request: ApiRequest, upload: UploadId) -> HttpResponse:
    """From ``Upload-Offset`` on; when it breaks off, what came is kept."""
    _require_protocol(request)
    actor, _dataset, deposit = _upload(request, upload)
    if request.content_type != "application/offset+octet-stream":
        raise NotAPiece
    offset = whole_number(request.headers.get("Upload-Offset"))
    if offset is None:
        raise NoLength
    with checked_piece(request) as piece:
        append(actor, deposit, offset, piece)
    return _state(upload, deposit, status=204)


@router.operation(
    "/uploads/{upload}",
    "abandonUpload",
    _("Abandonner un fichier envoyé."),
    None,
    url_name="write_upload",
    method="DELETE",
    status=204,
    errors=(403, 404, 412),
    reads=TUS,
)
def abandon_upload(request: ApiRequest, upload: UploadId) -> HttpResponse:
    """Its bytes are deleted."""
    _require_protocol(request)
    actor, _dataset, deposit = _upload(request, upload)
    abandon(actor, deposit)
    return HttpResponse(status=204, headers={"Tus-Resumable": VERSION})


@router.operation(
    "/datasets/{dataset_id}/versions",
    "importVersion",
    _("Importer un fichier envoyé, ou à une adresse, comme nouvelle version."),
    ImportReport,
    url_name="write_versions",
    method="POST",
    errors=ERRORS,
)
def import_version(request: ApiRequest, dataset_id: DatasetId, body: NewVersion) -> ImportReport:
    """In the background: the report tells how it goes."""
    actor, dataset = dataset_for(request, dataset_id)
    deposit = None
    if body.upload:
        actor, aimed, deposit = _upload(request, body.upload)
        if aimed.pk != dataset.pk:
            raise NotFound(name="upload")
    reading = ReadOptions(**given(body.reading)).to_dict() if body.reading else {}
    return _begun(actor, dataset, deposit, body, reading)


@router.operation(
    "/datasets/{dataset_id}/file",
    "putFile",
    _("Envoyer un fichier en une fois et l’importer comme nouvelle version."),
    ImportReport,
    url_name="write_file",
    method="PUT",
    errors=(*_RECEIVING, 429),
    bodies={"application/octet-stream": _OCTETS},
    reads=_DIGEST,
)
def put_file(
    request: ApiRequest,
    dataset_id: DatasetId,
    name: Annotated[str, Query(), Documented(_("Le nom du fichier ; son extension aide à le lire."))] = "",
    publish: Annotated[bool, Query(), Documented(_("Mettre la version en ligne dès qu’elle est écrite."))] = False,
    policy: Annotated[
        str,
        Query(pattern="^(stop|text|null)$"),
        Documented(
            _("Des valeurs qui n’ont pas le type de leur colonne : refuser, garder la colonne en texte, les vider."),
            enum=[*MisfitPolicy],
        ),
    ] = "stop",
) -> ImportReport:
    """The body is the file, as it is; its import goes on in the background."""
    actor, dataset = dataset_for(request, dataset_id)
    size = whole_number(request.META.get("CONTENT_LENGTH"))
    if size is None:
        raise NoLength
    stream = Digested(request)
    deposit = _opened(actor, name or _name_for(dataset, request.content_type), size)
    try:
        append(actor, deposit, 0, stream)
        if not deposit.is_whole:
            raise BrokenOff(received=deposit.received, bytes=deposit.bytes)
        stream.require_match()
        return _begun(actor, dataset, deposit, NewVersion(publish=publish, policy=policy), {})
    except OSError as error:  # who sends has gone
        abandon(actor, deposit)
        raise BrokenOff(received=deposit.received, bytes=deposit.bytes) from error
    except ParvisError:
        abandon(actor, deposit)
        raise


@router.operation(
    "/imports/{int:number}",
    "getImport",
    _("Où en est un import, et ce qu’il a donné."),
    ImportReport,
    url_name="write_import",
    errors=(403, 404),
)
def get_import(request: ApiRequest, number: Number) -> ImportReport:
    """Its report."""
    return report_of(_import(request, number)[1])


@router.operation(
    "/imports/{int:number}",
    "cancelImport",
    _("Arrêter un import."),
    ImportReport,
    url_name="write_import",
    method="DELETE",
    errors=ERRORS,
)
def stop_import(request: ApiRequest, number: Number) -> ImportReport:
    """Whatever it is doing; one that is over stays as it is."""
    actor, imported = _import(request, number)
    return report_of(cancel_import(actor, imported))


@router.operation(
    "/datasets/{dataset_id}/attachments",
    "listAttachments",
    _("Les documents joints à un jeu."),
    AttachedDocuments,
    url_name="write_attachments",
    errors=(403, 404),
)
def list_attachments(request: ApiRequest, dataset_id: DatasetId) -> AttachedDocuments:
    """Those that wait for a decision as well."""
    _actor, dataset = dataset_for(request, dataset_id)
    return AttachedDocuments.page(attachments_of(dataset), _attached)


@router.operation(
    "/datasets/{dataset_id}/attachments/{name}",
    "putAttachment",
    _("Joindre un document, à la place de celui de ce nom."),
    AttachedDocument,
    url_name="write_attachment",
    method="PUT",
    errors=_RECEIVING,
    bodies={"application/octet-stream": _OCTETS},
)
def attach(
    request: ApiRequest,
    dataset_id: DatasetId,
    name: Annotated[str, Documented(_("Le nom du fichier."), maxLength=200)],
    title: Annotated[str, Query(), Documented(_("Son titre ; le nom du fichier si rien n’est dit."))] = "",
) -> AttachedDocument:
    """The body is the document."""
    actor, dataset = dataset_for(request, dataset_id)
    size = whole_number(request.META.get("CONTENT_LENGTH"))
    if size is None:
        raise NoLength
    if size > MOST_BYTES:
        raise AttachmentRefused(file=name, reason=f"{size} > {MOST_BYTES}")
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as stream:
        _copy(request, stream, size)
        return _attached(put_attachment(actor, dataset, title[:200], name, File(stream, name)))


@router.operation(
    "/datasets/{dataset_id}/attachments/{name}",
    "removeAttachment",
    _("Retirer un document joint."),
    None,
    url_name="write_attachment",
    method="DELETE",
    status=204,
    errors=ERRORS,
)
def detach(
    request: ApiRequest,
    dataset_id: DatasetId,
    name: Annotated[str, Documented(_("Son « slug », tel que la liste le donne."), maxLength=200)],
) -> HttpResponse:
    """Its file is deleted."""
    actor, dataset = dataset_for(request, dataset_id)
    remove_attachment(actor, attachment_at(dataset, name))
    return HttpResponse(status=204)


def _opened(actor: Actor, name: str, size: int) -> Deposit:
    waiting = Deposit.objects.filter(person=actor.person_id, source=SOURCE)
    if waiting.count() >= MOST_UPLOADS:
        raise TooManyUploads(most=MOST_UPLOADS)
    return open_deposit(actor, name, size, source=SOURCE)


def _upload(request: ApiRequest, upload: str) -> tuple[Actor, Dataset, Deposit]:
    """A file on its way, for who announced it, by any key of theirs that changes its dataset; NotFound for anybody else.

    A key that expires in the midst of a sending is replaced by another, and what came is not sent again.
    """
    try:
        facts = signing.loads(upload[:400], salt=SALT)
    except signing.BadSignature as error:
        raise NotFound(name="upload") from error
    if facts["person"] != writer_of(request).actor.person_id:
        raise NotFound(name="upload")
    aimed = Dataset.objects.filter(pk=facts["dataset"]).first()
    deposit = Deposit.objects.filter(pk=facts["deposit"]).first()
    if aimed is None or deposit is None:
        raise NotFound(name="upload")
    actor, dataset = dataset_for(request, aimed.dataset_id)
    return actor, dataset, deposit


def _begun(
    actor: Actor, dataset: Dataset, deposit: Deposit | None, wish: NewVersion, reading: dict[str, Any]
) -> ImportReport:
    imported = start_import(
        actor,
        deposit=deposit,
        url="" if deposit is not None else wish.url or "",
        dataset=dataset,
        publish=wish.publish,
        policy=wish.policy,
        reading={**dataset.reading, **reading},
        overrides={**dataset.overrides, **{name: {"parser": "text"} for name in wish.text}},
    )
    run_import(actor, imported)
    _forget_failed(actor, dataset, imported)
    return report_of(imported)


def _forget_failed(actor: Actor, dataset: Dataset, latest: Import) -> None:
    """A new delivery takes the place of those that did not go through: their files are of no use any more."""
    over = (Import.State.REFUSED, Import.State.FAILED, Import.State.STOPPED, Import.State.CANCELLED)
    failed = Import.objects.filter(dataset=dataset, person=actor.person_id, state__in=over, deposit__source=SOURCE)
    for imported in failed.exclude(pk=latest.pk).exclude(deposit=latest.deposit_id).select_related("deposit"):
        abandon(actor, imported.deposit)


def _import(request: ApiRequest, number: int) -> tuple[Actor, Import]:
    imported = Import.objects.select_related("dataset", "version", "deposit", "job").filter(pk=number).first()
    if imported is None or imported.dataset is None:
        raise NotFound(name=str(number))
    actor, _dataset = dataset_for(request, imported.dataset.dataset_id)
    return actor, imported


def _state(upload: str, deposit: Deposit, status: int = 200) -> HttpResponse:
    facts = Upload(id=upload, name=deposit.name, offset=deposit.received, length=deposit.bytes)
    body = b"" if status == 204 else facts.model_dump_json().encode()
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Tus-Resumable"] = VERSION
    response["Upload-Offset"], response["Upload-Length"] = str(deposit.received), str(deposit.bytes)
    return response


def _attached(row: Attachment) -> AttachedDocument:
    return AttachedDocument(slug=row.slug, title=row.title, mimetype=row.mimetype, bytes=row.bytes, held=row.held)


def _copy(request: ApiRequest, stream: BinaryIO, size: int) -> None:
    received = 0
    while piece := request.read(min(PIECE, size - received)):
        stream.write(piece)
        received += len(piece)
    if received != size:
        raise BrokenOff(received=received, bytes=size)
    stream.seek(0)


def _require_protocol(request: ApiRequest) -> None:
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        raise OtherProtocol


def _metadata_name(request: ApiRequest) -> str:
    return metadata(request.headers.get("Upload-Metadata", "")).get("filename", "")


def _name_for(dataset: Dataset, media_type: str | None) -> str:
    ending = _ENDINGS.get(media_type or "") or mimetypes.guess_extension(media_type or "") or ".csv"
    return f"{dataset.dataset_id}{ending if ending != '.bin' else '.csv'}"


_ENDINGS = {
    "text/csv": ".csv",
    "application/geo+json": ".geojson",
    "application/geopackage+sqlite3": ".gpkg",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
}
"""Those that the system may not know."""
