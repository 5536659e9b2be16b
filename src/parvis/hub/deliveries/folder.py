"""A folder of the server where senders leave files, by SFTP for instance: each sub-folder is that of an expected delivery.

What is taken is moved to ``recus/``, what is refused to ``refuses/`` with the reason beside it in a text file. A file that is still
being written, or that a program has not renamed yet, is left alone.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from parvis.core.errors import ParvisError, stored_error
from parvis.hub.datastore.services import append, open_deposit
from parvis.hub.deliveries.models import Delivery, Expectation
from parvis.hub.deliveries.services import SENDER, deliver

TAKEN: Final = "recus"
REFUSED: Final = "refuses"
MOVED: Final = "moved"
"""Among the facts of a delivery: the name of its file once it was taken."""
QUIET: Final = 30.0
"""Seconds for which a file must not have changed: a transfer that stalls for less is not over."""
MOST_AT_ONCE: Final = 20
UNFINISHED: Final = frozenset({".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp"})
"""Endings that programs give to what they are still writing."""

logger = logging.getLogger("parvis.deliveries")


def look_in_folder() -> int:
    """Take what waits in the folder of ``PARVIS_DELIVERIES_FOLDER``; how many files were looked at. Nothing without one."""
    root = settings.PARVIS["PARVIS_DELIVERIES_FOLDER"]
    if not root or not Path(root).is_dir():
        return 0
    count = 0
    for expectation in Expectation.objects.filter(active=True).select_related("dataset__organisation"):
        for path in _waiting(Path(root) / expectation.slug):
            if count >= MOST_AT_ONCE:
                return count
            count += 1
            _take(expectation, path)
    return count


def _take(expectation: Expectation, path: Path) -> None:
    try:
        with path.open("rb") as stream:
            deposit = open_deposit(SENDER, path.name, path.stat().st_size, source=path.name)
            append(SENDER, deposit, 0, stream)
        with transaction.atomic():  # no worker reads it before it is known where it was moved
            delivery = deliver(expectation, deposit, "folder")
            delivery.facts = {**delivery.facts, MOVED: _move(path, path.parent / TAKEN).name}
            delivery.save(update_fields=["facts"])
    except ParvisError as error:
        logger.warning("%s is not taken: %s", path.name, error.code)
        _refuse(path, path.parent / REFUSED, error.message("fr"), error.hint("fr"))


def refuse(delivery: Delivery) -> None:
    """Move a file that was taken and could not be read among those that are refused, the reason beside it; nothing when it is gone."""
    root, name = settings.PARVIS["PARVIS_DELIVERIES_FOLDER"], delivery.facts.get(MOVED)
    folder = Path(root or "", delivery.expectation.slug)
    if not root or not name or not (folder / TAKEN / name).is_file():
        return
    try:
        _refuse(folder / TAKEN / name, folder / REFUSED, *stored_error(delivery.error, "fr"))
    except OSError as error:  # who leaves files there may have closed it
        logger.warning("%s is not moved: %s", name, error)


def _refuse(path: Path, folder: Path, message: str, hint: str) -> None:
    target = _move(path, folder)
    target.with_name(f"{target.name}.txt").write_text(f"{message}\n{hint}\n", encoding="utf-8")


def _waiting(folder: Path) -> Iterator[Path]:
    """Plain files that nobody writes any more, the first left first; links are not followed."""
    if not folder.is_dir() or folder.is_symlink():
        return
    now = time.time()
    paths = [path for path in folder.iterdir() if _is_plain(path)]
    for path in sorted(paths, key=lambda path: path.stat().st_mtime):
        if now - path.stat().st_mtime >= QUIET:
            yield path


def _is_plain(path: Path) -> bool:
    is_hidden = path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED
    return path.is_file() and not path.is_symlink() and not is_hidden


def _move(path: Path, folder: Path) -> Path:
    """Where the file is afterwards; nothing that is there is written over."""
    target = folder / path.name
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    shutil.move(path, target)
    return target
