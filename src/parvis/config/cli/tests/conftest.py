"""Commands run in the process of the tests, on their database; a few real ones elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parvis.config.cli import instance
from parvis.config.cli.main import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exit status and what was printed."""

    status: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """What ``--json`` printed."""
        return json.loads(self.out)


@pytest.fixture
def parvis(db, monkeypatch, capsys) -> Callable[..., Outcome]:
    """``parvis("import", path)`` as the command would; the instance is that of the tests."""
    monkeypatch.setattr(instance, "open_instance", lambda may_create: None)

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return call


@pytest.fixture
def csv(tmp_path) -> Path:
    path = tmp_path / "Places de parking.csv"
    path.write_text("code;nom;places\n01234;Évry;12\n02345;Grigny;7\n", encoding="cp1252")
    return path
