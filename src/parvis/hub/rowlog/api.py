"""``/api/parvis/v1/datasets/<id>/rows``: programs push rows with a key, follow what became of them, undo what was a mistake."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import NotFound
from parvis.core.rowlog.batches import ROWS, Head, Refusal
from parvis.core.rowlog.laying import Laid
from parvis.core.rowlog.received import CSV_TYPE, JSON_TYPE, LINES_TYPES, MOST_BYTES, PUT
from parvis.core.spreadsheets import spreadsheet_cell
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, acting_on, require
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import CLOSED, Body, Count, Documented, Moment, among
from parvis.hub.apikeys.requests import caller_of, explaining, pusher_of
from parvis.hub.catalogue.selectors import dataset as dataset_at
from parvis.hub.rowlog.models import RowStream
from parvis.hub.rowlog.rules import MOST_LISTED, BadAfter, BadChoice, CannotUndo, KeyCannotPush
from parvis.hub.rowlog.selectors import batch_of, batches_of, log_of, stream_of
from parvis.hub.rowlog.services.pushing import Receipt, Sending, push
from parvis.hub.rowlog.services.streams import Choices, close_stream, open_stream
from parvis.hub.rowlog.services.undoing import restore, undo

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

router = ApiRouter("rows", _("Lignes poussées"), connector=True)
router.add_decorator(explaining)

_MOST_TOLD = 100
"""Refused rows that an answer tells; the others are in the list of the batch."""
_ROW: dict[str, Any] = {"type": "object"}
_BODIES: dict[str, Any] = {
    JSON_TYPE: {"type": "array", "items": _ROW},
    LINES_TYPES[0]: {"type": "string"},
    CSV_TYPE: {"type": "string"},
}

DatasetId = Annotated[str, Documented(_("L’identifiant du jeu de données."))]
Number = Annotated[int, Field(ge=0, le=2**31), Documented(_("Le numéro du lot."))]


class RefusedRow(Body):
    """A row that was not taken, and why."""

    row: Annotated[int, Documented(_("Son rang parmi les lignes envoyées, à partir de 1."), minimum=1)]
    code: str
    message: str
    column: str = ""
    value: str = ""


class PushedBatch(Body):
    """What became of the rows that were sent: all that was taken is kept for good when this is answered."""

    batch: Annotated[Count, Documented(_("Le numéro du lot ; 0 quand rien n’a été gardé."))]
    moment: Annotated[str | None, Documented(format="date-time")]
    put: Annotated[Count, Documented(_("Lignes ajoutées, remplacées ou changées."))]
    deleted: Annotated[Count, Documented(_("Lignes retirées par leur clé, qu’elles y aient été ou non."))]
    refused: Count
    refusals: Annotated[list[RefusedRow], Documented(_("Les cent premières lignes refusées."))]
    again: Annotated[bool, Documented(_("Ce lot avait déjà été reçu sous ce nom : rien n’a été fait de plus."))]


class ListedBatch(Body):
    """A batch of the history."""

    batch: Count
    moment: Moment
    kind: Annotated[str, among((ROWS, "undo"))]
    put: Count
    deleted: Count
    refused: Count
    who: str
    token: Annotated[str, Documented(_("Le nom que son auteur lui a donné (Idempotency-Key)."))]
    undone: Annotated[bool, Documented(_("Un lot suivant l’a annulé."))]
    undoes: Annotated[list[list[int]], Documented(_("Les lots qu’il annule : premier et dernier."))]
    in_version: Annotated[bool, Documented(_("La version en ligne le contient."))]


class Batches(Body):
    """The latest batches, the last first."""

    results: list[ListedBatch]


class RefusedRows(Body):
    """The rows of one batch that were not taken."""

    total_count: Count
    results: list[RefusedRow]


class Stream(Body):
    """How a dataset takes rows, and where it stands."""

    dataset_id: str
    open: bool
    key: list[str]
    fold_minutes: Count
    most_rows: int | None
    most_days: int | None
    day_column: str
    history_days: Count
    version: Annotated[str, Documented(_("La version sur laquelle les lignes sont posées."))]
    last_batch: Count
    shown_batch: Annotated[Count, Documented(_("Le dernier lot que les lecteurs voient."))]
    waiting_rows: Annotated[Count, Documented(_("Lignes posées ou retirées qui attendent d’entrer dans une version."))]
    held: Annotated[bool, Documented(_("Une décision est attendue : rien n’est pris ni montré jusque-là."))]


class StreamChoices(Body):
    """What is chosen of the rows of a dataset."""

    model_config = {"json_schema_extra": CLOSED}

    key: list[str] = []
    fold_minutes: int = 60
    most_rows: int | None = None
    most_days: int | None = None
    day_column: str = ""
    history_days: int = 30


class Back(Body):
    """The moment to come back to."""

    moment: Annotated[str, Documented(_("Tout lot gardé après cet instant est annulé."), format="date-time")]


def _writer(request: ApiRequest, dataset_id: str) -> tuple[Actor, Dataset]:
    actor = pusher_of(request)
    if actor is None:
        raise KeyCannotPush(action="pousser des lignes")
    dataset = dataset_at(actor, dataset_id)
    return acting_on(actor, dataset.identifiers), dataset


def _reader(request: ApiRequest, dataset_id: str) -> tuple[Dataset, RowStream]:
    """The stream of a dataset, for who publishes it; NotFound when there is none."""
    dataset = dataset_at(request.auth, dataset_id)
    require(request.auth, "read", dataset.organisation_id, "lire ce qui a été poussé")
    stream = stream_of(dataset)
    if stream is None:
        raise NotFound(name="rows")
    stream.dataset = dataset
    return dataset, stream


@router.operation(
    "/datasets/{dataset_id}/rows",
    "pushRows",
    _("Pousser des lignes : ajoutées, remplacées, changées ou retirées, chacune prise ou refusée avec sa raison."),
    PushedBatch,
    url_name="rows_api",
    method="POST",
    errors=(400, 403, 404, 409, 413, 422, 503),
    bodies=_BODIES,
)
def push_rows(
    request: ApiRequest,
    dataset_id: DatasetId,
    operation: Annotated[
        Literal["put", "merge", "delete"],
        Documented(
            _(
                "Ce qu’on fait des lignes qui ne le disent pas elles-mêmes (membre « _operation ») : put les pose entières, "
                "merge ne change que les colonnes qu’elles disent, delete les retire."
            )
        ),
    ] = PUT,
    after: Annotated[
        str, Documented(_("Le numéro du lot que celui-ci doit suivre ; refusé s’il en est venu d’autres."))
    ] = "",
    whole: Annotated[bool, Documented(_("Ne rien garder si une ligne est refusée."))] = False,
) -> Any:
    """Judge, keep, answer; the header ``Idempotency-Key`` names the batch, so that it may be sent again. 422 when nothing was kept."""
    actor, dataset = _writer(request, dataset_id)
    if after and not (after.isascii() and after.isdecimal() and len(after) < 16):
        raise BadAfter
    sending = Sending(
        caller=_caller_name(request),
        token=request.headers.get("Idempotency-Key", ""),
        after=int(after) if after else None,
        operation=operation,
        is_whole=whole,
    )
    body = request.read(MOST_BYTES + 1)
    receipt = push(actor, dataset, body, request.content_type or JSON_TYPE, sending)
    answer = _receipt(receipt)
    head = receipt.head
    if head.refused and (not head.number or not head.put + head.deleted):
        return JsonResponse(answer.model_dump(exclude_unset=True), status=422)
    return answer


@router.operation(
    "/datasets/{dataset_id}/rows",
    "getRowStream",
    _("Comment un jeu de données reçoit des lignes, et où il en est."),
    Stream,
    url_name="rows_stream_api",
    errors=(403, 404),
)
def get_stream(request: ApiRequest, dataset_id: DatasetId) -> Stream:
    """For members of its organisation."""
    dataset, stream = _reader(request, dataset_id)
    return _stream(dataset, stream)


@router.operation(
    "/datasets/{dataset_id}/rows",
    "openRowStream",
    _("Ouvrir aux programmes les lignes d’un jeu de données, ou changer comment il en reçoit."),
    Stream,
    url_name="rows_open_api",
    method="PUT",
    errors=(400, 403, 404, 409, 422),
)
def put_stream(request: ApiRequest, dataset_id: DatasetId, body: StreamChoices) -> Stream:
    """What is not said takes its usual value."""
    actor, dataset = _writer(request, dataset_id)
    choices = Choices(**{**body.model_dump(), "key": tuple(body.key)})
    stream = open_stream(actor, dataset, choices)
    return _stream(dataset, stream)


@router.operation(
    "/datasets/{dataset_id}/rows",
    "closeRowStream",
    _("Fermer aux programmes les lignes d’un jeu de données : celles qui sont venues restent."),
    Stream,
    url_name="rows_close_api",
    method="DELETE",
    errors=(403, 404),
)
def close(request: ApiRequest, dataset_id: DatasetId) -> Stream:
    """Harmless when it is closed already."""
    actor, dataset = _writer(request, dataset_id)
    stream = stream_of(dataset)
    if stream is None:
        raise NotFound(name="rows")
    close_stream(actor, dataset)
    stream.refresh_from_db()
    return _stream(dataset, stream)


@router.operation(
    "/datasets/{dataset_id}/rows/batches",
    "listRowBatches",
    _("Les derniers lots poussés, le plus récent d’abord."),
    Batches,
    url_name="rows_batches_api",
    errors=(403, 404),
)
def list_batches(
    request: ApiRequest,
    dataset_id: DatasetId,
    before: Annotated[
        int, Field(ge=0, le=2**31), Documented(_("Ceux qui précèdent ce lot ; 0 pour les derniers."))
    ] = 0,
) -> Batches:
    """A hundred at a time."""
    _dataset, stream = _reader(request, dataset_id)
    rows = batches_of(stream, MOST_LISTED, before or None)
    return Batches(results=[_listed(stream, head, is_undone=is_undone) for head, is_undone in rows])


@router.operation(
    "/datasets/{dataset_id}/rows/batches/{number}/refused",
    "listRefusedRows",
    _("Les lignes refusées d’un lot, avec leur raison : les mille premières."),
    RefusedRows,
    url_name="rows_refused_api",
    errors=(403, 404),
    files=(CSV_TYPE,),
)
def list_refused(
    request: ApiRequest,
    dataset_id: DatasetId,
    number: Number,
    format: Annotated[Literal["json", "csv"], Documented(_("La forme de la réponse."))] = "json",
) -> Any:
    """As JSON, or as a file."""
    _dataset, stream = _reader(request, dataset_id)
    batch = batch_of(stream, number)
    refusals = batch.refusals()
    if format == "csv":
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(("ligne", "code", "raison", "colonne", "valeur"))
        writer.writerows((row.row, row.code, row.message, row.column, spreadsheet_cell(row.value)) for row in refusals)
        response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type=f"{CSV_TYPE}; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="lot-{number}-refusees.csv"'
        return response
    return RefusedRows(total_count=batch.head.refused, results=[_refused(row) for row in refusals])


@router.operation(
    "/datasets/{dataset_id}/rows/batches/{number}/undo",
    "undoRowBatch",
    _("Annuler un lot : les lignes sont comme s’il n’était jamais venu."),
    ListedBatch,
    url_name="rows_undo_api",
    method="POST",
    errors=(403, 404, 409),
)
def undo_batch(request: ApiRequest, dataset_id: DatasetId, number: Number) -> ListedBatch:
    """At once, or by a new version when one holds it already."""
    actor, dataset = _writer(request, dataset_id)
    head = undo(actor, dataset, number, number)
    stream = stream_of(dataset)
    assert stream is not None
    return _listed(stream, head, is_undone=False)


@router.operation(
    "/datasets/{dataset_id}/rows/restore",
    "restoreRows",
    _("Revenir à un instant : tout lot venu après lui est annulé."),
    ListedBatch,
    url_name="rows_restore_api",
    method="POST",
    errors=(400, 403, 404, 409, 422),
)
def restore_rows(request: ApiRequest, dataset_id: DatasetId, body: Back) -> ListedBatch:
    """409 when nothing came since."""
    actor, dataset = _writer(request, dataset_id)
    try:
        moment = datetime.fromisoformat(body.moment)
    except ValueError:
        raise BadChoice(reason=Sentence(gettext_noop("l’instant s’écrit 2026-03-01T14:05:00+01:00."))) from None
    if moment.tzinfo is None:
        raise BadChoice(
            reason=Sentence(gettext_noop("l’instant doit dire son décalage : terminez-le par Z ou +01:00."))
        )
    head = restore(actor, dataset, moment)
    stream = stream_of(dataset)
    if head is None or stream is None:
        raise CannotUndo(reason=Sentence(gettext_noop("rien n’est venu depuis cet instant")))
    return _listed(stream, head, is_undone=False)


def _caller_name(request: ApiRequest) -> str:
    caller = caller_of(request)
    return f"key-{caller.key_id}" if caller.key_id is not None else f"person-{caller.actor.person_id}"


def _receipt(receipt: Receipt) -> PushedBatch:
    head = receipt.head
    return PushedBatch(
        batch=head.number,
        moment=_moment(head) if head.number else None,
        put=head.put if head.number else 0,
        deleted=head.deleted if head.number else 0,
        refused=head.refused,
        refusals=[_refused(row) for row in receipt.refusals[:_MOST_TOLD]],
        again=receipt.is_again,
    )


def _refused(row: Refusal) -> RefusedRow:
    return RefusedRow(row=row.row, code=row.code, message=row.message, column=row.column, value=row.value)


def _moment(head: Head) -> str:
    return datetime.fromtimestamp(head.moment, UTC).isoformat(timespec="milliseconds")


def _listed(stream: RowStream, head: Head, *, is_undone: bool) -> ListedBatch:
    return ListedBatch(
        batch=head.number,
        moment=_moment(head),
        kind=head.kind,
        put=head.put,
        deleted=head.deleted,
        refused=head.refused,
        who=head.who,
        token=head.token,
        undone=is_undone,
        undoes=[list(pair) for pair in head.undone],
        in_version=head.number <= stream.base,
    )


def _stream(dataset: Dataset, stream: RowStream) -> Stream:
    laid = Laid.from_dict(stream.laid)
    return Stream(
        dataset_id=dataset.dataset_id,
        open=stream.is_open,
        key=stream.key,
        fold_minutes=stream.fold_minutes,
        most_rows=stream.most_rows,
        most_days=stream.most_days,
        day_column=stream.day_column,
        history_days=stream.history_days,
        version=stream.version_name,
        last_batch=log_of(dataset.uid).last_number(),
        shown_batch=max(stream.base, laid.through),
        waiting_rows=laid.waiting,
        held=stream.is_held,
    )
