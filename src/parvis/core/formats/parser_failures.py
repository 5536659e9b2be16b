"""Whatever a library of formats raises on a file that is not as it should be, told as a refusal."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers.expat import ExpatError

from parvis.core.formats.refusals import BrokenFile

FAILURES: tuple[type[Exception], ...] = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, ExpatError,  # what is read
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, NameError,  # what is made of it
    SyntaxError,  # errors of XML, in openpyxl
    NotImplementedError, RuntimeError, RecursionError, MemoryError,  # what is too much
)  # fmt: skip
"""zipfile seeks before the beginning (OSError), pyogrio names a variable that it never set (NameError), openpyxl all of the others."""

_PANIC = "PanicException"
"""What a library in Rust raises when it gives up; no Exception, and its class cannot be imported."""


@contextmanager
def broken_file(name: str, format_: str, *more: type[Exception]) -> Iterator[None]:
    """BrokenFile for the failures of the libraries called inside, ``more`` being their own; only they may be called inside."""
    try:
        yield
    except (*FAILURES, *more) as error:
        raise BrokenFile(file=name, format=format_, reason=_reason(error)) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise BrokenFile(file=name, format=format_, reason=_reason(error)) from None


def _reason(error: BaseException) -> str:
    """Its first line; a name for those that say nothing."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:300].rstrip(".")
