"""The rows of a dataset that answer a condition, as a table that a step reads (``extract``): what the engine says of them, no other reading.

Extracts are beside the versions (``hub.store``): derived, made when first asked for, lost without harm.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from parvis.core.columns import Column, TableShape
from parvis.core.engine import Source
from parvis.core.engine.plans import Count
from parvis.core.errors import NotFound, RequestError
from parvis.core.explore import ExploreRequest, export, records
from parvis.core.explore_v1 import nodes as v1_nodes
from parvis.core.explore_v1 import where_of_q
from parvis.core.explore_v1.identity import RECORD_ID
from parvis.core.explore_v1.parser import parse
from parvis.core.odsql import Binder, Names, nodes, parse_where
from parvis.core.odsql.bound import ALWAYS, Test
from parvis.core.store import AlreadyStored
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.model import EXTRACT
from parvis.core.transforms.preparation.tables import ODSQL, V1
from parvis.core.translation import gettext_noop
from parvis.core.versions.folders import write_failure
from parvis.hub.datastore.elsewhere import AskedElsewhere
from parvis.hub.datastore.lenses import WAIT, BeingWritten
from parvis.hub.datastore.selectors import described_shape, engine, whole_source_of
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import lenses_name, store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

FILE = "part-0.parquet"
FOLDER = "extract-"
"""How the names of extracts begin, among what is derived of a version."""
WRITING = 60.0
"""Longest wait, in seconds, for the next rows of one."""
STAYS = 86_400.0
"""Seconds that one stays once written: an import reads it at once, and may take hours."""
FIRST_ROWS = 10


class ExtractMoves(RequestError):
    """The condition of an extract would keep other rows another day, without the dataset having changed."""

    code: ClassVar[str] = "extract-moves"
    sentence: ClassVar[str] = gettext_noop(
        "La condition dépend de « {name} » : les lignes gardées changeraient d’elles-mêmes."
    )
    advice: ClassVar[str] = gettext_noop(
        "Un extrait est refait quand son jeu d’origine change, pas chaque jour : écrivez une date, ou une colonne."
    )


class ExtractTypeChanged(RequestError):
    """A column of the condition is not of the type for which it was written."""

    code: ClassVar[str] = "extract-type"
    sentence: ClassVar[str] = gettext_noop(
        "La colonne « {name} » de « {dataset} » était de type {expected} quand la condition a été écrite ; elle est de type {type}."
    )
    advice: ClassVar[str] = gettext_noop(
        "La même condition garderait peut-être d’autres lignes : relisez-la, puis changez les étapes de l’extrait."
    )


class ExtractColumnGone(RequestError):
    """A column that an extract has is no longer in its dataset."""

    code: ClassVar[str] = "extract-column"
    sentence: ClassVar[str] = gettext_noop("« {dataset} » n’a pas de colonne « {name} » (il a : {names}).")
    advice: ClassVar[str] = gettext_noop("Relisez la condition et les colonnes gardées de l’extrait.")


@dataclass(frozen=True, slots=True)
class Question:
    """What is taken of a dataset: the rows of a condition in a language, some columns (all when none is named), the types that the
    columns of the condition must have."""

    where: str = ""
    language: str = ODSQL
    columns: tuple[str, ...] = ()
    types: Mapping[str, str] | None = None

    def parameters(self, dataset_id: str) -> dict[str, Any]:
        """As the step of a recipe has it, without what goes without saying."""
        return {
            "dataset": dataset_id,
            **({"where": self.where} if self.where.strip() else {}),
            **({"language": self.language} if self.language != ODSQL else {}),
            **({"columns": list(self.columns)} if self.columns else {}),
            **({"types": dict(self.types)} if self.types else {}),
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """What a question takes of a dataset now: how many rows of how many, the columns, the first rows."""

    rows: int
    total: int
    columns: Sequence[Column]
    first: Sequence[Mapping[str, Any]]


def take(dataset: Dataset, question: Question) -> Taken:
    """Count what a question takes of the version that readers see, and give its first rows; the right to see is the caller's care.

    Errors of the language, ExtractMoves, ExtractTypeChanged, ExtractColumnGone, AskedElsewhere.
    """
    source = _source_of(dataset)
    test, columns = _bound(dataset, source.shape, question)
    request = ExploreRequest(select=_select(columns), extra=test, limit=FIRST_ROWS)
    page = records(engine(), source, request)
    count = int(engine().value(source, Count(test)))
    return Taken(count, source.rows, list(described_shape(dataset, TableShape(tuple(columns)))), page.results)


def types_of(dataset: Dataset, question: Question) -> dict[str, str]:
    """The columns that a condition names, with their types now."""
    shape = _source_of(dataset).shape
    names: set[str] = set()
    for piece in pieces_of(_parsed(question)):
        words = piece.arguments if isinstance(piece, v1_nodes.Call) else [getattr(piece, "name", "")]
        names.update(map(str, words))
    return {column.name: str(column.type) for column in shape if column.name in names}


def columns_of(dataset: Dataset) -> TableShape:
    """The columns among which an extract chooses, as the card says them."""
    return described_shape(dataset, _source_of(dataset).shape)


def dataset_of_extract(name: str) -> str:
    """The dataset of which a table is an extract."""
    return str(json.loads(name.removeprefix(EXTRACT))["dataset"])


def extract_table(dataset: Dataset, name: str) -> SideTable:
    """The table that a step reads, by its name (``extract_key``); the errors of ``take``, BeingWritten, WriteFailed."""
    facts = json.loads(name.removeprefix(EXTRACT))
    question = Question(facts["where"], facts["language"], tuple(facts["columns"]), facts["types"])
    source = _source_of(dataset)
    test, columns = _bound(dataset, source.shape, question)
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    parent = lenses_name(dataset.uid, dataset.current.name)
    folder = f"{parent}/{FOLDER}{digest}"
    if not store().exists(f"{folder}/{FILE}"):
        _forget_old(parent)
        try:
            with store().alone(folder, WAIT):
                _write(source, folder, ExploreRequest(select=_select(columns), extra=test, parquet_compression="zstd"))
        except TimeoutError as error:
            raise BeingWritten from error
        except OSError as error:
            raise write_failure(error) from error
    rows = int(engine().value(source, Count(test)))
    shape = TableShape(tuple(columns))
    return SideTable((store().local(f"{folder}/{FILE}"),), shape, dataset.title, dataset.current.name, rows)


def _source_of(dataset: Dataset) -> Source:
    if dataset.current.is_federated:
        raise AskedElsewhere
    return whole_source_of(dataset, dataset.current)


def _write(source: Source, folder: str, request: ExploreRequest) -> None:
    if store().exists(f"{folder}/{FILE}"):
        return
    with tempfile.TemporaryDirectory(prefix="extract-", dir=process_folder()) as work:
        made = Path(work, "made")
        made.mkdir()
        pieces = export(engine(), source, "parquet", request, seconds=WRITING)
        try:
            with Path(made, FILE).open("wb") as file:
                file.writelines(pieces)
        finally:
            pieces.close()
        with suppress(AlreadyStored):
            store().commit(made, folder)


def _forget_old(parent: str) -> None:
    """Remove the extracts of a version that some import read long ago: another one writes them again."""
    before = time.time() - STAYS
    for child in store().children(parent):
        if not child.startswith(FOLDER):
            continue
        with suppress(NotFound):  # somebody else removes it
            if store().stat(f"{parent}/{child}/{FILE}").changed < before:
                store().delete(f"{parent}/{child}")


def _bound(dataset: Dataset, shape: TableShape, question: Question) -> tuple[Test, list[Column]]:
    for name, expected in (question.types or {}).items():
        column = _column(dataset, shape, name)
        if column.type != expected:
            raise ExtractTypeChanged(name=name, dataset=dataset.title, expected=expected, type=str(column.type))
    columns = [_column(dataset, shape, name) for name in question.columns] or list(shape)
    return _test(shape, question), columns


def _test(shape: TableShape, question: Question) -> Test:
    if not question.where.strip():
        return ALWAYS
    tree, names = _parsed(question), Names(shape)
    for piece in pieces_of(tree):
        if name := _moving(piece):
            raise ExtractMoves(name=name)
    if question.language == V1:
        return where_of_q(question.where, names, clause="where")
    return Binder(names, "where").test(tree)


def _parsed(question: Question) -> Any:
    if not question.where.strip():
        return ()
    return parse(question.where, "where") if question.language == V1 else parse_where(question.where)


def pieces_of(tree: Any) -> Iterator[Any]:
    """The nodes of a condition, whichever its language."""
    waiting = [tree]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, tuple | list):
            waiting += piece
        elif is_dataclass(piece):
            yield piece
            waiting += [getattr(piece, field.name) for field in fields(piece)]


def _moving(piece: Any) -> str:
    """What in a condition changes of itself, or from one version to the next; empty when nothing does."""
    if isinstance(piece, v1_nodes.Now):
        return "#now()"
    if isinstance(piece, nodes.Call) and piece.name in ("now", "random"):
        return f"{piece.name}()"
    return RECORD_ID if isinstance(piece, v1_nodes.FieldIs) and piece.name == RECORD_ID else ""


def _column(dataset: Dataset, shape: TableShape, name: str) -> Column:
    column = shape.get(name)
    if column is None:
        raise ExtractColumnGone(dataset=dataset.title, name=name[:80], names=", ".join(shape.names)[:500])
    return column


def _select(columns: Sequence[Column]) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)
