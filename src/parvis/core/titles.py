"""A first title for what has none but the name of its file."""

from __future__ import annotations

from pathlib import PurePath

OF_FILES = {
    "cp1252",
    "utf8",
    "utf",
    "latin1",
    "iso",
    "8859",
    "ansi",
    "bom",
    "csv",
    "xls",
    "xlsx",
    "json",
    "export",
    "extract",
    "vf",
}
"""Words that names of files have and titles do not."""


def title_from(name: str) -> str:
    """A title from the name of a file or its address."""
    return title_of(PurePath(name.rstrip("/").rpartition("/")[2]).stem)


def title_of(words: str) -> str:
    """The words of a name as a title, without what they say of how the file was written (« cp1252 », « export »)."""
    parts = words.replace("_", " ").replace("-", " ").split()
    saying = [part for part in parts if part.lower() not in OF_FILES]
    title = " ".join(saying or parts)
    return title[:1].upper() + title[1:]
