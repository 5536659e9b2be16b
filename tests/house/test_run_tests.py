"""``make test``: both halves run at once, whatever becomes of one, and its end says what became of each."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HALF = """#!/usr/bin/env bash
case "$PARVIS_DATABASE_URL" in
  "") half=sqlite code=$SQLITE_CODE ;;
  postgresql://*) half=postgresql code=$POSTGRESQL_CODE ;;
esac
if [ -n "${MEETING:-}" ]; then
  touch "$MEETING/$half"
  until [ -e "$MEETING/sqlite" ] && [ -e "$MEETING/postgresql" ]; do sleep 0.1; done
fi
[ "$code" = 0 ] || echo "FAILED tests/test_a.py::test_of_$half - AssertionError"
echo "===== 3 of $half in 1.25s (0:00:01) ====="
exit "$code"
"""


@pytest.fixture
def make_test(tmp_path):
    """``make_test(sqlite, postgresql)`` runs the script over a pytest whose halves end with these codes."""
    command = tmp_path / "pytest"
    command.write_text(HALF)
    command.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])

    def run(sqlite: int, postgresql: int, **more: str) -> subprocess.CompletedProcess[str]:
        codes = {"SQLITE_CODE": str(sqlite), "POSTGRESQL_CODE": str(postgresql)}
        environment = {
            **os.environ,
            "PYTEST": str(command),
            "POSTGRESQL_PORT": port,
            "PARVIS_DATABASE_URL": "",
            **codes,
        }
        script = ["bash", str(ROOT / "scripts" / "run_tests.sh")]
        return subprocess.run(
            script, env={**environment, **more}, capture_output=True, text=True, check=False, timeout=300
        )

    return run


def ends_of(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of the summary."""
    return run.stdout.partition("== Summary\n")[2].splitlines()


@pytest.mark.slow
def test_both_halves_are_run_and_told(make_test):
    run = make_test(0, 0)
    assert run.returncode == 0
    first, second = ends_of(run)
    assert first.startswith("SQLite, robustness and browser: passed, 0 min ")
    assert first.endswith("· 3 of sqlite in 1.25s (0:00:01)")
    assert second.startswith("PostgreSQL: passed, 0 min ")
    assert second.endswith("· 3 of postgresql in 1.25s (0:00:01)")


@pytest.mark.slow
def test_each_half_runs_beside_the_other(make_test, tmp_path):
    """Each waits for the other to have begun; what PostgreSQL's says comes whole, after what SQLite's says."""
    run = make_test(0, 0, MEETING=str(tmp_path))
    assert run.returncode == 0
    headings = ["== SQLite, robustness and browser", "3 of sqlite", "== PostgreSQL", "3 of postgresql", "== Summary"]
    places = [run.stdout.index(heading) for heading in headings]
    assert places == sorted(places)


@pytest.mark.slow
@pytest.mark.parametrize(("sqlite", "postgresql"), [(1, 0), (0, 2), (1, 1)])
def test_a_half_that_fails_stops_neither_and_fails_the_whole(make_test, sqlite, postgresql):
    run = make_test(sqlite, postgresql)
    assert run.returncode == 1
    *failures, first, second = ends_of(run)
    outcomes = [f"FAILED (code {code})" if code else "passed" for code in (sqlite, postgresql)]
    assert first.startswith(f"SQLite, robustness and browser: {outcomes[0]}, ")
    assert second.startswith(f"PostgreSQL: {outcomes[1]}, ")
    names = [name for name, code in (("sqlite", sqlite), ("postgresql", postgresql)) if code]
    assert failures == [f"FAILED tests/test_a.py::test_of_{name} - AssertionError" for name in names]


@pytest.mark.slow
def test_a_database_that_does_not_start_fails_its_half(make_test):
    run = make_test(0, 0, POSTGRESQL_PORT="no port")
    assert run.returncode == 1
    assert ends_of(run)[1].startswith("PostgreSQL: FAILED")
