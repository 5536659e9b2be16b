"""An act in the public chain: what was published of it, by whom, and its withdrawal; no title enters it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO
from urllib.parse import urlsplit

from parvis.core.seals import Author, FileDigest, Kind
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.selectors import published_files
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_url
from parvis.hub.seals.selectors import entries_of
from parvis.hub.seals.services import seal


def subject_of(act: Act) -> str:
    """What names an act in the chain: its permanent address on the main site, whichever site it is published from."""
    return absolute_url(f"/{act.place}/{act.slug}/")


def file_name(position: int) -> str:
    """The address of a published file from that of its act; the act itself is the first."""
    return f"fichiers/{position}/"


def seal_publication(actor: Actor, act: Act) -> None:
    """Add to the chain what goes online of an act, and what it corrects."""
    files = [
        FileDigest(file_name(position), file.published_bytes, file.published_digest)
        for position, file in enumerate(published_files(act), start=1)
    ]
    first = entries_of(subject_of(act.corrects)).first() if act.corrects else None
    facts = {"date": act.date.isoformat() if act.date else "", "number": act.number, "kind": act.kind}
    seal(
        actor,
        Kind.CORRECTION if first else Kind.PUBLICATION,
        subject_of(act),
        files,
        Author(act.signatory, act.signatory_quality),
        {name: value for name, value in facts.items() if value},
        refers_to=first.sequence if first else None,
    )


def seal_withdrawal(actor: Actor, act: Act) -> None:
    """Add to the chain that an act is no longer there, and why; nothing of it is told again."""
    last = entries_of(subject_of(act)).order_by("-sequence").first()
    if last is not None:
        reason = {"reason": act.withdrawn_for}
        seal(actor, Kind.WITHDRAWAL, last.subject, (), Author("", ""), reason, refers_to=last.sequence)


def sealed_files(subject: str) -> Iterable[tuple[str, Callable[[], BinaryIO]]] | None:
    """What opens the files that are online of the act at an address; None for an address that is no act's."""
    place, _slash, slug = urlsplit(subject).path.strip("/").partition("/")
    if place != Act.place or not slug:
        return None
    act = Act.objects.filter(slug=slug, live=True).first()
    if act is None:
        return []
    return [
        (file_name(position), lambda file=file: file.published.open("rb"))  # type: ignore[misc]
        for position, file in enumerate(published_files(act), start=1)
    ]
