"""What a data block plans to ask, and what it shows once answered. Values only: nothing is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.drawings.frames import Credit
from parvis.hub.drawings.questions import Asked, Rows
from parvis.hub.pages.rules import Filters


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page, in which language, with which filters; ``request`` tells the chosen colours."""

    actor: Actor
    language: str = "fr"
    filters: Filters = field(default_factory=Filters)
    request: HttpRequest | None = None
    page_address: str = ""
    """Of the page, without query; empty where blocks have no address yet (a preview of a new page)."""
    is_editor: bool = False
    """Whether the reader may change the page: told why a block shows nothing."""
    name: str = ""
    """Id of the element of the block that is shown."""
    is_alone: bool = False
    """Whether the block is shown alone, in a frame of another page."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a block asks before it can be shown; ``state`` is its own business."""

    questions: tuple[Asked, ...] = ()
    state: Any = None
    notes: tuple[str, ...] = ()
    """What is said of filters, quietly, under the block."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a block shows, as rows of values: its CSV, its table where it has one."""

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as its template shows it."""

    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the template of its kind wants besides."""
    cells: Cells | None = None
    credits: tuple[Credit, ...] = ()
    notes: tuple[str, ...] = ()
    sentence: str = ""
    """The block in words: for share pictures, the PDF, screen readers."""
    error: ParvisError | None = None
    """Why nothing is shown; told to editors only."""


type Answers = Sequence[Rows]
"""Rows for each question of a plan, in its order."""
