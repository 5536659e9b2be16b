"""Adding to the chain, closing its days, asking for the time of somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.core.seals import Author, Entry, FileDigest, Kind, seal_after
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.seals.models import DailyRoot, SealedFile, SealEntry
from parvis.hub.seals.selectors import chain_state


@transaction.atomic
def seal(
    actor: Actor,
    kind: Kind,
    subject: str,
    files: Iterable[FileDigest],
    author: Author,
    facts: Mapping[str, str] | None = None,
    *,
    refers_to: int | None = None,
) -> SealEntry:
    """Add an entry to the chain, in the transaction of who publishes, after everything else that it locks.

    ``files`` are named by their address from ``subject``, the permanent address of the act, and ``refers_to`` is the sequence of the
    entry that this one corrects, replaces or withdraws. The caller has checked that ``actor`` may publish, and that ``facts`` hold
    nothing personal: whatever enters the chain is public for ever. Publications wait for each other until the transaction ends.
    NotSealable for facts that cannot be an entry; Forbidden for who comes by a key made for reading.
    """
    if actor.read_only:
        raise Forbidden(action="sceller un acte")
    _wait_for_turn()
    state = chain_state()
    entry = Entry(0, "", Kind(kind), subject, tuple(files), author, dict(facts or {}), refers_to)
    sealed = seal_after(state, entry, timezone.now())
    row = SealEntry(
        sequence=sealed.entry.sequence,
        digest=sealed.digest,
        previous=sealed.entry.previous,
        moment=datetime.fromisoformat(sealed.entry.moment),
        kind=sealed.entry.kind,
        subject=subject,
        refers_to=refers_to,
        content=sealed.content.decode(),
    )
    row.save()
    SealedFile.objects.bulk_create(SealedFile(entry=row, sha256=file.sha256) for file in sealed.entry.files)
    record(actor.name, actor.person_id, f"seals.{row.kind}", "seal", str(row.sequence), subject=subject[:120])
    return row


def _wait_for_turn() -> None:
    """Nobody else seals until this transaction ends. On SQLite, where a transaction that writes is alone, nothing is to be done."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {SealEntry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def close_days(today: date) -> list[DailyRoot]:
    """Write the root of each day (UTC) before ``today`` that has entries and no root yet; safe to run twice."""
    _wait_for_turn()
    last = DailyRoot.objects.order_by("-sequence").first()
    rows = (
        SealEntry.objects.filter(
            sequence__gt=last.sequence if last else 0, moment__lt=datetime(*today.timetuple()[:3], tzinfo=UTC)
        )
        .annotate(day=TruncDate("moment", tzinfo=UTC))
        .values("day")
        .annotate(last=Max("sequence"))
        .order_by("day")
    )
    closed = set(DailyRoot.objects.values_list("day", flat=True)) if rows else set()
    made = []
    for row in rows:
        if (
            row["day"] not in closed
        ):  # a clock that went back: the next day that is closed vouches for these entries too
            digest = SealEntry.objects.values_list("digest", flat=True).get(sequence=row["last"])
            made.append(DailyRoot.objects.create(day=row["day"], sequence=row["last"], digest=digest))
    return made


def last_root() -> DailyRoot | None:
    """The root that vouches for most entries."""
    return DailyRoot.objects.select_related("stamp").order_by("-sequence").first()


def next_stamp() -> datetime | None:
    """When the timestamp server is to be asked about the last root; None when nothing is to be asked.

    Roots before it need no stamp of their own: it vouches for all that came before.
    """
    if not settings.PARVIS["PARVIS_TIMESTAMP_URL"]:
        return None
    root = last_root()
    if root is None:
        return None
    stamp = getattr(root, "stamp", None)
    if stamp is None:
        return root.made
    return None if stamp.answer is not None else stamp.next_attempt
