"""What is above the engine asks plans: it writes no SQL of rows, and no file of a version."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from parvis.core.engine import plans
from parvis.core.engine.contract import Engine, MemorySource, Source

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "parvis"
ENGINE = PACKAGE / "core" / "engine" / "duckdb"
REMAINING = {
    "core/connections.py": "how every connection to DuckDB is made",
    "core/staging.py": "received files are staged as tables",
    "core/long_statements.py": "the same",
    "core/gdal.py": "drivers that read received files",
    "core/geo/territory_files.py": "received files of territories are read",
    "core/formats": "received files are read",
    "core/ingest": "and become versions",
    "core/profiling": "columns are recognised",
    "core/readings": "and read",
    "core/overlays": "contributions are laid over them",
    "core/transforms": "treated",
    "core/repairs": "and repaired",
    "core/mapping": "matched with a schema",
    "core/privacy": "looked at for personal data",
    "core/validation": "checked",
    "core/quality": "measured",
    "core/versions": "written, compared and cut",
    "core/databases": "statements of other servers",
    "core/rowlog": "laid over a version, in files of their own",
    "core/sandbox": "free SQL, in processes of its own",
    "core/engine/factories.py": "versions for tests",
    "config/bench": "measures beside DuckDB alone",
    "hub/privacy/treatments.py": "treated rows are shown before they are written",
    "web/sql": "statements that readers of the portal may write, as examples",
}
"""What still writes SQL of DuckDB beside the engine, and why."""

SQL = re.compile(
    r"\bFROM rows\b|\bST_[A-Z]\w+\(|\bparvis_(?:fold|words|metres)\b|\bread_parquet\(|\bquantile_(?:cont|disc)\("
)


def _is_remaining(path: Path) -> bool:
    relative = path.relative_to(PACKAGE).as_posix()
    return any(relative == name or relative.startswith(f"{name}/") for name in REMAINING)


def _docstrings(tree: ast.AST) -> set[int]:
    """The strings that stand alone, which say and do nothing."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _sql(path: Path) -> list[str]:
    tree = _tree(path)
    spoken = _docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in spoken
        and SQL.search(node.value)
    ]


def _modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]


def test_sql_of_rows_is_written_in_the_engine_alone():
    written = {
        path.relative_to(PACKAGE).as_posix(): sql
        for path in _modules()
        if ENGINE not in path.parents and not _is_remaining(path) and (sql := _sql(path))
    }
    assert written == {}


def test_the_engine_does_write_some_so_that_the_rule_looks_for_the_right_thing():
    assert {path.name for path in ENGINE.glob("*.py") if _sql(path)} >= {"queries.py", "tables.py", "places.py"}


@pytest.mark.parametrize("name", REMAINING)
def test_what_remains_is_there(name):
    """A room that no longer exists leaves the list."""
    assert (PACKAGE / name).exists()


def test_no_statement_or_fragment_is_made_outside_of_the_engine():
    makers = {
        path.relative_to(PACKAGE).as_posix()
        for path in _modules()
        if ENGINE not in path.parents
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Statement", "Fragment")
    }
    assert makers == {"hub/legal/selectors.py"}  # the statement of accessibility, which is no SQL


def test_a_source_has_a_key_and_no_path():
    assert list(Source.__dataclass_fields__) == ["key", "manifest", "base", "gone", "folder"]
    assert list(MemorySource.__dataclass_fields__) == ["table", "shape"]
    assert not any("Path" in str(field.type) for field in Source.__dataclass_fields__.values())


def test_plans_hold_no_text_of_sql():
    """Their fields are bound nodes, names of an order or a form, and numbers; texts, those of ``FormulaCells`` alone."""
    union = (plans.QueryPlan, plans.TablePlan, plans.PlacePlan, plans.TilePlan)
    kinds = [kind for part in union for kind in part.__value__.__args__]
    texts = {
        kind.__name__
        for kind in kinds
        for field in kind.__dataclass_fields__.values()
        if re.search(r"\bstr\b", field.type)
    }
    assert texts == {"FormulaCells"}
    assert all(hasattr(Engine, name) for name in ("stream", "table", "value", "warm", "warm_later", "forget", "close"))
