"""Setting a paper: its facts as JSON, its template, a confined child."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

from parvis.core.children import ChildUnavailable, Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.core.typesetting import FONTS, page_words, set_page

SECONDS = 60.0
MEMORY = 2 * 1024**3
DISK = 200_000_000
"""What the typesetter may take of time, memory and disk."""

MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class PaperFailed(OperationError):
    """The typesetter did not answer in time, or not with a PDF."""

    code: ClassVar[str] = "act-paper"
    sentence: ClassVar[str] = gettext_noop("Le document n’a pas pu être mis en page : {reason}.")
    advice: ClassVar[str] = gettext_noop("Réessayez dans un instant.")


def printed(facts: dict[str, Any], template: Path, work: Path) -> bytes:
    """The PDF/UA that ``template`` makes of ``facts``; PaperFailed. ``work`` is where a folder may stand meanwhile."""
    with TemporaryDirectory(dir=work) as name:
        folder = Path(name)
        (folder / "page.json").write_text(page_words(facts), encoding="utf-8")
        permits = Permits("PDF", (template, FONTS), (folder,), SECONDS, MEMORY, DISK)
        try:
            call(set_page, folder, template, FONTS, permits=permits)
            return (folder / "page.pdf").read_bytes()
        except ReadingTooLong as error:
            raise PaperFailed(reason=f"{SECONDS:.0f} s") from error
        except (ReadingFailed, ReadingTooLarge, ChildUnavailable, OSError) as error:
            raise PaperFailed(reason=type(error).__name__) from error


def day_words(day: date) -> str:
    """« 1er mars 2024 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
