"""Coming back from a mistake: batches undone, or all that came after a moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from parvis.core.rowlog.batches import ROWS, UNDO, Head
from parvis.core.rowlog.log import Entry
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.rowlog.models import Fold, RowStream
from parvis.hub.rowlog.rules import CannotUndo
from parvis.hub.rowlog.selectors import first_kept, log_of, undone_in
from parvis.hub.rowlog.services.folding import ask_to_fold
from parvis.hub.rowlog.services.laying import layer

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def undo(actor: Actor, dataset: Dataset, first: int, last: int) -> Head:
    """Have the rows be as if the batches of that range, ends included, had never come; what came since stays.

    At once for batches that no version holds yet; by a new version, made in the background from an older one, for the others.
    CannotUndo when that older one, or what was pushed since, is no more.
    """
    require(actor, "publish", dataset.organisation_id, f"annuler des lignes poussées dans « {dataset.title} »")
    stream = _stream(dataset)
    log = log_of(dataset.uid)
    if not 1 <= first <= last <= log.last_number():
        raise CannotUndo(reason=Sentence(gettext_noop("ce lot n’existe pas")))
    base = None if first > stream.base else base_before(stream, first)
    if base is None and first <= stream.base:
        raise CannotUndo(
            reason=Sentence(gettext_noop("la version d’avant, ou le journal de ce qui l’a suivie, n’est plus gardé"))
        )
    head, _is_new = log.append(Entry(Head(0, 0.0, kind=UNDO, who=actor.name, undone=((first, last),))))
    record(actor.name, actor.person_id, "rows.undo", "dataset", dataset.dataset_id, first=first, last=last)
    if base is not None:
        ask_to_fold(actor, dataset, base=base.base_name)
    layer().wake(dataset.pk)
    return head


def restore(actor: Actor, dataset: Dataset, moment: datetime) -> Head | None:
    """Undo every batch that came after a moment; None when there is none."""
    stream = _stream(dataset)
    lower = first_kept(stream) - 1
    log = log_of(dataset.uid)
    undone = undone_in(log.read(lower))
    heads = (batch.head for batch in log.read(lower))
    later = [
        head.number
        for head in heads
        if head.kind == ROWS and head.moment > moment.timestamp() and head.number not in undone
    ]
    return undo(actor, dataset, later[0], later[-1]) if later else None


def base_before(stream: RowStream, number: int) -> Fold | None:
    """The making of a version from one that had not that batch yet, and from which all since can be made again; None when all such
    versions, or what followed them, are no more."""
    names, first = set(stream.dataset.versions.values_list("name", flat=True)), first_kept(stream)
    name = stream.version_name
    for fold in Fold.objects.filter(dataset=stream.dataset):  # the latest first
        if fold.version_name != name:
            continue  # of a branch that was left
        name = fold.base_name
        if fold.base < number and fold.base_name in names and first <= fold.base + 1:
            return fold
    return None


def _stream(dataset: Dataset) -> RowStream:
    stream = RowStream.objects.select_related("dataset").filter(dataset=dataset).first()
    if stream is None:
        raise CannotUndo(reason=Sentence(gettext_noop("rien n’y a été poussé")))
    return stream
