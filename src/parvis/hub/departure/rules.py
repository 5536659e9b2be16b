"""What is chosen of an export of everything, names that every system takes, and what may go wrong: pure."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, ClassVar, Final

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor

TABLES: Final = ("csv", "parquet")
SHAPES: Final = ("geojson", "gpkg")
"""Formats of rows, the latter of those that have places."""
FORMATS: Final = (*TABLES, *SHAPES)

LONGEST_PART: Final = 100
"""Bytes of one part of a path: every system takes twice as many, and whole paths stay below what Windows takes."""

_REFUSED = frozenset('<>:"/\\|?*')
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")})


class FolderTaken(RequestError):
    """The folder holds something else."""

    code: ClassVar[str] = "export-folder-taken"
    sentence: ClassVar[str] = gettext_noop(
        "Le dossier « {folder} » n’est pas vide, et ce n’est pas un export de Parvis."
    )
    advice: ClassVar[str] = gettext_noop("Donnez un dossier vide ou qui n’existe pas encore.")


class OtherChoices(RequestError):
    """The folder is an export with other choices: what it holds and this one must not would stay for a while."""

    code: ClassVar[str] = "export-other-choices"
    sentence: ClassVar[str] = gettext_noop(
        "Le dossier « {folder} » est un export fait avec d’autres choix ({choices})."
    )
    advice: ClassVar[str] = gettext_noop("Donnez un autre dossier, ou reprenez les mêmes choix.")


class FolderBusy(OperationError):
    """Another command writes there."""

    code: ClassVar[str] = "export-folder-busy"
    sentence: ClassVar[str] = gettext_noop("Un autre export écrit en ce moment dans « {folder} ».")
    advice: ClassVar[str] = gettext_noop("Attendez qu’il finisse.")


class NoRoomLeft(OperationError):
    """The disk is full."""

    code: ClassVar[str] = "export-disk-full"
    sentence: ClassVar[str] = gettext_noop("Il n’y a plus de place sur le disque de « {folder} ».")
    advice: ClassVar[str] = gettext_noop(
        "Ce qui est écrit reste bon : faites de la place, puis relancez la même commande, qui continuera."
    )


class LeadsOutside(RequestError):
    """A link stands where a folder should be."""

    code: ClassVar[str] = "export-link"
    sentence: ClassVar[str] = gettext_noop(
        "« {path} » est un lien, ou un fichier à la place d’un dossier : rien n’y est écrit."
    )
    advice: ClassVar[str] = gettext_noop("Retirez-le, ou donnez un autre dossier.")


class UnknownFormats(RequestError):
    """A format that rows are not written in."""

    code: ClassVar[str] = "export-formats"
    sentence: ClassVar[str] = gettext_noop("« {value} » n’est pas un format de cet export.")
    advice: ClassVar[str] = gettext_noop("Formats possibles : {formats}.")


class NothingChosen(RequestError):
    """The patterns name no dataset."""

    code: ClassVar[str] = "export-nothing"
    sentence: ClassVar[str] = gettext_noop("Aucun jeu de données n’a un identifiant de la forme {patterns}.")
    advice: ClassVar[str] = gettext_noop("parvis datasets list donne les identifiants.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What of the instance leaves."""

    public_only: bool = False
    with_people: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    formats: tuple[str, ...] = FORMATS
    versions: bool = False
    """Whether the rows of former versions leave as well."""

    @property
    def actor(self) -> Actor:
        """Through whose eyes it is read."""
        return ANONYMOUS if self.public_only else OPERATOR

    def takes(self, dataset_id: str) -> bool:
        """Whether a dataset is wanted."""
        named = not self.only or any(fnmatchcase(dataset_id, pattern) for pattern in self.only)
        return named and not any(fnmatchcase(dataset_id, pattern) for pattern in self.without)

    @property
    def lasting(self) -> dict[str, Any]:
        """Those that make another export of it: a folder is only ever of one."""
        return {
            "public_only": self.public_only,
            "with_people": self.with_people,
            "only": list(self.only),
            "except": list(self.without),
        }


@dataclass(slots=True)
class Report:
    """What became of an export."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    files: int = 0
    bytes: int = 0
    datasets: int = 0
    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""
    pages: int = 0
    media: int = 0
    left: list[dict[str, str]] = field(default_factory=list)
    """``what`` is not there, and ``why``."""
    failures: list[dict[str, str]] = field(default_factory=list)
    """``what`` could not be written, and ``why``: what an earlier run wrote of it is still there."""


def safe_part(text: str) -> str:
    """A file name that Windows, macOS and Linux take, as close to this one as may be; a digest tells apart those that are cut."""
    name = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    name = "".join("_" if c in _REFUSED or unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in name)
    name = name.strip().rstrip(". ")
    if name.partition(".")[0].strip().casefold() in _RESERVED or not name.strip("."):
        name = f"_{name}"
    if len(name.encode()) <= LONGEST_PART:
        return name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix.encode()) <= 12 else ""
    return f"{_cut(name.removesuffix(suffix), LONGEST_PART - len(suffix.encode()) - 9)}-{_mark(text)}{suffix}"


def apart(path: str, key: str) -> str:
    """Another path for what would have the one of something else, as many disks see it."""
    place = PurePosixPath(path)
    stem = _cut(place.stem, LONGEST_PART - len(place.suffix.encode()) - 9)
    return str(place.with_name(f"{stem}-{_mark(key)}{place.suffix}"))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore").rstrip(". ")
