"""The half of the suite that is tried again on another database (``--on-another-database``): what such a database may answer otherwise.

``pytest --statements`` tells which files put to the database no statement of their own: two statements are one when they differ by
values alone, or by how many there are. A file whose every statement is put by files that stay has nothing to ask of another database.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from zlib import crc32

import pytest
from django.db.backends.utils import CursorWrapper

from costs import BY_FILE

_IN_PROCESSES = tuple(
    f"src/parvis/config/cli/tests/test_start.py::{name}"
    for name in ("test_the_settings", "test_a_command", "test_an_import")
)
"""Tests that are refused a database, and start commands that open the one of the environment; slow ones apart."""

LIKE_OTHERS = (
    "src/parvis/domains/indicators/tests/test_api.py",
    "src/parvis/hub/charts/tests/test_answers.py",
    "src/parvis/hub/charts/tests/test_frames.py",
    "src/parvis/hub/charts/tests/test_places.py",
    "src/parvis/hub/drawings/tests/test_frames.py",
    "src/parvis/hub/drawings/tests/test_menus.py",
    "src/parvis/hub/fulltext/tests/test_oracle.py",
    "src/parvis/hub/fulltext/tests/test_selectors.py",
    "src/parvis/hub/maps/tests/test_naming.py",
    "src/parvis/hub/maps/tests/test_opening.py",
    "src/parvis/hub/maps/tests/test_selectors.py",
    "src/parvis/hub/pages/tests/test_blocks.py",
    "src/parvis/hub/pages/tests/test_module_blocks.py",
    "src/parvis/hub/pages/tests/test_paper.py",
    "src/parvis/hub/search/tests/test_corrections.py",
    "src/parvis/hub/search/tests/test_values.py",
    "src/parvis/web/api/console/",
    "src/parvis/web/api/description/",
    "src/parvis/web/api/explore/tests/test_announced.py",
    "src/parvis/web/api/explore/tests/test_catalog.py",
    "src/parvis/web/api/explore/tests/test_catalog_facets.py",
    "src/parvis/web/api/explore/tests/test_languages.py",
    "src/parvis/web/api/explore/tests/test_metadata_templates.py",
    "src/parvis/web/api/explore/tests/test_monitoring.py",
    "src/parvis/web/api/explore/tests/test_other_templates.py",
    "src/parvis/web/api/explore/tests/test_prepared_files.py",
    "src/parvis/web/api/explore/tests/test_record.py",
    "src/parvis/web/api/explore/tests/test_records.py",
    "src/parvis/web/api/explore/tests/test_response_cache.py",
    "src/parvis/web/api/explore_v1/",
    "src/parvis/web/api/explore_v2_0/",
    "src/parvis/web/api/odata/",
)
"""Files and folders that look at what DuckDB and the indexes answer, and at how answers are written: the statements that they put, to know
who asks and of which dataset, are all put by files that stay."""

_STATEMENTS: defaultdict[str, set[int]] = defaultdict(set)
_SHAPES = tuple(
    (re.compile(pattern), shape)
    for pattern, shape in (
        (r"\(?%s(?:, ?%s)*\)?(?:, ?\(%s(?:, ?%s)*\))*", "?"),
        (r'SAVEPOINT "?\w+"?', "SAVEPOINT"),
        (r"'[^']*'|\b\d+\b", "?"),
    )
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the second half of ``make test`` asks for, and what its list is made from."""
    parser.addoption(
        "--on-another-database", action="store_true", help="only tests that ask a database: the others were run"
    )
    parser.addoption("--statements", action="store_true", help="tell which files put no statement of their own")


def _asks_the_database(item: pytest.Item) -> bool:
    """True but for a test that is refused any database and starts no process that opens it, and for one like others."""
    if item.nodeid.startswith(LIKE_OTHERS):
        return False
    names = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(names) or item.get_closest_marker("django_db") is not None or item.nodeid.startswith(_IN_PROCESSES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another database, what asks none is left out."""
    if config.getoption("--on-another-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _asks_the_database(item)])
        items[:] = [item for item in items if _asks_the_database(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Hear what a test puts to the database, with all that is set up for it."""
    if not item.config.getoption("--statements"):
        return (yield)
    own = _STATEMENTS[item.nodeid.partition("::")[0]]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_execute", "_executemany"):
            patch.setattr(CursorWrapper, name, _heard(getattr(CursorWrapper, name), own))
        return (yield)


def _heard(put, own: set[int]):
    def hear(cursor, statement, *rest):
        own.add(_shape(str(statement)))
        return put(cursor, statement, *rest)

    return hear


def _shape(statement: str) -> int:
    for pattern, shape in _SHAPES:
        statement = pattern.sub(shape, statement)
    return crc32(statement.encode())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give what this process heard to the one that shares the tests out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["statements"] = {path: sorted(own) for path, own in _STATEMENTS.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Add what another process heard."""
    for path, own in getattr(node, "workeroutput", {}).get("statements", {}).items():
        _STATEMENTS[path].update(own)


def without_statements_of_their_own(statements: Mapping[str, set[int]], costs: Mapping[str, float]) -> list[str]:
    """The files that may leave at once, the dearest first: each statement of theirs is put by one that stays."""
    put_by = Counter(statement for own in statements.values() for statement in own)
    leaving = []
    for path in sorted(statements, key=lambda path: (-costs.get(path, 0), path)):
        if all(put_by[statement] > 1 for statement in statements[path]):
            put_by.subtract(statements[path])
            leaving.append(path)
    return leaving


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Tell them with what they cost."""
    if config.getoption("--statements"):
        terminalreporter.section("no statement of their own")
        for path in without_statements_of_their_own(_STATEMENTS, BY_FILE):
            terminalreporter.line(f"{BY_FILE[path]:7.1f} s  {path}")
