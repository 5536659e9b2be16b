"""Acts that are no PDF, set as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parvis.core.acts.model import Page


def typeset_pages(pages: Sequence[Page], title: str, target: Path, scratch: Path) -> None:
    """Write at ``target`` the pages of an act as a tagged PDF."""
    raise NotImplementedError
