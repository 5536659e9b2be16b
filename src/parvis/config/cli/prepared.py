"""The database of a new instance as all migrations leave it, made once when Parvis is built.

Three hundred migrations, most of them Wagtail's, take twenty seconds of processor time on SQLite; a copy takes none.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

from django.apps import apps

from parvis import __version__

FOLDER = Path(__file__).resolve().parent / "built"
"""Where the build puts it; absent from a checkout that was not built, whose databases the migrations make."""


def migrations_digest() -> str:
    """Every migration of this release, by its name, in one digest (hexadecimal)."""
    names = [__version__]
    for app in apps.get_app_configs():
        names += sorted(f"{app.label}.{path.name}" for path in Path(app.path, "migrations").glob("0*.py"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def prepared_database() -> Path:
    """The file of the empty database for the migrations of this release, there or not."""
    return FOLDER / f"empty-{migrations_digest()[:16]}.sqlite3.gz"


def keep_empty_database(database: Path) -> Path:
    """Keep a copy of a database that was just migrated, in place of those of other releases."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    whole = FOLDER / "empty.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("VACUUM INTO ?", [str(whole)])
    connection.close()
    target = prepared_database()
    with gzip.GzipFile(target, "wb", mtime=0) as stream:
        stream.write(whole.read_bytes())
    whole.unlink()
    return target


def put_empty_database(target: Path) -> bool:
    """Put the empty database where there is none, all at once; False when a file is there or none was prepared."""
    source = prepared_database()
    if target.exists() or not source.exists():
        return False
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    with gzip.open(source) as stream, part.open("wb") as written:
        shutil.copyfileobj(stream, written)
        written.flush()
        os.fsync(written.fileno())
    part.replace(target)
    return True
