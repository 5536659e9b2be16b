"""What libraries look for that Parvis, or one of its processes, has no use for."""

from __future__ import annotations

import importlib.abc
import sys


class _Without(importlib.abc.MetaPathFinder):
    """Finds nothing of one library, before anybody else finds it."""

    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == self._library:
            raise ImportError(name)


def leave_pandas_out() -> None:
    """Have this process find no pandas: DuckDB and Arrow load it wherever it is installed, which takes half a second."""
    _leave_out("pandas")


def leave_lxml_out() -> None:
    """Have this process, which opens no stranger's file, find no lxml: Beautiful Soup loads it wherever it is installed."""
    _leave_out("lxml")


def _leave_out(library: str) -> None:
    if library not in sys.modules:
        sys.meta_path.insert(0, _Without(library))
