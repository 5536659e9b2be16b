"""What else may hold a publication back: modules each give a check, asked before data becomes readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.registry import modules


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a version should not be read by those to whom its dataset is open.

    ``message`` and ``hint`` are sentences in the reader’s language; ``url`` is where a person may lift it, ``command`` how at the
    command line. One that is not ``blocking`` is only shown.
    """

    code: str
    message: Any
    hint: Any = ""
    url: str = ""
    blocking: bool = True
    command: str = ""


class PublicationHeld(RequestError):
    """Something must be decided or mended before this version may be read; the version is kept."""

    code: ClassVar[str] = "publication-held"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne peut pas encore être publié : {reasons}")
    advice: ClassVar[str] = gettext_noop("{hints}")


def blockers_of(dataset: Dataset, version: Version) -> list[Blocker]:
    """Everything that every module's check says of that version, with the access that the dataset object has now."""
    checks = [module.publication_check for module in modules() if module.publication_check is not None]
    return [obstacle for check in checks for obstacle in check(dataset, version)]


def require_open_gates(dataset: Dataset, version: Version) -> None:
    """PublicationHeld when a gate blocks."""
    obstacle = held_by(dataset, version)
    if obstacle is not None:
        raise obstacle


def held_by(dataset: Dataset, version: Version) -> PublicationHeld | None:
    """The error that tells what blocks, or None."""
    blocking = [obstacle for obstacle in blockers_of(dataset, version) if obstacle.blocking]
    if not blocking:
        return None
    reasons = " ".join(str(obstacle.message) for obstacle in blocking)
    hints = " ".join(dict.fromkeys(str(obstacle.hint) for obstacle in blocking if obstacle.hint))
    commands = " ".join(dict.fromkeys(obstacle.command for obstacle in blocking if obstacle.command))
    return PublicationHeld(title=dataset.title, reasons=reasons, hints=hints, commands=commands)
