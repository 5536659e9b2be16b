"""A version made by a confined child becomes one of the house: everything it says of itself is looked at again first.

The child has read a stranger's file. What it left is taken only if it is what a version is made of and nothing else, the original
that it tells of is the file received, its parts are those that the manifest tells, and the manifest is the one that came back and
was checked field by field: it is written here, not taken from the child. So is the original, which the child does not copy.
"""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path
from typing import ClassVar

from parvis.core.errors import DataError
from parvis.core.store import AlreadyStored, Store
from parvis.core.translation import gettext_noop
from parvis.core.versions.folders import AlreadyWritten, file_digest, safe_name, write_failure
from parvis.core.versions.manifest import MANIFEST, Manifest, write_manifest
from parvis.core.versions.writer import DELIVERED, FAILED, NULLED, OVERLAID, REJECTED

_PART = re.compile(r"part-\d{1,6}\.parquet")


class VersionIncomplete(DataError):
    """What was made of a file is not what was told of it."""

    code: ClassVar[str] = "version-not-whole"
    sentence: ClassVar[str] = gettext_noop(
        "La version faite de « {file} » n’est pas celle qui était annoncée : elle est refusée."
    )
    advice: ClassVar[str] = gettext_noop(
        "Recommencez ; si cela se répète, ce fichier met en échec les programmes qui le lisent."
    )


def adopt(made: Path, store: Store, folder: str, manifest: Manifest, *, original: Path, name: str) -> None:
    """Store the work folder ``made`` in ``folder`` by the name of its version; VersionIncomplete when it is not as told,
    AlreadyWritten, WriteFailed.

    ``original`` is the file received, called ``name`` by people: a file of the house's own, in which nobody writes any more, since
    it has the version for a second name where the disk is the same.
    """
    expected = {MANIFEST, *(part.file for part in manifest.parts)}
    optional = {REJECTED, FAILED, NULLED, OVERLAID, DELIVERED}
    files = {str(path.relative_to(made)) for path in made.rglob("*") if path.is_symlink() or not path.is_dir()}
    is_a_version = (
        manifest.version == made.name
        and bool(manifest.parts)
        and all(_PART.fullmatch(part.file) and part.rows >= 0 for part in manifest.parts)
        and manifest.original.file == f"original/{safe_name(name)}"
        and sum(part.rows for part in manifest.parts) == manifest.rows
        and expected <= files <= expected | optional
        and all(stat.S_ISREG((made / file).lstat().st_mode) and (made / file).lstat().st_nlink == 1 for file in files)
    )
    if not is_a_version or not _matches_manifest(made, manifest, original):
        raise VersionIncomplete(file=name)
    try:
        _add_original(made / manifest.original.file, original)
        write_manifest(made, manifest, synchronised=False)  # the store synchronises all of it
        store.commit(made, f"{folder}/{manifest.version}")
    except AlreadyStored as error:
        raise AlreadyWritten from error
    except OSError as error:
        raise write_failure(error) from error


def _add_original(target: Path, original: Path) -> None:
    target.parent.mkdir()
    try:
        target.hardlink_to(original)
    except OSError:  # another disk, or one without links
        shutil.copyfile(original, target)


def _matches_manifest(made: Path, manifest: Manifest, original: Path) -> bool:
    return (
        manifest.original.sha256 == file_digest(original)
        and manifest.original.bytes == original.stat().st_size
        and all(
            part.bytes == (made / part.file).stat().st_size and part.sha256 == file_digest(made / part.file)
            for part in manifest.parts
        )
    )
