"""Writing a proposal: what it may be, who sends it, and what happens at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Site

from parvis.core.columns import Column
from parvis.core.pictures import EXTENSIONS, Received
from parvis.domains.contributions.ambassadors import is_ambassador
from parvis.domains.contributions.decisions import accept
from parvis.domains.contributions.kinds import FOLLOW
from parvis.domains.contributions.models import Opening, Proposal, form_digest, key_text
from parvis.domains.contributions.rules import (
    MOST_OPEN,
    OPEN_STATES,
    ContributionsClosed,
    Kind,
    NoKey,
    NothingProposed,
    RowChanged,
    RowExists,
    State,
    TooManyWaiting,
)
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of, person_of
from parvis.hub.notifications.rules import MailClosed
from parvis.hub.notifications.services import subscribe
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.services import count_sending
from parvis.hub.visitors.texts import searched

if TYPE_CHECKING:
    from parvis.domains.contributions.tables import ContributedTable
    from parvis.hub.validation.keyed_tables import Row

SUBJECT = "contribution"


def propose(
    visitor: Visitor,
    table: ContributedTable,
    kind: Kind,
    *,
    key: Sequence[str | None] | None = None,
    seen: Mapping[str, str | None] | None = None,
    changes: Mapping[str, str | None] | None = None,
    column: str = "",
    text: str = "",
    photo: Received | None = None,
    site: int | None = None,
    origin: str = "form",
    token: str = "",
) -> Proposal:
    """Write a proposal down; what an ambassador of the organisation asks is accepted at once.

    ``seen`` are the values that its author saw, of the columns that they change: RowChanged when the row moved on since.
    ContributionsClosed, NoKey, NothingProposed, RowExists, NotFound for a row that is none, TooManyWaiting, TooManySent;
    MailClosed when who sends it cannot confirm; IntegrityError for a form (``token``) that was sent already.
    """
    require_open(table, kind)
    row, changes = _row_of(table, kind, key, seen or {}, dict(changes or {}))
    if kind is Kind.ADD:
        key = table.key_of(changes)
    if kind in (Kind.REMARK, Kind.QUESTION) and not text.strip():
        raise NothingProposed
    if Proposal.objects.filter(dataset=table.dataset.pk, state__in=OPEN_STATES).count() >= MOST_OPEN:
        raise TooManyWaiting(title=table.dataset.title)
    with transaction.atomic():
        count_sending(visitor, SUBJECT)
        if kind.changes_rows:
            _keep_found_key(table)
        proposal = Proposal.objects.create(
            dataset=table.dataset,
            version_name=table.dataset.current.name,
            kind=kind,
            state=State.RECEIVED if visitor.proven else State.UNCONFIRMED,
            key=list(key) if key else None,
            key_text=key_text(key),
            row=row,
            changes=changes,
            column=column if table.shape.get(column) else "",
            text=searched(text).text,
            photo=_file_of(photo),
            origin=origin,
            form=form_digest(token) if token else None,
            person_id=visitor.person_id,
            site=Site.objects.filter(pk=site).first(),
        )
        _follow(visitor, proposal, site)
        trusted = ambassador_of(visitor, table)
        if trusted is not None and kind.changes_rows and table.has_confirmed_key:
            accept(trusted, proposal)
    return proposal


def require_open(table: ContributedTable, kind: Kind) -> None:
    """ContributionsClosed or NoKey unless the dataset takes that kind today."""
    if kind in table.kinds:
        return
    opened = table.opening is None or kind in table.opening.kinds
    if kind.changes_rows and opened and not table.key:
        raise NoKey(title=table.dataset.title)
    raise ContributionsClosed(title=table.dataset.title)


def ambassador_of(visitor: Visitor, table: ContributedTable) -> Actor | None:
    """The actor whose changes the organisation of the dataset needs no second look at; None for anybody else."""
    if visitor.person_id is None:
        return None
    trusted = is_ambassador(visitor.person_id, table.dataset.organisation_id)
    return actor_of(person_of(visitor.person_id)) if trusted else None


def _keep_found_key(table: ContributedTable) -> None:
    """Have the key that was found be that of the proposals to come: the next version may make another look likelier."""
    if not table.has_confirmed_key:
        opening, made = Opening.objects.get_or_create(
            dataset=table.dataset, defaults={"key": list(table.key), "is_key_confirmed": False}
        )
        if not made and not opening.key:
            opening.key, opening.is_key_confirmed = list(table.key), False
            opening.save(update_fields=["key", "is_key_confirmed", "modified"])


def _row_of(
    table: ContributedTable,
    kind: Kind,
    key: Sequence[str | None] | None,
    seen: Mapping[str, str | None],
    changes: Row,
) -> tuple[Row, Row]:
    """The row as it is now, and what is asked of it."""
    editable = {column.name for column in table.editable}
    changes = {name: value for name, value in changes.items() if name in editable}
    if kind is Kind.ADD:
        changes = {name: value for name, value in changes.items() if value is not None}
        new_key = table.key_of(changes)
        if not changes or None in new_key:
            raise NothingProposed
        if table.rows_at(new_key):
            raise RowExists(key=" · ".join(value or "–" for value in new_key))
        return {}, changes
    if not key:
        return {}, {}
    row = table.row_at(key)
    for name, value in seen.items():
        if name in changes and row.get(name) != value:
            label = _label(table.shape.get(name))
            raise RowChanged(column=label, value=(row.get(name) or "–")[:200])
    changes = {name: value for name, value in changes.items() if value != row.get(name) and name not in table.key}
    if kind is Kind.CORRECT and not changes:
        raise NothingProposed
    return row, changes


def _label(column: Column | None) -> str:
    return column.label if column else ""


def _file_of(photo: Received | None) -> Any:
    if photo is None:
        return ""
    return ContentFile(photo.body, name=f"{secrets.token_hex(12)}.{EXTENSIONS[photo.kind]}")


def _follow(visitor: Visitor, proposal: Proposal, site: int | None) -> None:
    """Have who sends it told of the suite; who proved nothing must open the link."""
    if not visitor.email:
        return
    try:
        subscribe(visitor.caller, visitor.email, FOLLOW, str(proposal.pk), site=site)
    except MailClosed:
        if not visitor.proven:
            raise
