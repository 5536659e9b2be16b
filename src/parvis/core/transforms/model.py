"""What a step is: a named change of the staged table with its parameters, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from parvis.core.columns import TableShape
from parvis.core.errors import DataError, RequestError
from parvis.core.staging import StagedTable, Workspace
from parvis.core.translation import gettext_noop


class UnknownStep(RequestError):
    """No transform has that name."""

    code: ClassVar[str] = "step-unknown"
    sentence: ClassVar[str] = gettext_noop("Aucune transformation ne s’appelle « {step} ».")


class BadStep(RequestError):
    """The parameters of a step will not do."""

    code: ClassVar[str] = "step-bad"
    sentence: ClassVar[str] = gettext_noop("La transformation « {step} » est mal réglée : {reason}.")


class StepColumnMissing(DataError):
    """A step names a column that this file has not; a delivery whose headers changed is not changed by halves."""

    code: ClassVar[str] = "step-column-missing"
    sentence: ClassVar[str] = gettext_noop(
        "La transformation « {step} » porte sur la colonne « {column} », que ce fichier n’a pas."
    )
    advice: ClassVar[str] = gettext_noop(
        "Colonnes du fichier : {headers}. Corrigez l’en-tête, ou retirez cette transformation."
    )


class StepTooLong(DataError):
    """A step takes more time than it has."""

    code: ClassVar[str] = "step-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "L’étape {rank}, « {step} », a été arrêtée : elle prenait plus de {seconds} secondes."
    )
    advice: ClassVar[str] = gettext_noop(
        "Simplifiez ses réglages (une expression ou une requête SQL peut ne pas finir), ou réduisez d’abord la table par une étape qui filtre."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One change that a person accepted: the name of a row of ``TRANSFORMS`` and JSON-able parameters.

    Columns are named by their header, so that the step holds for the next deliveries of the same file.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"name": self.name, "parameters": dict(self.parameters)}

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Step:
        """The step that ``to_dict`` wrote; KeyError or TypeError when the body is none."""
        return cls(str(body["name"]), dict(body.get("parameters") or {}))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did: ``rows`` and ``cells`` changed or removed; ``details`` holds facts of its own, never a former value
    that the step was meant to hide."""

    step: Step
    rows: int
    cells: int
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, as the lineage of a manifest has it."""
        return {**self.step.to_dict(), "rows": self.rows, "cells": self.cells, "details": dict(self.details)}


@dataclass(frozen=True, slots=True)
class SideTable:
    """A table of the instance that a step reads beside the file: its Parquet files, its columns, what it is called.

    ``version`` tells which state of it was read; a lineage has it.
    """

    files: tuple[Path, ...]
    shape: TableShape
    title: str = ""
    version: str = ""
    rows: int = 0


NO_TABLES: Mapping[str, SideTable] = {}
"""Of a table that nothing is read beside."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a transform works on: the workspace that holds the staged table, its columns, and the secret of the instance.

    ``secret`` keys what must not be guessed from outside (pseudonyms); it is never written anywhere. ``tables`` are those that
    steps read beside the file, by identifier; ``rank`` is that of the step, from 1.
    """

    workspace: Workspace
    staged: StagedTable
    secret: bytes = b""
    tables: Mapping[str, SideTable] = field(default_factory=dict)
    rank: int = 1


type Apply = Callable[[Material, Step], tuple[StagedTable, Outcome]]


@dataclass(frozen=True, slots=True)
class Transform:
    """One row: the stable name, what it does, and the function that does it.

    ``private``: it hides something of persons, so that the original file is no longer shown to readers.
    """

    name: str
    label: str
    apply: Apply
    private: bool = False
