"""What a job may be: pure decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from parvis.core.errors import Cancelled, OperationError
from parvis.core.progress import Progress
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.hub.jobs.models import Job

MOST_STALLS = 2
"""A job that stood still this many times is given up: trying again takes half an hour each time."""
MOST_ATTEMPTS = 3
"""A job whose process died this many times is given up: it probably kills its worker."""


class JobAbandoned(OperationError):
    """The process of a job died too often, or was a command that nobody will start again."""

    code: ClassVar[str] = "job-abandoned"
    sentence: ClassVar[str] = gettext_noop("La tâche a été interrompue avant sa fin ({attempts} fois).")
    advice: ClassVar[str] = gettext_noop(
        "Rien n’a été changé. Relancez-la ; si cela se répète, regardez la mémoire et la place du disque."
    )


class JobStalled(OperationError):
    """The job stood still for too long, as often as it was tried."""

    code: ClassVar[str] = "job-stalled"
    sentence: ClassVar[str] = gettext_noop(
        "La tâche n’avançait plus depuis {minutes} minutes et a été arrêtée ({attempts} fois)."
    )
    advice: ClassVar[str] = gettext_noop(
        "Rien n’a été changé. Le fichier demande sans doute trop : allégez-le, ou découpez-le."
    )


class JobTooLong(OperationError):
    """The job moved, and would not have ended."""

    code: ClassVar[str] = "job-too-long"
    sentence: ClassVar[str] = gettext_noop("La tâche a duré plus de {hours} heures et a été arrêtée.")
    advice: ClassVar[str] = gettext_noop(
        "Rien n’a été changé. Découpez le fichier, ou demandez d’élever PARVIS_JOB_HOURS."
    )


class UnexpectedFailure(OperationError):
    """A fault of Parvis itself; the trace is in the log."""

    code: ClassVar[str] = "unexpected"
    sentence: ClassVar[str] = gettext_noop("Une erreur imprévue est survenue ({kind}). Rien n’a été changé.")
    advice: ClassVar[str] = gettext_noop(
        "Le journal du serveur en dit plus ; signalez-la avec le fichier qui la provoque."
    )


class LeaseLost(Cancelled):
    """The job was taken up by another process: this one must stop and write nothing more."""

    code: ClassVar[str] = "job-lease-lost"


class WorkerStopping(Cancelled):
    """The worker was asked to stop: the job goes back to the queue."""

    code: ClassVar[str] = "worker-stopping"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What the function of a job knows: its row, on whose behalf it acts, how to tell where it stands."""

    job: Job
    actor: Actor
    progress: Progress


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its stable name, what runs it, and what must be told when it is over, however it ended.

    ``function`` is called as ``function(context, **arguments)``; it must be safe to run twice; a dotted path is loaded only
    where it runs, so that the web process does without what imports need. ``ended`` is called in the transaction that
    ends the job.
    """

    name: str
    function: Callable[..., None] | str
    ended: Callable[[Job], None] | None = None
    queue: str = "default"
    """``default`` for what takes seconds, ``heavy`` for the rest: each queue has a worker of its own."""
    priority: int = 0
    """In its queue, from -100 to 100: what somebody waits for in front of a screen goes first."""


def kinds() -> dict[str, Kind]:
    """Every kind of job that modules have, by name."""
    return {kind.name: kind for module in modules() for kind in module.jobs}
