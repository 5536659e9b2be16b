"""``parvis backup``: a whole instance in one archive."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ClassVar

from django.conf import settings
from django.db import connection

from parvis import __version__
from parvis.config.cli.age import encrypting, make_identity, recipients_of
from parvis.config.cli.files import whole_file
from parvis.config.cli.progress import Bar
from parvis.config.cli.restore import DATABASE, FORMAT, LABEL
from parvis.core.errors import NotFound, OperationError, RequestError
from parvis.core.store import Store
from parvis.core.translation import gettext_noop
from parvis.hub.store import rowlog_name, store, stored_manifest, version_name

ALONE = ("parvis.toml", "secret-key", "schemas")
"""What is taken from the home as it is, besides the database, the media and the versions it names. Received files not yet imported
are not."""
SESSIONS = ("django_session", "usersessions_usersession")
"""Tables that a backup leaves empty."""
TURNS = 3
LEVEL = 1
"""Of gzip: the Parquet files are already compressed."""


class NotSQLite(RequestError):
    """The instance's database is not in its home."""

    code: ClassVar[str] = "backup-database"
    sentence: ClassVar[str] = gettext_noop(
        "parvis backup ne sauvegarde que les instances sur SQLite ; celle-ci est sur {vendor}."
    )
    advice: ClassVar[str] = gettext_noop("Sauvegardez la base avec pg_dump, puis copiez le dossier de l’instance.")


class NoFile(RequestError):
    """Where to write was not said."""

    code: ClassVar[str] = "backup-file"
    sentence: ClassVar[str] = gettext_noop("Dites où écrire la sauvegarde.")
    advice: ClassVar[str] = gettext_noop("parvis backup sauvegarde.tar.gz")


class ChangingTooMuch(OperationError):
    """Versions were removed while they were being saved."""

    code: ClassVar[str] = "backup-changing"
    sentence: ClassVar[str] = gettext_noop("L’instance a changé pendant la sauvegarde.")
    advice: ClassVar[str] = gettext_noop("Recommencez à un moment plus calme.")


def run(args: Namespace) -> None:
    """Write the archive under its name only once whole; it can be done while the portal serves."""
    if args.make_identity:
        _make_identity(args)
        return
    if args.file is None:
        raise NoFile
    if connection.vendor != "sqlite":
        raise NotSQLite(vendor=connection.vendor)
    target, recipients = Path(args.file), recipients_of(settings.PARVIS["PARVIS_BACKUP_RECIPIENTS"])
    if recipients and target.suffix != ".age":
        target = target.with_name(f"{target.name}.age")
    for _turn in range(TURNS):
        # NotFound: a version or a picture was removed meanwhile.
        with suppress(NotFound), whole_file(target, private=True) as stream:
            if recipients:
                with encrypting(stream, recipients) as writer:
                    versions = write_archive(writer, settings.PARVIS_HOME, store())
            else:
                versions = write_archive(stream, settings.PARVIS_HOME, store())
            break
    else:
        raise ChangingTooMuch
    facts = {"file": str(target), "bytes": target.stat().st_size, "versions": versions, "encrypted": bool(recipients)}
    size = f"{facts['bytes'] / 1e6:.1f}".replace(".", ",")
    print(json.dumps(facts) if args.json else f"Sauvegarde : {target} ({versions} versions, {size} Mo)")
    if not recipients and not args.json:
        print("Elle n’est pas chiffrée et contient la clé secrète : voir PARVIS_BACKUP_RECIPIENTS.")


def _make_identity(args: Namespace) -> None:
    """A pair of keys: the secret one in a file, to be kept elsewhere than backups; the public one, for the settings."""
    path = Path(args.make_identity)
    public = make_identity(path)
    if args.json:
        print(json.dumps({"identity": str(path), "recipient": public}))
        return
    print(f"Clé secrète : {path} (gardez-la loin du serveur : sans elle, aucune sauvegarde ne se lit)")
    print(f'Clé publique, pour parvis.toml : PARVIS_BACKUP_RECIPIENTS = ["{public}"]')


def write_archive(stream: BinaryIO, home: Path, files: Store) -> int:
    """Write the archive of an instance; how many versions it holds. NotFound when something is removed meanwhile.

    The database is copied first, in one consistent instant; then the versions it names, which never change, and the logs of pushed rows,
    which only grow.
    """
    with tempfile.TemporaryDirectory(dir=home, prefix="backup-") as name:
        copy = Path(name) / DATABASE
        copy_database(home / DATABASE, copy)
        versions = list(_versions(copy))
        label = {"format": FORMAT, "parvis": __version__, "created": datetime.now(UTC).isoformat(timespec="seconds")}
        bar = Bar("Sauvegarde")
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=LEVEL) as archive:
            _add_text(archive, LABEL, json.dumps({**label, "versions": len(versions)}))
            archive.add(copy, DATABASE)
            for alone in ALONE:
                if (home / alone).exists():
                    archive.add(home / alone, alone)
            for name in files.walk("media"):
                _add_stored(archive, files, name)
            for rank, version in enumerate(versions):
                bar("write", rank, len(versions))
                stored_manifest(files, version)
                for name in files.walk(version):
                    _add_stored(archive, files, name)
            # After the database: what was pushed since is there too, and lies over the versions that it names.
            for uid in files.children("datasets"):
                for name in files.walk(rowlog_name(uid)):
                    _add_stored(archive, files, name)
        bar.close()
    return len(versions)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database in use, without anybody's session: anyone who reads it signs in as nobody."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        for table in SESSIONS:
            copy.execute(f"DELETE FROM {table}")
        copy.execute("VACUUM")  # deleted rows are still in the file until then, those of past sessions too


def _versions(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as copy:
        rows = copy.execute(
            "SELECT d.uid, v.name FROM catalogue_version v JOIN catalogue_dataset d ON d.id = v.dataset_id ORDER BY v.name"
        )
        for uid, name in rows:
            yield version_name(uid, name)


def _add_stored(archive: tarfile.TarFile, files: Store, name: str) -> None:
    row = tarfile.TarInfo(name)
    with files.open(name) as stream:
        row.size, row.mtime, row.mode = stream.seek(0, io.SEEK_END), int(files.stat(name).changed), 0o600
        stream.seek(0)
        archive.addfile(row, stream)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    body = text.encode()
    row = tarfile.TarInfo(name)
    row.size = len(body)
    archive.addfile(row, io.BytesIO(body))
