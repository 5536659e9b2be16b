"""Making the files that are published of an act: words hidden for real, then looked for by readers of several authors."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Any, ClassVar, Final

from django.core.files.base import File
from django.db import transaction

from parvis.core.acts.model import Method, Page, Passage
from parvis.core.acts.typeset import typeset_text
from parvis.core.errors import DataError, ParvisError, error_row
from parvis.core.progress import Progress, no_progress
from parvis.core.redaction import MARK, Redaction, redact, text_of_published, verify, whole_and_cut
from parvis.core.translation import gettext_noop
from parvis.core.typesetting import FONTS
from parvis.domains.deliberations.deposit.reading import local_copy
from parvis.domains.deliberations.models import Act, ActFile, FileText
from parvis.domains.deliberations.selectors import boxes_of, files_of, pages_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.uploads.acts import recogniser

PDF: Final = "application/pdf"
PIECE: Final = 1 << 20
UNKNOWN_PAGES: Final = 30
"""Pages for whose time a file is verified when nobody could read how many it has."""


class NothingRead(DataError):
    """What is no PDF is set from its text, and there is none."""

    code: ClassVar[str] = "act-nothing-read"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » n’a aucun texte qui puisse être mis en page pour la publication."
    )
    advice: ClassVar[str] = gettext_noop("Enregistrez-le en PDF, puis déposez ce PDF.")


class PagesUnread(DataError):
    """What is no PDF is set from its text, and some of its pages would be missing."""

    code: ClassVar[str] = "act-pages-unread"
    sentence: ClassVar[str] = gettext_noop(
        "Des pages de « {file} » n’ont pas pu être lues : elles manqueraient dans la publication."
    )
    advice: ClassVar[str] = gettext_noop("Enregistrez-le en PDF, puis déposez ce PDF.")


def prepare_act(actor: Actor, act: Act, progress: Progress = no_progress) -> None:
    """Make what is missing of what will be published of an act; what is refused is told on the file's row."""
    require(actor, "edit", act.organisation_id, f"préparer « {act.title} »")
    for file in files_of([act])[act.pk]:
        if "words" in file.spans and not file.published and file.reading != ActFile.Reading.WAITING:
            _prepare(act, file, progress)


def _prepare(act: Act, file: ActFile, progress: Progress) -> None:
    pages = pages_of(file)
    passages = [Passage(**row) for row in file.spans.get("passages", [])]
    words = tuple(file.spans.get("words", ()))
    with local_copy(file.original, file.suffix) as (source, scratch):
        target = scratch / "publie.pdf"
        try:
            report = _made(act, file, source, target, scratch, pages, passages, progress)
            verification = _verified(file, target, scratch, words, progress)
        except ParvisError as error:
            refusal = {"is_publishable": False, "error": error_row(error)}
            ActFile.objects.filter(pk=file.pk, spans=file.spans).update(verification=refusal)
            return
        if not verification["is_publishable"]:
            ActFile.objects.filter(pk=file.pk, spans=file.spans).update(verification=verification)
            return
        covered = [Passage(**row) for row in report.get("covered", ())]
        _keep(file, target, text_of_published(pages, [*passages, *covered]), {**verification, "report": report})


def _made(
    act: Act,
    file: ActFile,
    source: Path,
    target: Path,
    scratch: Path,
    pages: Sequence[Page],
    passages: Sequence[Passage],
    progress: Progress,
) -> dict[str, Any]:
    """Write the published form of a file; what was done."""
    if file.suffix != "pdf":
        if not any(page.text.strip() for page in pages):
            raise NothingRead(file=file.name)
        if file.reading == ActFile.Reading.FAILED or any(page.method is Method.UNREADABLE for page in pages):
            raise PagesUnread(file=file.name)
        made = typeset_text(
            text_of_published(pages, passages),
            _folder(scratch, "composition"),
            FONTS,
            title=act.title,
            mark=MARK,
            about=[line for line in (act.organisation.name, act.number) if line],
            name=file.name,
        )
        made.rename(target)
        return {"typeset": True}
    whole, cut = whole_and_cut(passages, file.spans.get("words", ()))
    order = Redaction(tuple(pages), whole, tuple(boxes_of(file)), title=act.title, cut=cut)
    report = redact(
        source, target, order, _folder(scratch, "occultation"), recogniser(), name=file.name, progress=progress
    )
    return asdict(report)


def _verified(
    file: ActFile,
    target: Path,
    scratch: Path,
    words: tuple[str, ...],
    progress: Progress,
) -> dict[str, Any]:
    """What readers of several authors see of the hidden words and under rectangles; nobody is asked when nothing is hidden of the act.

    They look in a file whose text does not say them, too: a page that could not be read at first may say them to another reader.
    What is under a rectangle is not looked for elsewhere: « le », under a signature, is in every act.
    """
    # What is no PDF is set from its text: it has no page on which somebody drew.
    boxes = tuple(boxes_of(file)) if file.suffix == "pdf" else ()
    if not words and not boxes:
        return {"is_publishable": True, "hits": [], "sources": []}
    report = verify(
        target,
        words,
        _folder(scratch, "verification"),
        recogniser(),
        boxes=boxes,
        pages=max(file.page_count or 0, UNKNOWN_PAGES if not file.page_count else 1),
        name=file.name,
        progress=progress,
    )
    return {
        "is_publishable": report.is_publishable,
        "hits": [asdict(hit) for hit in report.hits],
        "doubts": [asdict(hit) for hit in report.doubts],
        "unread": list(report.unread),
        "sources": [str(source) for source in report.sources],
    }


def _keep(file: ActFile, target: Path, pages: Sequence[Page], verification: dict[str, Any]) -> None:
    """Keep the published form, unless what is to be hidden changed meanwhile."""
    digest = hashlib.sha256()
    with target.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    size = target.stat().st_size
    with target.open("rb") as stream, transaction.atomic():
        row = ActFile.objects.select_for_update().select_related("act").filter(pk=file.pk).first()
        if row is None or row.spans != file.spans or row.published or row.act.live or row.act.withdrawn_at:
            return
        # A name that nobody guesses until the act is online.
        row.published.save(f"{secrets.token_urlsafe(24)}.pdf", File(stream), save=False)
        row.published_digest, row.published_bytes, row.published_type = digest.hexdigest(), size, PDF
        row.verification = verification
        row.save()
        FileText.objects.filter(pk=row.pk).update(published_pages=[page.to_json() for page in pages])


def _folder(scratch: Path, name: str) -> Path:
    folder = scratch / name
    folder.mkdir()
    return folder


def public_name(act: Act, file: ActFile) -> str:
    """What a published file is called when it is saved: the act's permanent address, and its rank among annexes."""
    suffix = "" if file.role == ActFile.Role.MAIN else f"-annexe-{file.position}"
    return f"{act.slug}{suffix}{PurePath(file.published.name or 'acte.pdf').suffix}"
