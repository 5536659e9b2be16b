"""What is missing before an act goes online: told in a few words each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from parvis.core.translation import Sentence, gettext_noop
from parvis.domains.deliberations.online.leftovers import leftovers_of
from parvis.domains.deliberations.rules import STATED

if TYPE_CHECKING:
    from parvis.domains.deliberations.models import Act, ActFile


_NOT_MADE: Final = gettext_noop("un fichier à publier, qui n’a pas pu être préparé : {reason}")


def missing_of(act: Act, files: Sequence[ActFile]) -> list[Sentence]:
    """Everything that keeps an act from going online; nothing when it may.

    Its author's name and quality, its date and its whole text are asked by CGCT R2131-1.
    """
    conditions = [
        (act.withdrawn_at is not None, gettext_noop("il a été retiré, et ne revient pas")),
        (act.confirmed_at is None, gettext_noop("personne n’a confirmé ce qui en a été lu")),
        (act.date is None, gettext_noop("sa date")),
        (act.kind in STATED and not act.number, gettext_noop("son numéro")),
        (act.kind in STATED and not act.signatory, gettext_noop("le prénom et le nom de son signataire")),
        (act.kind in STATED and not act.signatory_quality, gettext_noop("la qualité de son signataire")),
        (not any(file.role == "main" for file in files), gettext_noop("le fichier de l’acte")),
        (
            any(file.reading == "waiting" for file in files),
            gettext_noop("la lecture de ses fichiers, qui est en cours"),
        ),
        (
            any(_is_refused(file) and not _has_failed(file) and not _is_unread(file) for file in files),
            gettext_noop("l’occultation : des mots cachés se lisent encore"),
        ),
        (
            any(_is_unread(file) for file in files),
            gettext_noop("l’occultation : une page trop grande ou abîmée n’a pas pu être vérifiée"),
        ),
        (
            any(not file.published and not _is_refused(file) for file in files),
            gettext_noop("la préparation des fichiers à publier, qui est en cours"),
        ),
    ]
    return [
        *(Sentence(words) for is_missing, words in conditions if is_missing),
        *(_failure(file) for file in files if _has_failed(file)),
        *leftovers_of(act, files),
    ]


def _is_refused(file: ActFile) -> bool:
    return bool(file.verification) and not file.verification.get("is_publishable", False)


def _has_failed(file: ActFile) -> bool:
    """Whether what is published of it could not be made at all: it may have nothing to hide."""
    return _is_refused(file) and "error" in file.verification


def _is_unread(file: ActFile) -> bool:
    """Whether nobody read a hidden word in it, and not everybody could read it."""
    return _is_refused(file) and not file.verification.get("hits") and bool(file.verification.get("unread"))


def _failure(file: ActFile) -> Sentence:
    error = file.verification["error"]
    reason = Sentence.from_json(error.get("sentence")) or error.get("message", "")
    return Sentence(_NOT_MADE, {"reason": reason})
