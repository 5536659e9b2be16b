"""A folder of the server where services leave their acts: each sub-folder is that of an organisation, named by its slug.

What is received is moved to ``deposes/``, what is refused to ``refuses/`` with the reason beside it in a text file; a sub-folder that is
nobody's is told so in itself.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.base import File

from parvis.core.errors import ParvisError
from parvis.domains.deliberations.deposit.receiving import deposit_act
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import organisations

RECEIVED: Final = "deposes"
REFUSED: Final = "refuses"
EXPLANATION: Final = "RIEN-NEST-DEPOSE.txt"
QUIET: Final = 10.0
"""Seconds for which a file must not have changed: the copy of a large one is over."""
MOST_AT_ONCE: Final = 50

logger = logging.getLogger("parvis.deliberations")


def look_in_folder() -> int:
    """Deposit what waits in the folder of ``PARVIS_ACTS_FOLDER``; how many files were looked at. Nothing without one."""
    root = settings.PARVIS["PARVIS_ACTS_FOLDER"]
    if not root:
        return 0
    count = 0
    owners = {organisation.slug: organisation for organisation in organisations()}
    _explain_others(Path(root), owners)
    for organisation in owners.values():
        for path in _waiting(Path(root) / organisation.slug):
            if count >= MOST_AT_ONCE:
                return count
            count += 1
            try:
                with path.open("rb") as stream:
                    deposit_act(OPERATOR, organisation, path.name, File(stream, name=path.name))
            except ParvisError as error:
                logger.warning("%s is not deposited: %s", path.name, error.code)
                reason = f"{error.message('fr')}\n{error.hint('fr')}\n"
                _move(path, REFUSED).with_suffix(f"{path.suffix}.txt").write_text(reason, encoding="utf-8")
            else:
                _move(path, RECEIVED)
    return count


def _explain_others(root: Path, slugs: Collection[str]) -> None:
    """Say, in each sub-folder that is nobody's and has files, that nothing of it is deposited."""
    if not root.is_dir():
        return
    for folder in root.iterdir():
        note = folder / EXPLANATION
        if (
            folder.name in slugs
            or folder.is_symlink()
            or not folder.is_dir()
            or note.exists()
            or not any(_waiting(folder))
        ):
            continue
        logger.warning("%s is the slug of no organisation: its files are not deposited.", folder.name)
        note.write_text(
            f"« {folder.name} » n’est l’adresse d’aucune organisation du portail : rien de ce dossier n’est déposé.\n"
            "Donnez-lui le nom que l’organisation a dans l’adresse de sa page, par exemple « commune-de-grigny ».\n",
            encoding="utf-8",
        )


def _waiting(folder: Path) -> Iterator[Path]:
    """Plain files that nobody writes any more, the first left first; links are not followed."""
    if not folder.is_dir():
        return
    now = time.time()
    paths = [
        path
        for path in folder.iterdir()
        if path.is_file() and not path.is_symlink() and path.name[0] != "." and path.name != EXPLANATION
    ]
    for path in sorted(paths, key=lambda path: path.stat().st_mtime):
        if now - path.stat().st_mtime >= QUIET:
            yield path


def _move(path: Path, folder: str) -> Path:
    """Where the file is afterwards; nothing that is there is written over."""
    target = path.parent / folder / path.name
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    shutil.move(path, target)
    return target
