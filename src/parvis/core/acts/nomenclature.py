"""Natures and matières of @ctes: their names, those of the SCDL schema, and the list that a préfecture returns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

DATA: Final = Path(__file__).with_name("data")
"""What is shipped; its sources are told in ``SOURCE.md``."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A matière: its code (« 7.5 »), its name, and its value in the SCDL schema (empty at level 1 and beyond level 2)."""

    code: str
    label: str
    scdl: str = ""

    @property
    def level(self) -> int:
        """How many numbers its code has."""
        return self.code.count(".") + 1


@cache
def matters() -> Mapping[str, Matter]:
    """All matières of levels 1 and 2, by code, in the order of the nomenclature."""
    with (DATA / "matters.csv").open(encoding="utf-8", newline="") as file:
        rows = [Matter(row["code"], row["libelle"], row["valeur_scdl"]) for row in csv.DictReader(file)]
    return MappingProxyType({row.code: row for row in rows})


@cache
def natures() -> Mapping[str, str]:
    """The natures of acts: « DE » and its name, in their order."""
    with (DATA / "natures.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["type_abrege"]: row["libelle"] for row in csv.DictReader(file)})


@cache
def _codes_by_scdl() -> Mapping[str, str]:
    return MappingProxyType({matter.scdl: matter.code for matter in matters().values() if matter.scdl})


def matter_of_scdl(value: str) -> str | None:
    """The code of a value of DELIB_MATIERE_NOM; None for another text."""
    return _codes_by_scdl().get(value.strip())


def at_level_2(code: str) -> str | None:
    """« 7.5.1 » and « 7.5 » give « 7.5 »; None for what has no such level.

    >>> at_level_2("7.5.1")
    '7.5'
    """
    short = ".".join(code.strip().split(".")[:2])
    matter = matters().get(short)
    return short if matter and matter.level > 1 else None


class UnreadableClassification(ValueError):
    """What was sent is no ``RetourClassification`` of @ctes."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What a préfecture's list says: its date as it is printed, natures (type and name), matières of levels 1 to 5 by code."""

    day: str
    natures: Mapping[str, str]
    matters: Mapping[str, Matter]


_MOST_BYTES: Final = 5_000_000
_MOST_MATTERS: Final = 20_000
_DEEPEST: Final = 20


class _Reader:
    """Handlers of expat that build a ``Classification``."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.codes: list[str] = []
        self.day: list[str] = []
        self.natures: dict[str, str] = {}
        self.matters: dict[str, Matter] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2].rpartition(":")[2]
        if not self.path and name != "RetourClassification":
            raise UnreadableClassification(name[:100])
        self.path.append(name)
        if len(self.path) > _DEEPEST or len(self.matters) > _MOST_MATTERS:
            raise UnreadableClassification("too large")
        values = {key.rpartition(" ")[2].rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "NatureActe" and values.get("TypeAbrege"):
            self.natures[values["TypeAbrege"]] = " ".join(values.get("Libelle", "").split())
        if name.startswith("Matiere") and name[7:].isdigit():
            self.codes.append(values.get("CodeMatiere", "").strip())
            code = ".".join(self.codes)
            if all(part.isdigit() for part in self.codes):
                known_ = matters().get(code)
                label = " ".join(values.get("Libelle", "").split())
                self.matters[code] = known_ or Matter(code, label)

    def end(self, _name: str) -> None:
        name = self.path.pop()
        if name.startswith("Matiere") and name[7:].isdigit():
            self.codes.pop()

    def text(self, letters: str) -> None:
        if self.path and self.path[-1] == "DateClassification" and len(self.day) < 10:  # a date in pieces
            self.day.append(letters)


def _refused(*_told: object) -> int:
    raise UnreadableClassification("entities")


def read_classification(data: bytes) -> Classification:
    """The natures and matières of a ``RetourClassification`` in XML, whose encoding it says itself (ISO-8859-1).

    Names that are ours keep their accents; levels 3 to 5 are those of the préfecture. It is a stranger's file: no entity is read,
    and it is called in a child. Raises UnreadableClassification.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableClassification("too large")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refused
    parser.ExternalEntityRefHandler = _refused
    parser.StartDoctypeDeclHandler = _refused
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableClassification(str(error)[:200]) from error
    if not reader.matters:
        raise UnreadableClassification("no matter")
    return Classification(
        "".join(reader.day).strip(), MappingProxyType(reader.natures), MappingProxyType(reader.matters)
    )
