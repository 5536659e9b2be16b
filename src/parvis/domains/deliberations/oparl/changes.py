"""Noting that a row was written, in the transaction that writes it: what it makes known, and what names it, is looked at later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, signals

from parvis.domains.deliberations.models import (
    Act,
    ActFile,
    ActLink,
    AgendaItem,
    Amount,
    Assembly,
    FileText,
    Official,
    Session,
)
from parvis.domains.deliberations.oparl.acts import ONLINE, SIGNED_ALONE
from parvis.domains.deliberations.oparl.ledger import ACT, ORGANISATION, SESSION, Root
from parvis.domains.deliberations.oparl.people import name_key
from parvis.domains.deliberations.oparl.tables import OparlChange, OparlObject
from parvis.hub.records import signals as records
from parvis.hub.records.rules import Status
from parvis.hub.registry import Listener


def note(roots: Iterable[Root]) -> None:
    """Have these be looked at before the next answer."""
    OparlChange.objects.bulk_create([OparlChange(root=root, root_key=key) for root, key in sorted(set(roots))])


def around_act(act: Act) -> set[Root]:
    """An act and what says something of it; nothing for one that readers neither see nor saw."""
    if not _is_told(ACT, act):
        return set()
    acts = {act.pk, act.corrects_id, *Act.objects.filter(corrects=act.pk).values_list("pk", flat=True)}
    for own, other in ActLink.objects.filter(Q(act=act.pk) | Q(other=act.pk)).values_list("act_id", "other_id"):
        acts |= {own, other}
    sessions = {act.session_id, *AgendaItem.objects.filter(act=act.pk).values_list("session_id", flat=True)}
    return {(ORGANISATION, act.organisation_id), *_named(ACT, acts), *_named(SESSION, sessions)}


def around_session(session: Session) -> set[Root]:
    """A sitting and what says something of it; nothing for one that readers neither see nor saw."""
    if not _is_told(SESSION, session):
        return set()
    acts = Act.objects.filter(ONLINE).filter(Q(session=session.pk) | Q(items__session=session.pk))
    keys = acts.values_list("pk", flat=True)
    return {(ORGANISATION, session.organisation_id), (SESSION, session.pk), *_named(ACT, keys)}


def around_item(item: AgendaItem) -> set[Root]:
    """A point of an agenda: its sitting, and the act that came of it."""
    return {*_named(SESSION, [item.session_id]), *_named(ACT, [item.act_id])}


def around_assembly(assembly: Assembly) -> set[Root]:
    """Its organisation; and, as acts signed alone say who signs alone for the authority, those."""
    acts = Act.objects.filter(ONLINE, organisation=assembly.organisation_id, kind__in=SIGNED_ALONE)
    keys = acts.values_list("pk", flat=True) if assembly.kind == Assembly.Kind.EXECUTIVE else ()
    return {(ORGANISATION, assembly.organisation_id), *_named(ACT, keys)}


def around_official(official: Official) -> set[Root]:
    """Their organisation, and the acts and sittings that write their name."""
    name, organisation = name_key(official.full_name), official.organisation_id
    acts = Act.objects.filter(ONLINE, organisation=organisation).values_list("pk", "rapporteur", "signatory")
    sessions = Session.objects.filter(status=Status.PUBLISHED, organisation=organisation)
    return {
        (ORGANISATION, organisation),
        *_named(ACT, (key for key, *names in acts if _is_among(name, names))),
        *_named(SESSION, (key for key, names in sessions.values_list("pk", "present_names") if _is_among(name, names))),
    }


def around_part(part: Any) -> set[Root]:
    """What belongs to an act: the act."""
    return around_act(part.act)


def around_text(text: FileText) -> set[Root]:
    """The text of a file: the act."""
    return around_act(text.file.act)


def before(sender: type[Model], instance: Any, **_rest: Any) -> None:
    """A row is about to be written: note what it made known until now."""
    former = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    if former is not None:
        note(AROUND[sender](former))


def after(sender: type[Model], instance: Any, **_rest: Any) -> None:
    """A row was written, or is about to be deleted: note what it makes known."""
    note(AROUND[sender](instance))


def organisation_written(sender: type[Model], instance: Any, **_rest: Any) -> None:
    """An organisation was written."""
    note([(ORGANISATION, instance.pk)])


def documents_changed(sender: type[Session], record: Session, act: str, **_rest: Any) -> None:
    """Documents that go with a sitting come and go without its row being written: the journal tells."""
    if act != "delete":
        note(around_session(record))


AROUND: dict[type[Model], Any] = {
    Act: around_act,
    Session: around_session,
    AgendaItem: around_item,
    Assembly: around_assembly,
    Official: around_official,
    ActFile: around_part,
    Amount: around_part,
    ActLink: around_part,
    FileText: around_text,
}
MOVING = (Act, Session, AgendaItem, Assembly, Official)
"""Those that may name other rows once they are written again: what they named before has changed too."""
LISTENERS = (
    *(Listener(signals.pre_save, before, model) for model in MOVING),
    *(Listener(signals.post_delete, after, model) for model in MOVING),
    *(Listener(signal, after, model) for model in AROUND for signal in (signals.post_save, signals.pre_delete)),
    Listener(signals.post_save, organisation_written, Act._meta.get_field("organisation").related_model),  # type: ignore[arg-type]
    Listener(records.record_changed, documents_changed, Session),
)


def _is_told(root: str, record: Act | Session) -> bool:
    """Whether readers see a record, or see it until now.

    Not left to what it was before it is written: modules are loaded by the first writing of a process, which they do not hear the
    beginning of.
    """
    if record.status == Status.PUBLISHED:
        return True
    return OparlObject.objects.filter(root=root, root_key=record.pk, deleted=False).exists()


def _named(root: str, keys: Iterable[int | None]) -> set[Root]:
    return {(root, key) for key in keys if key}


def _is_among(name: tuple[str, ...], names: object) -> bool:
    rows = names if isinstance(names, list | tuple) else ()
    return any(isinstance(row, str) and name_key(row) == name for row in rows)
