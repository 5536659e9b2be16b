"""The folder of a version on the disk: written apart, synchronised, then named in one step."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import duckdb

from parvis.core.errors import OperationError
from parvis.core.text import fold

PARTIAL = ".partial"
"""Ending of a folder that is not a version yet."""

_CHUNK = 1 << 20


class WriteFailed(OperationError):
    """The disk or the memory of the machine did not let the version be written; nothing of it is left."""

    code: ClassVar[str] = "version-write"
    fr: ClassVar[str] = "La nouvelle version n’a pas pu être écrite : {reason}."
    en: ClassVar[str] = "The new version could not be written: {reason}."
    hint_fr: ClassVar[str] = "La version précédente est intacte. Vérifiez la place sur le disque, puis recommencez."
    hint_en: ClassVar[str] = "The former version is untouched. Check the space left on the disk, then try again."


def clean_partial(destination: Path) -> int:
    """Remove what interrupted writings left in a folder of versions; how many were removed. Call it when nobody writes there."""
    leftovers = list(destination.glob(f"*{PARTIAL}")) if destination.is_dir() else []
    for folder in leftovers:
        shutil.rmtree(folder, ignore_errors=True)
    return len(leftovers)


@contextmanager
def new_folder(destination: Path, version: str) -> Iterator[Path]:
    """A folder to fill, which bears its final name only if all went well; removed whole when anything failed.

    WriteFailed when the machine could not write (disk full, memory, rights).
    """
    partial, final = destination / f"{version}{PARTIAL}", destination / version
    try:
        if final.exists():
            raise WriteFailed(reason=f"« {version} » existe déjà")
        partial.mkdir(parents=True)
        yield partial
        synchronise(partial)
        partial.rename(final)
        synchronise_folder(destination)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise WriteFailed(reason=_reason(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _reason(error: Exception) -> str:
    text = str(error)
    if "No space left" in text:
        return "le disque est plein"
    if isinstance(error, duckdb.OutOfMemoryException):
        return "la mémoire accordée ne suffit pas"
    return text.splitlines()[0]


def synchronise(folder: Path) -> None:
    """Bring every file and folder under ``folder`` to the disk."""
    for root, _, files in folder.walk(top_down=False):
        for file in files:
            with (root / file).open("rb") as stream:
                os.fsync(stream.fileno())
        synchronise_folder(root)


def synchronise_folder(folder: Path) -> None:
    """Bring the names that stand in ``folder`` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
