"""What the fork server loads before it is asked for a child, so that a child has it at once."""

from __future__ import annotations

import importlib
from typing import Final

AT_ONCE: Final = (
    "python_calamine",
    "pydantic_core",
    "parvis.core.ingest",
    "parvis.core.privacy",
    "encodings.cp1252",
    "encodings.latin_1",
    "encodings.utf_16",
    "mimetypes:init",
)
"""What nearly every file asks for; the first child waits for it. Types of files are in a file of the machine's, which openpyxl
reads when it is loaded, and which a child that loads it may not."""

WHEN_IDLE: Final = (
    *(f"PIL.{kind}ImagePlugin" for kind in ("Jpeg", "Png", "WebP", "Gif", "Avif", "Tiff")),
    "PIL.ImageCms",
    "openpyxl",
    "xlrd",
    "pypdfium2",
    "parvis.core.gdal:pyogrio",
)
"""What some formats ask for, loaded one by one while nobody waits. A child asked for before that loads its own."""

PREPARATION: Final = "parvis.core.connections:check_extensions"
"""A function called once: each child would else verify the signature of DuckDB's extensions, a second of work."""


def load(name: str) -> None:
    """Import a module, and call the function named after a colon."""
    module, _colon, function = name.partition(":")
    imported = importlib.import_module(module)
    if function:
        getattr(imported, function)()
