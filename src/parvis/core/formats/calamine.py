"""Calamine, loaded when a workbook is opened: that happens in confined children, and the processes that answer never load it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.formats.refusals import BrokenFile, EncryptedFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


@contextmanager
def open_workbook(path: Path, kind: str, name: str) -> Iterator[CalamineWorkbook]:
    """The workbook at ``path``, closed at the end; EncryptedFile or BrokenFile, also for what fails while it is read."""
    import python_calamine as library  # noqa: PLC0415 - see above

    try:
        book = library.CalamineWorkbook.from_path(str(path))
        try:
            yield book
        finally:
            book.close()
    except library.PasswordError as error:
        raise EncryptedFile(file=name) from error
    except (library.CalamineError, OSError) as error:
        raise BrokenFile(file=name, format=kind.upper(), reason=str(error)[:300]) from error
