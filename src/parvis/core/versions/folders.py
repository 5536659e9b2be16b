"""The work folder of a version: filled apart, synchronised, then named in one step."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import duckdb

from parvis.core.errors import OperationError
from parvis.core.store.folder import synchronise, synchronise_folder
from parvis.core.text import fold
from parvis.core.translation import gettext_noop

PARTIAL = ".partial"
"""Ending of a folder that is not a version yet."""

_CHUNK = 1 << 20

logger = logging.getLogger("parvis.versions")


class WriteFailed(OperationError):
    """The machine did not let the version be written; nothing of it is left. The reason of the system is in the log."""

    code: ClassVar[str] = "version-write"
    sentence: ClassVar[str] = gettext_noop("La nouvelle version n’a pas pu être écrite.")
    advice: ClassVar[str] = gettext_noop(
        "La version précédente est intacte. Vérifiez la place sur le disque, puis recommencez."
    )


class DiskFull(WriteFailed):
    """No room is left where versions are stored."""

    code: ClassVar[str] = "version-disk-full"
    sentence: ClassVar[str] = gettext_noop("La nouvelle version n’a pas pu être écrite : le disque est plein.")


class MemoryShort(WriteFailed):
    """The version needs more memory than its writing may take."""

    code: ClassVar[str] = "version-memory"
    sentence: ClassVar[str] = gettext_noop(
        "La nouvelle version n’a pas pu être écrite : la mémoire accordée ne suffit pas."
    )


class RowsLost(WriteFailed):
    """The file written does not hold as many rows as were read."""

    code: ClassVar[str] = "version-rows-lost"
    sentence: ClassVar[str] = gettext_noop(
        "La nouvelle version n’a pas pu être écrite : {written} lignes écrites pour {read} lues."
    )


class AlreadyWritten(WriteFailed):
    """A folder has that name already: versions never change, so it is left as it is."""

    code: ClassVar[str] = "version-exists"
    sentence: ClassVar[str] = gettext_noop("Cette version existe déjà.")


def version_of(name: str) -> str:
    """The version that a folder of that name holds or was being filled for."""
    return name.partition(".")[0] if name.endswith(PARTIAL) else name


@contextmanager
def new_folder(destination: Path, version: str, *, synchronised: bool = True) -> Iterator[Path]:
    """A folder to fill, which has its final name only if all went well; removed whole when anything failed.

    Any number of processes may try the same name at once: each fills a folder of its own, the first to finish gives it the
    name, the others get AlreadyWritten. WriteFailed when the machine could not write (disk full, memory, rights).
    Not ``synchronised``, it is not on the disk for sure yet: whoever stores it somewhere else sees to that.
    """
    final = destination / version
    if final.exists():
        raise AlreadyWritten
    # Of this call alone: what another caller is filling must not be taken for a failure, nor removed.
    partial = destination / f"{version}.{secrets.token_hex(6)}{PARTIAL}"
    try:
        partial.mkdir(parents=True)
        yield partial
        if synchronised:
            synchronise(partial)
        take_name(partial, final)
        if synchronised:
            synchronise_folder(destination)
    except (OSError, *_MACHINE) as error:
        raise write_failure(error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def take_name(partial: Path, final: Path) -> None:
    """Give a folder its final name; AlreadyWritten when another has it."""
    try:
        partial.rename(final)
    except OSError as error:
        if final.exists():
            raise AlreadyWritten from error
        raise


_MACHINE = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.InterruptException)


@contextmanager
def failures_told() -> Iterator[None]:
    """Have what the machine refuses while files are written told as WriteFailed."""
    try:
        yield
    except (OSError, *_MACHINE) as error:
        raise write_failure(error) from error


def write_failure(error: OSError | duckdb.Error) -> WriteFailed:
    """What may be said of a failure: the words of the system hold paths, so they go to the log alone."""
    logger.error("A version could not be written: %s", error)
    if "No space left" in str(error):
        return DiskFull()
    return MemoryShort() if isinstance(error, duckdb.OutOfMemoryException) else WriteFailed()


def safe_name(name: str) -> str:
    """A file name made of letters, digits, dots, hyphens and underscores, whatever ``name`` holds; never hidden nor empty."""
    bare = re.split(r"[/\\]", name)[-1]
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", fold(bare)).strip(".-") or "fichier"
    stem, dot, ending = words.rpartition(".")
    if dot and len(ending) <= 12:
        return f"{stem[:100]}.{ending}"
    return words[:112]


def copy_with_digest(source: Path, target: Path) -> str:
    """Copy byte for byte, in constant memory; the SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
