"""What libraries look for that Parvis has no use for."""

from __future__ import annotations

import importlib.abc
import sys


class _NoPandas(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == "pandas":
            raise ImportError(name)


def leave_pandas_out() -> None:
    """Have this process find no pandas: DuckDB and Arrow load it wherever it is installed, which takes half a second."""
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _NoPandas())
