"""Asking the address that data comes from whether it still answers, with every guard of ``core.fetching``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from parvis.core.errors import ParvisError, error_row
from parvis.core.fetching import FetchTooLarge, fetch
from parvis.hub.catalogue.models import Dataset

ENOUGH = 65_536
"""Bytes after which a source is held to answer: its file is not wanted, only a sign of life."""

SECONDS = 20.0


def source_address(dataset: Dataset) -> str:
    """Where its rows come from: the address they were read from, else the one its card gives; empty without."""
    read_from = dataset.current.source if dataset.current else ""
    return read_from if read_from.startswith(("http://", "https://")) else dataset.source_url


def ask(url: str, work: Path) -> dict[str, Any] | None:
    """None when the address answers, else the error met, as stored."""
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        try:
            fetch(url, Path(folder) / "answer", max_bytes=ENOUGH, idle_seconds=SECONDS / 2, total_seconds=SECONDS)
        except FetchTooLarge:
            return None
        except ParvisError as error:
            return error_row(error)
    return None
