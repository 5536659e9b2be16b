"""Reading a received file, some pages at a time, and what rules propose of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.acts.model import Method, Page
from parvis.core.acts.persons import mentions_in
from parvis.core.acts.proposals import propose
from parvis.core.acts.reading import read_pages
from parvis.core.errors import ParvisError, error_row
from parvis.core.progress import Progress, no_progress
from parvis.domains.deliberations.deposit.filling import as_stored, fill, title_of_name
from parvis.domains.deliberations.deposit.hiding import hide, places_to_hide, remove_published, words_hidden_in
from parvis.domains.deliberations.kinds import PREPARE, READ
from parvis.domains.deliberations.models import Act, ActFile, FileText, Suggestions
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.domains.deliberations.selectors import names_in_office, suggestions_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.selectors import is_under_way
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.services import update
from parvis.hub.uploads.acts import recogniser

PIECE = 1 << 20


@contextmanager
def local_copy(file: Any, suffix: str) -> Iterator[tuple[Path, Path]]:
    """A copy of a stored file on the local disk, and an empty folder; both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="act-", dir=process_folder()) as folder:
        source, scratch = Path(folder, f"received.{suffix}"), Path(folder, "made")
        scratch.mkdir()
        with file.open("rb") as stream, source.open("wb") as copy:
            while piece := stream.read(PIECE):
                copy.write(piece)
        yield source, scratch


def read_file(actor: Actor, file: ActFile, progress: Progress = no_progress) -> None:
    """Read what remains of a file; what cannot be read is told on its row, and the act can be completed by hand."""
    text, _made = FileText.objects.get_or_create(file=file)
    try:
        with local_copy(file.original, file.suffix) as (source, scratch):
            for document in read_pages(
                source, file.suffix, file.name, scratch, tessdata=recogniser(), first=len(text.pages) + 1
            ):
                text.pages.extend(page.to_json() for page in document.pages)
                text.save(update_fields=["pages"])
                progress(file.name, len(text.pages), document.page_count)
    except ParvisError as error:
        with transaction.atomic():
            ActFile.objects.filter(pk=file.pk).update(reading=ActFile.Reading.FAILED, error=error_row(error))
            hide_what_was_decided(actor, file.act)
        return
    pages = [Page.from_json(row) for row in text.pages]
    with transaction.atomic():
        # Together: a file that is said read and whose words are not hidden yet would be published with them.
        note_reading(file, pages)
        hide_what_was_decided(actor, file.act)
    if file.role == ActFile.Role.MAIN:
        suggest(actor, file.act, file.name, pages)


def is_worth_reading_again(file: ActFile) -> bool:
    """Whether the reading of a file failed, left pages, or ended without a word: its worker died once too often."""
    if file.reading == ActFile.Reading.WAITING:
        return not is_under_way(READ, file=file.pk)
    return file.reading == ActFile.Reading.FAILED or file.unreadable_pages > 0


def read_again(actor: Actor, act: Act) -> int:
    """Have the files of an act that is not online, and that could not be read whole, read from their first page; how many there are.

    One that waits to be read, or is being read, is left alone. ActIsSealed.
    """
    require(actor, "edit", act.organisation_id, f"faire relire les fichiers de « {act.title} »")
    with transaction.atomic():
        # Nobody puts it online, nor asks the same, meanwhile.
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.live or act.withdrawn_at:
            raise ActIsSealed(title=act.title)
        files = [file for file in ActFile.objects.select_for_update().filter(act=act) if is_worth_reading_again(file)]
        for file in files:
            _forget_reading(file)
            enqueue(actor, READ, file=file.pk)
    return len(files)


def _forget_reading(file: ActFile) -> None:
    """As it was when it was received, but for what somebody decided to hide of it; what was made of the former text is made again."""
    FileText.objects.filter(pk=file.pk).update(pages=[], published_pages=[])
    remove_published([file])
    ActFile.objects.filter(pk=file.pk).update(
        reading=ActFile.Reading.WAITING,
        error=None,
        unreadable_pages=0,
        confidence=None,
        # What is being made of the former text is not kept: its spans are no longer those of the file.
        spans={**file.spans, "readings": file.spans.get("readings", 1) + 1},
        published="",
        published_digest="",
        published_bytes=0,
        verification=None,
    )


def hide_what_was_decided(actor: Actor, act: Act) -> None:
    """Of an act that was confirmed before all of it was read: what it hides is hidden in what was read since, too."""
    act = Act.objects.select_for_update().get(pk=act.pk)
    if act.confirmed_at and not act.live and act.withdrawn_at is None:
        hide(act, places_to_hide(act, words_hidden_in(act)))
        enqueue(actor, PREPARE, act=act.pk)


def note_reading(file: ActFile, pages: Sequence[Page]) -> None:
    """How a file was read: its pages, those that nobody could read, the least confidence."""
    confidences = [page.confidence for page in pages if page.confidence is not None]
    ActFile.objects.filter(pk=file.pk).update(
        reading=ActFile.Reading.READ,
        error=None,
        page_count=len(pages),
        unreadable_pages=sum(page.method is Method.UNREADABLE for page in pages),
        confidence=min(confidences, default=None),
    )


def suggest(actor: Actor, act: Act, name: str, pages: Sequence[Page]) -> None:
    """Keep what rules read in an act, and fill with the surest of it the columns that nobody filled."""
    officials = names_in_office(act.organisation_id, act.date)
    proposals = propose(pages, name, officials=officials, today=timezone.localdate())
    changes = fill(act, proposals)
    if act.title not in _titles_of_nobody(act, name):
        changes.pop("title", None)
    officials = names_in_office(act.organisation_id, changes.get("date", act.date))
    matter = changes.get("matter", act.matter)
    signatory = changes.get("signatory", act.signatory)
    persons = mentions_in(pages, officials, [signatory] if signatory else [], matter)
    with transaction.atomic():
        Suggestions.objects.update_or_create(
            act=act,
            defaults={
                "proposals": [proposal.to_json() for proposal in proposals],
                "persons": [person.to_json() for person in persons],
            },
        )
        if act.confirmed_at is None and changes:
            act.refresh_from_db()
            update(actor, act, changes, revision=act.revision)


def _titles_of_nobody(act: Act, name: str) -> set[str]:
    """What a machine called an act: after its file when it was received, and as a former reading proposed; the others are a person's."""
    former = suggestions_of(act)
    rows = former.proposals if former else ()
    return {title_of_name(name), *(as_stored(act, "title", row["value"]) for row in rows if row["field"] == "title")}
