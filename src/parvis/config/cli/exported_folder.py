"""The folders of ``parvis export-all``, read back by ``parvis import``: of each dataset its rows, its card, its documents."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File

from parvis.config.cli.main import report
from parvis.config.cli.organisations import find_organisation
from parvis.core.errors import NotFound, ParvisError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.services import save_organisation
from parvis.hub.catalogue.attachments import put_attachment
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import dataset as dataset_called

ROWS: Final = "donnees.csv"
CARD: Final = "fiche.json"
PACKAGE: Final = "datapackage.json"
DOCUMENTS: Final = "pieces-jointes.json"
FILE: Final = "dossier.json"
DATASETS, SUMMARY, ORGANISATIONS = "jeux", "export.json", "organisations/organisations.json"
OF_ORGANISATIONS: Final = ("slug", "name", "kind", "siren", "description", "website", "email")
PUBLISHED: Final = Status.PUBLISHED.value


class NoRowsInFolder(RequestError):
    """The folder of a dataset whose rows did not leave."""

    code: ClassVar[str] = "folder-without-rows"
    sentence: ClassVar[str] = gettext_noop("« {folder} » n’a pas de lignes ({file}) : rien n’en est importé.")
    advice: ClassVar[str] = gettext_noop(
        "C’est un jeu fédéré, un jeu qui n’a jamais eu de lignes, ou un export fait sans CSV."
    )


def named_places(places: Sequence[str]) -> Iterator[str]:
    """Each file or folder that is named; for a whole export, the folder of each of its datasets."""
    for place in places:
        if (Path(place) / SUMMARY).is_file() and (Path(place) / DATASETS).is_dir():
            folders = sorted(path.parent for path in (Path(place) / DATASETS).glob(f"*/{PACKAGE}"))
            yield from map(str, folders)
        else:
            yield place


def is_exported(folder: Path) -> bool:
    """Whether it is the folder of a dataset."""
    return (folder / PACKAGE).is_file()


def reading_of(folder: Path, args: Namespace) -> tuple[str, Namespace]:
    """The file of its rows, and how it is read: with its card, its rights, and no more in sight than it was; NoRowsInFolder."""
    rows = folder / ROWS
    if not rows.is_file():
        raise NoRowsInFolder(folder=folder, file=ROWS)
    own = Namespace(**vars(args))
    if own.metadata is None and (folder / CARD).is_file():
        own.metadata = str(folder / CARD)
    standing = _standing(folder)
    own.draft = own.draft or standing.get("status", PUBLISHED) != PUBLISHED
    if standing.get("access") in (Access.INTERNAL, Access.RESTRICTED):  # never wider than it is here
        own.access = own.access or standing["access"]
    if not own.organisation:
        own.organisation = _organisation(folder)
    if own.metadata is None:  # a draft that was never online
        own.dataset_id, own.title = own.dataset_id or standing.get("dataset_id"), own.title or standing.get("title")
    return str(rows), own


def _organisation(folder: Path) -> str | None:
    """The slug of who publishes the dataset, made here with what the export says of them: their address is then the same."""
    package = _read(folder / PACKAGE)
    names = [row.get("title") for row in _objects(package.get("contributors") if isinstance(package, dict) else ())]
    listed = _objects(_read(folder.parent.parent / ORGANISATIONS)) if names else []
    row = next((row for row in listed if row.get("name") == names[0]), None)
    if row is None:
        return None
    with suppress(NotFound):
        return find_organisation(str(names[0])).slug
    try:
        return save_organisation(OPERATOR, None, {name: row[name] for name in OF_ORGANISATIONS if row.get(name)}).slug
    except (ParvisError, ValidationError):  # changed by hand, or another one has this slug or number
        return None


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _objects(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _standing(folder: Path) -> Mapping[str, Any]:
    """What a full export says of its status and rights; a public one says nothing of them."""
    facts = _read(folder / FILE)
    return facts if isinstance(facts, dict) else {}


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
