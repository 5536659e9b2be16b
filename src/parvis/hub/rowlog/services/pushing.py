"""Taking the rows that a program pushes: judged one by one, kept before they are acknowledged, seen soon after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from parvis.core.columns import ColumnType
from parvis.core.privacy.inspector import NAME
from parvis.core.rowlog.batches import Content, Head, Refusal, written_refusals, written_rows
from parvis.core.rowlog.judging import Target, judge
from parvis.core.rowlog.laying import Laid
from parvis.core.rowlog.log import Entry
from parvis.core.rowlog.received import PUT, rows_of_body
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.translation import SOURCE, Sentence, gettext_noop
from parvis.core.validation.field_judge import cached_judge
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.rowlog.models import RowStream
from parvis.hub.rowlog.rules import MOST_LAID, BadToken, NotPushable, TooManyLaid, is_token
from parvis.hub.rowlog.selectors import batch_of, log_of, stream_of
from parvis.hub.rowlog.services.laying import layer
from parvis.hub.validation.keyed_tables import KeyedTable
from parvis.hub.validation.selectors import followed, schema_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@dataclass(frozen=True, slots=True)
class Sending:
    """How a batch is sent: under which name, after which other one, what is done of its rows, all of them or none."""

    caller: str
    token: str = ""
    after: int | None = None
    operation: str = PUT
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: its head in the log, the rows that were refused, and whether it had been received before.

    A batch that must be whole and is not has no number: nothing of it was kept.
    """

    head: Head
    refusals: list[Refusal]
    is_again: bool = False


def push(actor: Actor, dataset: Dataset, body: bytes, media_type: str, sending: Sending) -> Receipt:
    """Keep the rows of a body; what was kept is on the disk when this returns, and read within the second.

    Forbidden, NotPushable, TooManyLaid, BadToken, NoRows, TooManyRows, TokenReused, LogMoved, LogBusy.
    """
    require(actor, "publish", dataset.organisation_id, f"pousser des lignes dans « {dataset.title} »")
    stream = require_stream(dataset)
    if sending.token and not is_token(sending.token):
        raise BadToken(most=200)
    waiting = Laid.from_dict(stream.laid)
    if waiting.waiting > MOST_LAID:
        raise TooManyLaid(title=dataset.title, count=waiting.waiting, most=MOST_LAID)
    rows = rows_of_body(body, media_type)
    judged = judge(rows, target_of(dataset, stream), operation=sending.operation, language=get_language() or SOURCE)
    head = Head(
        0,
        0.0,
        put=judged.put,
        deleted=judged.deleted,
        refused=judged.refused,
        who=actor.name,
        caller=sending.caller,
        token=sending.token,
        digest=_digest(body, media_type, sending) if sending.token else "",
    )
    if sending.is_whole and judged.refused:
        return Receipt(head, judged.refusals)
    content = Content(
        written_rows(judged.table) if judged.put + judged.deleted else b"", written_refusals(judged.refusals)
    )
    stored, is_new = log_of(dataset.uid).append(Entry(head, content, sending.after))
    layer().wake(dataset.pk)
    refusals = judged.refusals if is_new else batch_of(stream, stored.number).refusals()
    return Receipt(stored, refusals, is_again=not is_new)


def require_stream(dataset: Dataset) -> RowStream:
    """The stream of a dataset that takes rows now; NotPushable."""
    stream = stream_of(dataset)
    if stream is None or not stream.is_open:
        raise NotPushable(title=dataset.title, reason=Sentence(gettext_noop("personne ne l’a ouvert aux programmes")))
    stream.dataset = dataset
    if stream.is_held:
        raise NotPushable(title=dataset.title, reason=Sentence(gettext_noop("la dernière version attend une décision")))
    if (reason := obstacle(dataset)) is not None:
        raise NotPushable(title=dataset.title, reason=reason)
    return stream


def obstacle(dataset: Dataset) -> Sentence | None:
    """Why a dataset cannot take rows, whatever is chosen; None when it can."""
    if dataset.current is None:
        return Sentence(gettext_noop("il n’a pas encore de version, dont les colonnes seraient celles des lignes"))
    if dataset.current.is_federated:
        return Sentence(gettext_noop("ses lignes sont demandées à un autre portail"))
    if dataset.steps:
        return Sentence(
            gettext_noop(
                "des étapes changent les lignes de chacune de ses livraisons, et ne se rejouent pas ligne à ligne"
            )
        )
    return None


def target_of(dataset: Dataset, stream: RowStream) -> Target:
    """The table where rows go: its columns, its key, what its schema takes, where persons were admitted."""
    table = KeyedTable(dataset)
    shape = table.manifest.shape
    row = followed(dataset) if table.fields else None
    schema = schema_of(row.ref) if row is not None and row.ref is not None else None
    fields = table.fields if schema is not None else {}
    judges = {
        name: _judge(item, schema)
        for name, item in fields.items()
        if schema is not None and (column := shape.get(name)) is not None and _is_read_so(item, column.type)
    }
    findings = table.manifest.checks.get(NAME, {}).get("findings", ())
    personal = {name for row in findings for name in (row["column"], *row.get("columns", ()))}
    required = frozenset(name for name, item in fields.items() if item.required)
    return Target(shape, tuple(stream.key), judges, required, personal)


def _judge(item: Field, schema: TableSchema) -> Callable[[str], bool]:
    return partial(_accepts, item, schema)


def _accepts(item: Field, schema: TableSchema, text: str) -> bool:
    return cached_judge(item, schema).accepts(text)


def _is_read_so(item: Field, kind: ColumnType) -> bool:
    """Whether the schema reads the field as values are written here: dates of other formats, numbers with commas are typed already,
    and looked at again with the version."""
    if kind is ColumnType.TEXT:
        return item.type in ("string", "any")
    return kind.is_number and item.type in ("integer", "number") and item.decimal_char == "."


def _digest(body: bytes, media_type: str, sending: Sending) -> str:
    read = f"{media_type.partition(';')[0].strip().lower()} {sending.operation} {sending.is_whole} ".encode()
    return hashlib.blake2b(read + body, digest_size=16).hexdigest()
