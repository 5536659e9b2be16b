"""The instance a command works on: found, created, brought up to date."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import django
from django.conf import settings
from django.db import connection

from parvis.config.cli.prepared import migrations_digest, put_empty_database
from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop
from parvis.hub import conf, file_modes


class NoInstance(OperationError):
    """There is no instance where one was looked for."""

    code: ClassVar[str] = "no-instance"
    sentence: ClassVar[str] = gettext_noop("Il n’y a pas d’instance dans « {folder} ».")
    advice: ClassVar[str] = gettext_noop("Créez-la : parvis init (ou parvis demo) ; PARVIS_HOME dit où elle est.")


STAMP = "schema"
"""File of the home that tells which migrations its database has had, so that most starts need not ask."""


def open_instance(*, may_create: bool) -> None:
    """Set Django up on the home, its database at this release's schema; NoInstance when absent and not to be created."""
    folder = conf.home()
    if not (folder / STAMP).exists() and not may_create and not _has_database(folder):
        raise NoInstance(folder=folder)
    file_modes.write_for_owner_only()
    folder.mkdir(parents=True, exist_ok=True)
    file_modes.close_to_others(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
    gc.disable()  # what is loaded stays: looked through again and again while it comes, it costs a seventh of the start
    django.setup()
    gc.freeze()
    gc.enable()
    _upgrade(folder)


def _has_database(folder: Path) -> bool:
    return (folder / "parvis.sqlite3").exists() or bool(conf.read_settings(folder)["PARVIS_DATABASE_URL"])


def _upgrade(folder: Path) -> None:
    stamp = folder / STAMP
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint and _has_tables(folder):
        return
    with alone(folder, "upgrade"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint and _has_tables(folder):
            return
        if not (connection.vendor == "sqlite" and put_empty_database(Path(settings.DATABASES["default"]["NAME"]))):
            if sys.stderr.isatty():
                print("Préparation de la base…", file=sys.stderr)
            from django.core.management import call_command  # noqa: PLC0415 most starts migrate nothing

            call_command("migrate", verbosity=0, interactive=False)
            from parvis.hub.accounts.rules import OPERATOR  # noqa: PLC0415 models, once Django is set up
            from parvis.hub.territories.services import upgrade_reference  # noqa: PLC0415

            upgrade_reference(OPERATOR)
        stamp.write_text(fingerprint, encoding="utf-8")


def _has_tables(folder: Path) -> bool:
    """False when the database was changed or lost since the stamp was written."""
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        return path.exists() and path.stat().st_size > 0
    return "django_migrations" in connection.introspection.table_names()


def _fingerprint() -> str:
    """The database's address and every migration of this release, in one digest."""
    database = settings.DATABASES["default"]
    names = [migrations_digest(), str(database["NAME"]), database.get("HOST", "")]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


@contextmanager
def alone(folder: Path, task: str) -> Iterator[None]:
    """One process at a time does ``task`` in the home of an instance; the others wait."""
    with (folder / f"{task}.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
