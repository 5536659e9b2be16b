"""Receiving files of acts: kept as they are, closed, once each; read afterwards by a job."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.files.base import File
from django.db import transaction

from parvis.core.acts.reading import act_kind
from parvis.core.errors import DataError
from parvis.core.text import shown_name
from parvis.core.translation import Sentence, gettext_noop
from parvis.domains.deliberations.deposit.filling import title_of_name
from parvis.domains.deliberations.kinds import READ
from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.services import create, create_once

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

MOST_BYTES = 100_000_000
MOST_ANNEXES = 100
PIECE = 1 << 20
TOO_MANY = gettext_noop("l’acte a trop d’annexes")


class ActFileRefused(DataError):
    """This file cannot be an act's."""

    code: ClassVar[str] = "act-file"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas déposé : {reason}.")
    advice: ClassVar[str] = gettext_noop("100 Mo au plus par fichier, 100 annexes au plus par acte.")


class AlreadyDeposited(DataError):
    """The same bytes were deposited before."""

    code: ClassVar[str] = "act-twice"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("« {file} » a déjà été déposé : c’est « {title} ».")
    advice: ClassVar[str] = gettext_noop("Ouvrez l’acte qui existe ; rien n’a été ajouté.")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file is: its shown name, its kind by its ending, its digest (SHA-256) and size."""

    name: str
    suffix: str
    media_type: str
    digest: str
    bytes: int


def deposit_act(
    actor: Actor,
    organisation: Organisation,
    name: str,
    content: File[Any],
    session: Session | None = None,
    annexes: Sequence[File[Any]] = (),
) -> Act:
    """Keep a file as a new act with its annexes, a draft that a job reads; AlreadyDeposited, ActFileRefused, ActUnknown.

    When one file is refused, none is kept.
    """
    require(actor, "edit", organisation.pk, f"déposer un acte pour « {organisation} »")
    stamp = _stamp(name, content)
    _require_new(organisation.pk, stamp)
    joined = [(_stamp(annex.name or "", annex), annex) for annex in annexes]
    _require_room(stamp, [annex for annex, _content in joined])

    made: list[Act] = []

    def make() -> Act:
        act = Act(
            organisation=organisation,
            session=session,
            title=title_of_name(stamp.name),
            slug=f"depot-{secrets.token_hex(8)}",
            date=session.held_on if session else None,
        )
        create(actor, act)
        _keep(actor, act, stamp, content, ActFile.Role.MAIN)
        for annex, received in joined:
            _keep(actor, act, annex, received, ActFile.Role.ANNEX)
        made.append(act)
        return act

    act = create_once(f"act:{organisation.pk}:{stamp.digest}"[:64], Act, make)
    if not made:  # somebody dropped it at the same moment, and its annexes are not these
        raise AlreadyDeposited(file=stamp.name, title=act.title)
    return act


def add_annex(actor: Actor, act: Act, name: str, content: File[Any]) -> ActFile:
    """Keep a file as an annex of an act that is not online; ActIsSealed, ActFileRefused, ActUnknown."""
    require(actor, "edit", act.organisation_id, f"joindre une annexe à « {act.title} »")
    stamp = _stamp(name, content)
    with transaction.atomic():
        # Nobody puts it online, nor joins the same file, meanwhile.
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.live or act.withdrawn_at:
            raise ActIsSealed(title=act.title)
        if act.act_files.filter(original_digest=stamp.digest).exists():
            raise AlreadyDeposited(file=stamp.name, title=act.title)
        if act.act_files.filter(role=ActFile.Role.ANNEX).count() >= MOST_ANNEXES:
            raise ActFileRefused(file=stamp.name, reason=Sentence(TOO_MANY))
        return _keep(actor, act, stamp, content, ActFile.Role.ANNEX)


def _keep(actor: Actor, act: Act, stamp: Stamp, content: File[Any], role: str) -> ActFile:
    file = ActFile(
        act=act,
        role=role,
        position=act.act_files.count(),
        name=stamp.name[:200],
        original_digest=stamp.digest,
        bytes=stamp.bytes,
        media_type=stamp.media_type,
        suffix=stamp.suffix,
    )
    content.seek(0)
    with transaction.atomic():
        # A name that nobody guesses: the original stays closed.
        file.original.save(f"{secrets.token_urlsafe(24)}.{stamp.suffix}", content, save=False)
        file.save()
        enqueue(actor, READ, file=file.pk)
    return file


def _stamp(name: str, content: File[Any]) -> Stamp:
    kind, shown = act_kind(name), shown_name(name)
    size = content.size or 0
    if size > MOST_BYTES:
        raise ActFileRefused(file=shown, reason=Sentence(gettext_noop("fichier trop lourd")))
    if not size:
        raise ActFileRefused(file=shown, reason=Sentence(gettext_noop("fichier vide")))
    digest = hashlib.sha256()
    content.seek(0)
    for piece in content.chunks(PIECE):
        digest.update(piece)
    return Stamp(shown, kind.suffix, kind.media_type, digest.hexdigest(), size)


def _require_new(organisation_id: int, stamp: Stamp) -> None:
    same = ActFile.objects.filter(
        original_digest=stamp.digest, role=ActFile.Role.MAIN, act__organisation=organisation_id
    )
    file = same.select_related("act").first()
    if file is not None:
        raise AlreadyDeposited(file=stamp.name, title=file.act.title)


def _require_room(stamp: Stamp, annexes: Sequence[Stamp]) -> None:
    """Not too many annexes, none of them twice nor the act itself."""
    if len(annexes) > MOST_ANNEXES:
        raise ActFileRefused(file=stamp.name, reason=Sentence(TOO_MANY))
    digests = {stamp.digest}
    for annex in annexes:
        if annex.digest in digests:
            raise AlreadyDeposited(file=annex.name, title=title_of_name(stamp.name))
        digests.add(annex.digest)
