"""Proposing a reuse, deciding, following its link, erasing it: right, act, journal."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from parvis.core.errors import ParvisError, RequestError
from parvis.core.fetching import fetch
from parvis.core.pictures import EXTENSIONS, Received
from parvis.core.translation import gettext_noop
from parvis.domains.reuses.kinds import WAITS
from parvis.domains.reuses.links import lives
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.rules import DEAD_AFTER, LONGEST_TEXT
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.quality.notices import tell_owners_today
from parvis.hub.records.services import create, delete
from parvis.hub.uploads.services import receive_picture, rendered
from parvis.hub.visitors import moderated_records
from parvis.hub.visitors.receipt_rules import VISITOR
from parvis.hub.visitors.receipts import tell_sender
from parvis.hub.visitors.writings import new_reference, read_writing

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset

REUSE = "reuse"
"""The kind of receipts and of mails to who proposed one."""
WIDEST = 1_200
"""Pixels of the longest side of a picture: that of a page."""
LINK_BYTES, LINK_SECONDS = 200_000, 25.0
"""What is read of a link at most."""


def shrink_picture(name: str, content: File[Any]) -> Received:
    """A picture of a visitor as it may be shown, decoded and written again in a child; PictureRefused."""
    return _shrunk(name, receive_picture(name, content, longest=WIDEST))


def _shrunk(name: str, received: Received) -> Received:
    longest = max(received.width, received.height)
    scale = min(1.0, WIDEST / longest)
    size = max(1, round(received.width * scale)), max(1, round(received.height * scale))
    return rendered(name, received.body, [("resize", size)], "webp", 80)


def propose(fields: dict[str, Any], names: list[str], picture: Received | None = None) -> Reuse:
    """Write a reuse that a visitor sent: a draft of the organisation that publishes its first dataset."""
    title, text = read_writing(fields["title"]), read_writing(fields["text"][:LONGEST_TEXT])
    reuse = Reuse(
        slug=new_reference(),
        title=title.text[:200] or "—",
        text=text.text,
        kind=fields["kind"],
        link=fields["link"],
        datasets=names,
        signature=fields["signature"],
        picture_words=read_writing(fields["picture_words"]).masked[:200],
        organisation=_moderators(names),
        to_confirm=True,
        held=title.is_held or text.is_held,
    )
    if picture is not None:
        # A name that nobody guesses: what waits is read by moderators alone.
        file = f"{secrets.token_urlsafe(16)}.{EXTENSIONS[picture.kind]}"
        reuse.picture.save(file, ContentFile(picture.body), save=False)
    return create(VISITOR, reuse)


def take_in(actor: Actor, facts: Mapping[str, Any], datasets: Sequence[Dataset]) -> str:
    """A reuse of a portal that moves in, with its ``picture`` if that came, left to who moderates those of its datasets; its reference.
    NoLink for no address."""
    fields = {
        "title": str(facts.get("title") or "")[:200],
        "text": str(facts.get("text") or ""),
        "kind": "other",
        "link": str(facts.get("url") or "")[:500],
        "signature": str(facts.get("author") or "")[:60],
        "picture_words": "",
    }
    try:
        URLValidator(schemes=["http", "https"])(fields["link"])
    except ValidationError as error:
        raise NoLink(title=fields["title"]) from error
    picture = facts.get("picture")
    shown = _shrunk("vignette", picture) if isinstance(picture, Received) else None
    reuse = propose(fields, [dataset.dataset_id for dataset in datasets], shown)
    receive(reuse)
    return reuse.slug


class NoLink(RequestError):
    """A reuse that leads nowhere."""

    code: ClassVar[str] = "reuse-link"
    sentence: ClassVar[str] = gettext_noop("« {title} » n’a pas d’adresse où la voir.")


def _moderators(names: list[str]) -> Organisation:
    dataset = dataset_called(names[0])
    organisation = dataset.organisation if dataset is not None else portal_publisher()
    return organisation or organisations().earliest("pk")


def receive(reuse: Reuse) -> None:
    """It was sent for good: who publishes is told that it waits."""
    if Reuse.objects.filter(pk=reuse.pk, to_confirm=True).update(to_confirm=False):
        tell_owners_today(WAITS, reuse.organisation_id)


def accept(actor: Actor, reuse: Reuse, *, revision: int, masked: bool = False) -> None:
    """Put a reuse online as it was read at ``revision``, its mentions of persons masked or not; DecidedMeanwhile."""
    moderated_records.accept(actor, reuse, REUSE, revision=revision, masked=("title", "text") if masked else ())


def refuse(actor: Actor, reuse: Reuse, *, revision: int, reason: str) -> None:
    """Do not show a reuse, or no longer, for a reason that who sent it is told; DecidedMeanwhile."""
    moderated_records.refuse(actor, reuse, REUSE, revision=revision, reason=reason)


def follow_link(reuse: Reuse) -> bool:
    """Follow a link and note whether it leads somewhere; who sent it is told when it is dead."""
    error = _error_of(reuse.link)
    now, alive = timezone.now(), lives(error)
    failures = 0 if alive else reuse.failures + 1
    dead_since = None
    if failures >= DEAD_AFTER:
        dead_since = reuse.dead_since or now
    with transaction.atomic():
        same = Reuse.objects.filter(pk=reuse.pk, link=reuse.link, failures=reuse.failures)
        if same.update(checked=now, failures=failures, dead_since=dead_since) and failures == DEAD_AFTER:
            reuse.refresh_from_db()
            tell_sender(REUSE, reuse)
    return alive


def _error_of(link: str) -> ParvisError | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            fetch(link, Path(folder, "page"), max_bytes=LINK_BYTES, idle_seconds=10.0, total_seconds=LINK_SECONDS)
        except ParvisError as error:
            return error
    return None


def erase(reuse: Reuse) -> None:
    """Leave nothing of a reuse, its picture and its history included."""
    delete(VISITOR, reuse)


def sign_off(reuse: Reuse) -> None:
    """Leave nothing of who signed it."""
    moderated_records.unsign(reuse)


def picture_gone(sender: type[Reuse], instance: Reuse, **_facts: Any) -> None:
    """A picture goes with its record, once it is gone for good."""
    if instance.picture:
        storage, path = instance.picture.storage, instance.picture.name
        transaction.on_commit(lambda: storage.delete(path))
