"""A received file that holds several acts, cut into as many drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from django.core.files.base import File
from django.db import transaction

from parvis.core.acts.bundles import BundledAct, acts_within
from parvis.core.acts.cutting import cut_pdf
from parvis.core.acts.model import Page
from parvis.core.progress import Progress, no_progress
from parvis.domains.deliberations.deposit.reading import local_copy
from parvis.domains.deliberations.deposit.receiving import AlreadyDeposited, deposit_act
from parvis.domains.deliberations.kinds import CUT
from parvis.domains.deliberations.models import Act, ActFile, FileText
from parvis.domains.deliberations.selectors import files_of, pages_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.records.services import delete

MOST_PAGES: Final = 1_000
"""Pages of a file in which several acts are looked for."""


def bundle_in(act: Act) -> list[BundledAct]:
    """The acts that the only file of a draft holds; none when it holds one, or when somebody confirmed it already."""
    files = files_of([act])[act.pk]
    if len(files) != 1 or act.confirmed_at or act.live or act.withdrawn_at:
        return []
    file = files[0]
    is_read = file.suffix == "pdf" and file.reading == ActFile.Reading.READ
    return acts_within(pages_of(file)) if is_read and 1 < (file.page_count or 0) <= MOST_PAGES else []


def ask_for_cutting(actor: Actor, act: Act) -> int:
    """Have a draft cut into the acts that its file holds, once; how many they are. Nothing is done when it holds one."""
    require(actor, "edit", act.organisation_id, f"découper « {act.title} »")
    bundle = bundle_in(act)
    if bundle:
        enqueue_once(actor, CUT, str(act.pk), act=act.pk)
    return len(bundle)


def cut_act(actor: Actor, act: Act, progress: Progress = no_progress) -> None:
    """Make a draft of each act that the file of a draft holds, with what was read of its pages, then remove the whole.

    Run again after a stop, it makes none twice: parts are the same bytes each time.
    """
    bundle = bundle_in(act)
    if not bundle:
        return
    file = files_of([act])[act.pk][0]
    pages = {page.number: page for page in pages_of(file)}
    with local_copy(file.original, file.suffix) as (source, scratch):
        parts = cut_pdf(source, file.name, scratch, [(part.first, part.last) for part in bundle])
        for rank, (part, path) in enumerate(zip(bundle, parts, strict=True)):
            progress(file.name, rank, len(bundle))
            name = f"{PurePath(file.name).stem} - {part.number}.pdf".replace("/", "-")
            own = [
                replace(pages[number], number=number - part.first + 1) for number in range(part.first, part.last + 1)
            ]
            with path.open("rb") as stream:
                _deposit(actor, act, name, File(stream, name=name), own)
    delete(actor, act)


def _deposit(actor: Actor, whole: Act, name: str, content: File[bytes], pages: Sequence[Page]) -> None:
    try:
        with transaction.atomic():
            act = deposit_act(actor, whole.organisation, name, content, whole.session)
            # What was recognised once is not recognised again.
            FileText.objects.create(file=act.act_files.get(), pages=[page.to_json() for page in pages])
    except AlreadyDeposited:
        return
