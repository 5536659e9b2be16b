"""What tests cost, told at the end of a run: seconds of processor by folder and by file, from whichever process tried them.

Waiting costs nothing, and a machine that does something else changes little: unlike durations, these figures tell where the mass of a
run is. Processes that tests start count once they have ended; a browser or a server that outlives its test counts for none.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

BY_FILE: Counter[str] = Counter()
_SHOWN = 20


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Count a test with all that is set up for it and after it."""
    before = _spent()
    try:
        return (yield)
    finally:
        BY_FILE[item.nodeid.partition("::")[0]] += _spent() - before


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give what this process counted to the one that shares the tests out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["costs"] = dict(BY_FILE)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Add what another process counted."""
    BY_FILE.update(getattr(node, "workeroutput", {}).get("costs", {}))


def pytest_terminal_summary(terminalreporter) -> None:
    """Tell the dearest folders and files of a run that is worth it."""
    total = sum(BY_FILE.values())
    if total < 60:
        return
    by_folder: Counter[str] = Counter()
    for path, seconds in BY_FILE.items():
        by_folder[path.rpartition("/")[0].removesuffix("/tests")] += seconds
    terminalreporter.section(f"{total:.0f} s of processor")
    for counter in (by_folder, BY_FILE):
        for name, seconds in counter.most_common(_SHOWN):
            terminalreporter.line(f"{seconds:7.1f} s  {name}")
        terminalreporter.line("")
