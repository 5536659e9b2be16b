"""Which datasets take rows, and how: chosen by who publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from parvis.core.columns import ColumnType
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.services import rows_changed
from parvis.hub.rowlog.models import Fold, RowStream
from parvis.hub.rowlog.rules import (
    LEAST_HISTORY,
    LEAST_MINUTES,
    MOST_HISTORY,
    MOST_MINUTES,
    BadChoice,
    NotPushable,
)
from parvis.hub.rowlog.selectors import log_of, stream_of
from parvis.hub.rowlog.services.laying import layer
from parvis.hub.rowlog.services.pushing import obstacle
from parvis.hub.ui.filters import field
from parvis.hub.validation.keyed_tables import KeyedTable

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen of a stream (``models.RowStream``)."""

    key: tuple[str, ...] = ()
    fold_minutes: int = 60
    most_rows: int | None = None
    most_days: int | None = None
    day_column: str = ""
    history_days: int = 30


def open_stream(actor: Actor, dataset: Dataset, choices: Choices) -> RowStream:
    """Let programs push rows into a dataset, or change how; NotPushable, BadChoice.

    The key changes only while nothing that was pushed waits for a version: what waits was judged by the former one.
    """
    require(actor, "publish", dataset.organisation_id, f"ouvrir aux programmes les lignes de « {dataset.title} »")
    if (reason := obstacle(dataset)) is not None:
        raise NotPushable(title=dataset.title, reason=reason)
    stream = stream_of(dataset)
    _check(dataset, stream, choices)
    with transaction.atomic():
        if stream is None:
            last = log_of(dataset.uid).last_number()
            stream = RowStream(dataset=dataset, version_name=dataset.current.name, base=last, laid={"through": last})
        if list(choices.key) != stream.key:  # what was told apart otherwise cannot be undone any more
            Fold.objects.filter(dataset=dataset).delete()
        stream.is_open, stream.key = True, list(choices.key)
        stream.fold_minutes, stream.history_days = choices.fold_minutes, choices.history_days
        stream.most_rows, stream.most_days, stream.day_column = (
            choices.most_rows,
            choices.most_days,
            choices.day_column if choices.most_days else "",
        )
        stream.save()
        record(actor.name, actor.person_id, "rows.open", "dataset", dataset.dataset_id, key=list(choices.key))
    return stream


def close_stream(actor: Actor, dataset: Dataset) -> None:
    """Take no more rows; those that came stay, and enter a version at its hour."""
    require(actor, "publish", dataset.organisation_id, f"fermer aux programmes les lignes de « {dataset.title} »")
    if RowStream.objects.filter(dataset=dataset, is_open=True).update(is_open=False):
        record(actor.name, actor.person_id, "rows.close", "dataset", dataset.dataset_id)


def resume(actor: Actor, dataset: Dataset) -> None:
    """Show and take rows again though the version made of them was held back: somebody undid, or answers for, what held it."""
    require(actor, "publish", dataset.organisation_id, f"reprendre les lignes poussées dans « {dataset.title} »")
    with transaction.atomic():
        rows_changed(dataset)
        if RowStream.objects.filter(dataset=dataset, is_held=True).update(is_held=False, trouble=None):
            RowStream.objects.filter(dataset=dataset).update(since=timezone.now())
            record(actor.name, actor.person_id, "rows.resume", "dataset", dataset.dataset_id)
    layer().wake(dataset.pk)


def _check(dataset: Dataset, stream: RowStream | None, choices: Choices) -> None:
    table = KeyedTable(dataset)
    _check_bounds(choices)
    for name in choices.key:
        column = table.manifest.shape.get(name)
        if column is None or column.type.is_geographic or "multivalued" in column.annotations:
            raise BadChoice(
                reason=Sentence(gettext_noop("la colonne « {name} » ne peut pas être d’une clé."), {"name": name})
            )
    day = table.manifest.shape.get(choices.day_column)
    if choices.most_days and (day is None or day.type not in (ColumnType.DATE, ColumnType.DATETIME)):
        raise BadChoice(
            reason=Sentence(gettext_noop("pour oublier les lignes par leur âge, choisissez une colonne de dates."))
        )
    if stream is not None and list(choices.key) != stream.key and stream.since is not None:
        raise BadChoice(
            reason=Sentence(
                gettext_noop("la clé ne change que lorsque toutes les lignes poussées sont dans une version.")
            )
        )
    if choices.key and not _tells_apart(table, choices.key):
        raise BadChoice(reason=Sentence(gettext_noop("plusieurs lignes ont la même clé, ou n’en ont pas.")))


def _check_bounds(choices: Choices) -> None:
    if not LEAST_MINUTES <= choices.fold_minutes <= MOST_MINUTES:
        raise BadChoice(
            reason=_between(
                gettext_noop("une version se fait toutes les {least} à {most} minutes."), LEAST_MINUTES, MOST_MINUTES
            )
        )
    if not LEAST_HISTORY <= choices.history_days <= MOST_HISTORY:
        raise BadChoice(
            reason=_between(
                gettext_noop("l’historique se garde de {least} à {most} jours."), LEAST_HISTORY, MOST_HISTORY
            )
        )
    for number in (choices.most_rows, choices.most_days):
        if number is not None and number < 1:
            raise BadChoice(reason=Sentence(gettext_noop("gardez au moins une ligne, ou un jour.")))


def _between(message: str, least: int, most: int) -> Sentence:
    return Sentence(message, {"least": least, "most": most})


def _tells_apart(table: KeyedTable, key: Sequence[str]) -> bool:
    empty = " or ".join(f"{field(name)} is null" for name in key)
    return table.tells_apart(key) and not table.rows_where((empty,), 1)
