"""What is read of a file: its pages, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.acts.model import Page


@dataclass(frozen=True, slots=True)
class DocumentText:
    """Some pages of a file, in order, of the ``page_count`` it has; ``title`` and ``language`` as it says them, or empty.

    ``is_tagged``: a PDF whose structure is told to screen readers. ``is_encrypted``: a PDF that is encrypted, and opens without
    a password all the same.
    """

    suffix: str
    page_count: int
    pages: tuple[Page, ...] = ()
    title: str = ""
    language: str = ""
    is_tagged: bool = False
    is_encrypted: bool = False
