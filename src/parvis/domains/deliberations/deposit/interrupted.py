"""Readings and preparations that ended before they were done: the act says so, instead of waiting for them for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from parvis.core.errors import OperationError, error_row
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.deposit.reading import hide_what_was_decided
from parvis.domains.deliberations.models import ActFile
from parvis.hub.accounts.rules import OPERATOR

if TYPE_CHECKING:
    from parvis.hub.jobs.models import Job

_DONE: Final = "done"
"""The state of a job that did all it was to do."""


class ReadingInterrupted(OperationError):
    """The job that read a file ended before the last page: its process died too often, it took too long, somebody stopped it."""

    code: ClassVar[str] = "act-reading-interrupted"
    sentence: ClassVar[str] = gettext_noop("La lecture de « {file} » a été interrompue avant sa fin.")
    advice: ClassVar[str] = gettext_noop("« Lire à nouveau », sur l’écran de l’acte, la reprend du début.")


class PreparationInterrupted(OperationError):
    """The job that made what is published of a file ended before it was made."""

    code: ClassVar[str] = "act-preparation-interrupted"
    sentence: ClassVar[str] = gettext_noop("La préparation de « {file} » a été interrompue avant sa fin.")
    advice: ClassVar[str] = gettext_noop("Confirmez l’acte de nouveau : elle reprend.")


def reading_ended(job: Job) -> None:
    """A file that was not read to its end, and that nothing will read any more, cannot be read."""
    if job.state == _DONE:
        return
    file = ActFile.objects.select_related("act").filter(pk=job.arguments["file"]).first()
    if file is None or file.reading != ActFile.Reading.WAITING:
        return
    error = error_row(ReadingInterrupted(file=file.name))
    ActFile.objects.filter(pk=file.pk).update(reading=ActFile.Reading.FAILED, error=error)
    # What somebody with the right decided is carried out, whoever had dropped the file.
    hide_what_was_decided(OPERATOR, file.act)


def preparation_ended(job: Job) -> None:
    """Files of a confirmed act that were to be made and are not: said refused, until the act is confirmed again."""
    if job.state == _DONE:
        return
    waiting = ActFile.objects.filter(act=job.arguments["act"], published="", verification__isnull=True)
    for file in waiting.filter(spans__has_key="words", act__withdrawn_at=None).exclude(reading=ActFile.Reading.WAITING):
        error = error_row(PreparationInterrupted(file=file.name))
        # Another one may have been asked for since: what it makes is kept.
        refusal = {"is_publishable": False, "error": error}
        ActFile.objects.filter(pk=file.pk, spans=file.spans, published="").update(verification=refusal)
