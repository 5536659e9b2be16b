"""Wagtail's own API, which Parvis does not serve: its applications load it as they start, with two frameworks behind it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import sys
from types import ModuleType
from typing import Any

_UNUSED = re.compile(r"wagtail\.(\w+\.)*api\.v3(\.\w+)*|wagtail\.contrib\.redirects\.api")


class _Nothing:
    """What a module of that API holds here: it may be called and asked anything, and does nothing."""

    def __call__(self, *given: Any, **named: Any) -> None: ...

    def __getattr__(self, name: str) -> _Nothing:
        return self


class _EmptyModule(ModuleType):
    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _NoApi(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if _UNUSED.fullmatch(name) else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_wagtail_api_out() -> None:
    """Have this process find empty modules in its place: a quarter of a second at each start, and its memory, for no address of ours."""
    if not any(isinstance(finder, _NoApi) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NoApi())
