"""``parvis restore``: an instance back from its archive."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
import zlib
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from parvis.config.cli.age import IdentityNeeded, decrypting, identities_of, is_encrypted
from parvis.core.errors import DataError, NotFound, RequestError
from parvis.core.store import ROOMS, Store
from parvis.core.translation import gettext_noop
from parvis.hub import conf, file_modes
from parvis.hub.store import store_at

DATABASE = "parvis.sqlite3"
LABEL = "parvis-backup.json"
"""Tells the format of the archive, when it was made, and how many versions it must hold."""
FORMAT = 1


class NotABackup(DataError):
    """The file is no archive of an instance, or not a whole one."""

    code: ClassVar[str] = "not-a-backup"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas une sauvegarde entière de Parvis : {reason}.")


class HomeInUse(RequestError):
    """There already is an instance where the archive should go."""

    code: ClassVar[str] = "home-in-use"
    sentence: ClassVar[str] = gettext_noop("Il y a déjà une instance dans « {folder} ».")
    advice: ClassVar[str] = gettext_noop("Donnez un autre dossier par PARVIS_HOME, ou déplacez celui-ci d’abord.")


def run(args: Namespace) -> None:
    """Unpack the archive beside the home, check that it is whole, then name it in one step."""
    home, source = conf.home(), Path(args.file)
    if not source.is_file():
        raise NotFound(name=str(source))
    if home.exists() and any(home.iterdir()):
        raise HomeInUse(folder=home)
    file_modes.write_for_owner_only()
    home.parent.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        label = unpack(source, unpacked, Path(args.identity) if args.identity else None)
        url = conf.read_settings(unpacked)["PARVIS_STORAGE_URL"]
        if url:
            _store_elsewhere(unpacked, url, store_at(url, home))
        if home.exists():
            home.rmdir()
        unpacked.rename(home)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    facts = {"home": str(home), "versions": label["versions"], "created": label["created"]}
    if args.json:
        print(json.dumps(facts))
    else:
        print(f"Instance reprise dans {home} : {label['versions']} versions, sauvegarde du {label['created']}.")
        print("Ensuite : parvis doctor, parvis serve")


def unpack(source: Path, folder: Path, identity: Path | None = None) -> dict[str, Any]:
    """Unpack an archive into an empty folder and check it; its label. NotABackup when anything is not as it must be.

    An encrypted one is read as it is decrypted, without a second copy on the disk.
    """
    try:
        with _opened(source, identity) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
            archive.extractall(folder, filter=_for_owner_only)  # noqa: S202 it calls Python’s own filter
        label = json.loads((folder / LABEL).read_text(encoding="utf-8"))
    except (tarfile.TarError, EOFError, zlib.error, FileNotFoundError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, FileNotFoundError):
            raise
        raise NotABackup(file=source.name, reason=str(error) or type(error).__name__) from error
    if label.get("format") != FORMAT or not (folder / DATABASE).is_file():
        raise NotABackup(file=source.name, reason="sa forme est inconnue")
    version_count = len(list(folder.glob("datasets/*/versions/*/manifest.json")))
    if version_count != label["versions"]:
        raise NotABackup(file=source.name, reason=f"{version_count} versions sur {label['versions']}")
    (folder / LABEL).unlink()
    return label


def _store_elsewhere(unpacked: Path, url: str, files: Store) -> None:
    """Move what is not of the home where the settings say it is; HomeInUse when another instance has its files there."""
    if any(files.children(room) for room in ROOMS):
        raise HomeInUse(folder=url)
    for version in unpacked.glob("datasets/*/versions/*"):
        files.commit(version, version.relative_to(unpacked).as_posix())
    files_of = ("media/**/*", "datasets/*/rowlog/*")
    for path in [path for pattern in files_of for path in unpacked.glob(pattern) if path.is_file()]:
        files.put(path.relative_to(unpacked).as_posix(), path)
    for room in ROOMS:
        shutil.rmtree(unpacked / room, ignore_errors=True)


@contextmanager
def _opened(source: Path, identity: Path | None) -> Iterator[BinaryIO]:
    if not is_encrypted(source):
        with source.open("rb") as stream:
            yield stream
        return
    if identity is None:
        raise IdentityNeeded(file=source.name)
    with decrypting(source, identities_of(identity)) as stream:
        yield stream


def _for_owner_only(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
    """Python's filter for archives of strangers; and nobody else reads what comes out, whatever modes were saved."""
    checked = tarfile.data_filter(member, path)
    return checked.replace(mode=0o700 if checked.isdir() else 0o600, deep=False)
