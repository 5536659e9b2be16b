"""The folder of a dataset of ``parvis export-all``, read back by ``parvis import``: its rows, its card, its documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from django.core.files.base import File

from parvis.config.cli.main import report
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import put_attachment
from parvis.hub.catalogue.selectors import dataset as dataset_called

ROWS: Final = "donnees.csv"
CARD: Final = "fiche.json"
PACKAGE: Final = "datapackage.json"
DOCUMENTS: Final = "pieces-jointes.json"


def is_exported(folder: Path) -> bool:
    """Whether it is such a folder, and has rows."""
    return (folder / PACKAGE).is_file() and (folder / ROWS).is_file()


def bring_documents(folder: Path, dataset_id: str) -> None:
    """Attach the documents that the folder lists, each in place of the one of its address; what one is refused for is said."""
    try:
        listed = json.loads((folder / DOCUMENTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    dataset = dataset_called(OPERATOR, dataset_id)
    for row in listed:
        path = (folder / str(row["fichier"])).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            continue
        try:
            with path.open("rb") as stream:
                put_attachment(OPERATOR, dataset, str(row["titre"]), path.name, File(stream, path.name))
        except ParvisError as error:
            report(error, as_json=False)
