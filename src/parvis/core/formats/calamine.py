"""Calamine, loaded when a workbook is opened: that happens in confined children, and the processes that answer never load it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.core.formats.parser_failures import broken_file
from parvis.core.formats.refusals import BrokenFile, EncryptedFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


@contextmanager
def open_workbook(path: Path, kind: str, name: str) -> Iterator[CalamineWorkbook]:
    """The workbook at ``path``, closed at the end; EncryptedFile or BrokenFile, also for what calamine refuses while it is read."""
    library = _library()
    try:
        with calamine_failures(kind, name):
            book = library.CalamineWorkbook.from_path(str(path))
    except BrokenFile as error:
        if isinstance(error.__cause__, library.PasswordError):
            raise EncryptedFile(file=name) from error
        raise
    try:
        yield book
    except library.CalamineError as error:
        raise BrokenFile(file=name, format=kind.upper(), reason=str(error)[:300]) from error
    finally:
        book.close()


def calamine_failures(kind: str, name: str) -> AbstractContextManager[None]:
    """BrokenFile for whatever calamine raises inside, its panics included; nothing else may be called inside."""
    return broken_file(name, kind.upper(), _library().CalamineError)


def _library() -> Any:
    import python_calamine  # noqa: PLC0415 - see above

    return python_calamine
