"""Pages set as PDF/UA by typst, in a confined child: what editors write decides how long that takes, and what it reads."""

from __future__ import annotations

import shutil
from pathlib import Path


def set_page(folder: Path, template: Path, fonts: Path) -> None:
    """Write ``page.pdf`` in ``folder``, where ``page.json`` and its pictures are; only to be called in a child.

    Words come as data: nothing of them is read as the language of the typesetter.
    """
    import typst  # noqa: PLC0415 after the walls

    shutil.copyfile(template, folder / "page.typ")
    typst.compile(
        folder / "page.typ",
        output=folder / "page.pdf",
        root=folder,
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
