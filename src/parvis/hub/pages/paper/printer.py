"""From nodes to a PDF: a confined child sets them in bounded time, since what editors write decides how long it takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from parvis import __version__
from parvis.core.children import ChildUnavailable, Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call
from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.core.typesetting import FONTS, page_words, set_page

SECONDS = 30.0
"""Longest wait for a PDF."""
MEMORY = 2 * 1024**3
DISK = 200_000_000
"""What its typesetter may take and write, in bytes."""

_TEMPLATE = Path(__file__).resolve().parent / "page.typ"


class PrintingFailed(OperationError):
    """The typesetter did not answer in time, or not with a PDF."""

    code: ClassVar[str] = "page-pdf"
    sentence: ClassVar[str] = gettext_noop("Le PDF de la page n’a pas pu être fait : {reason}.")
    advice: ClassVar[str] = gettext_noop("Réessayez dans un instant, ou imprimez la page depuis votre navigateur.")


class PrintingBusy(OperationError):
    """As many PDFs as the server makes at once are being made."""

    code: ClassVar[str] = "page-pdf-busy"
    sentence: ClassVar[str] = gettext_noop("D’autres pages sont en train d’être mises en PDF.")
    advice: ClassVar[str] = gettext_noop("Réessayez dans un instant, ou imprimez la page depuis votre navigateur.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as its typesetter takes it: words, nodes (``nodes``), and pictures by the name of their file."""

    title: str
    introduction: str = ""
    theme: str = ""
    site: str = ""
    footer: str = ""
    accent: str = "#0b5a60"
    language: str = "fr"
    about: tuple[str, ...] = ()
    nodes: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What two sheets that give the same PDF have in common: all that is on them, and how it is set."""
        digest = hashlib.sha256(f"{__version__} {self.words}".encode())
        for name, picture in sorted(self.pictures.items()):
            digest.update(name.encode() + picture)
        return f"sheet-{digest.hexdigest()}"

    @property
    def words(self) -> str:
        """All but the pictures, as the typesetter reads it."""
        body = {name: getattr(self, name) for name in self.__slots__ if name != "pictures"}
        return page_words(body, self.language)


def printed(sheet: Sheet, work: Path) -> bytes:
    """The PDF/UA of a sheet; PrintingFailed when it does not come. ``work`` is where a folder may stand meanwhile."""
    with TemporaryDirectory(dir=work) as name:
        folder = Path(name)
        for file, picture in sheet.pictures.items():
            (folder / file).write_bytes(picture)
        (folder / "page.json").write_text(sheet.words, encoding="utf-8")
        return _set(folder)


def _set(folder: Path) -> bytes:
    permits = Permits("PDF", (_TEMPLATE, FONTS), (folder,), SECONDS, MEMORY, DISK)
    try:
        call(set_page, folder, _TEMPLATE, FONTS, permits=permits)
        return (folder / "page.pdf").read_bytes()
    except ReadingTooLong as error:
        raise PrintingFailed(reason=f"{SECONDS:.0f} s") from error
    except (ReadingFailed, ReadingTooLarge, ChildUnavailable, OSError) as error:
        raise PrintingFailed(reason=type(error).__name__) from error
