"""Reading crafted bytes in a workspace of one's own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parvis.core.formats.file_reader import read
from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.staging import REJECTS, ROWS, StagedTable, Workspace, open_workspace


@dataclass
class Result:
    """What a reading left: the staged table, its choices, its rows without and with lines, its rejects."""

    staged: StagedTable
    format: str
    reading: dict[str, Any]
    rows: list[tuple[Any, ...]]
    lines: list[int]
    rejects: list[tuple[int, str, str]]

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.staged.columns]

    @property
    def hints(self) -> list[str | None]:
        return [column.hint and str(column.hint) for column in self.staged.columns]

    @property
    def notes(self) -> dict[str, dict[str, object]]:
        return {note.code: note.details for note in self.staged.notes}


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One for all tests: loading the spatial extension takes half a second, and ``read`` starts afresh each time."""
    with open_workspace(tmp_path_factory.mktemp("work")) as opened:
        yield opened


def result_of(workspace: Workspace, staged: StagedTable, format_: str, reading: dict[str, Any]) -> Result:
    names = ", ".join(c.name for c in staged.columns)
    rows = workspace.connection.execute(f"SELECT line, {names} FROM {ROWS}").fetchall()
    rejects = workspace.connection.execute(f"SELECT * FROM {REJECTS} ORDER BY line").fetchall()
    assert len(rows) == staged.rows
    assert len(rejects) == staged.rejects
    column_names = [row[0] for row in workspace.connection.execute(f"DESCRIBE {ROWS}").fetchall()]
    assert column_names == ["line", *(column.name for column in staged.columns)]
    return Result(staged, format_, reading, [row[1:] for row in rows], [row[0] for row in rows], rejects)


@pytest.fixture
def stage(tmp_path: Path, workspace: Workspace) -> Callable[..., Result]:
    """Read bytes (or text, in UTF-8) as a file of that name."""

    def stage(content: bytes | str, name: str = "f.csv", limits: Limits = DEFAULT_LIMITS, **options: Any) -> Result:
        path = tmp_path / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        staged, detected = read(path, workspace, ReadOptions(**options), name=name, limits=limits)
        return result_of(workspace, staged, detected.format, detected.reading)

    return stage
