"""The child that sets a page: ``python -m parvis.hub.pages.paper.child FOLDER``, where ``page.json`` and its pictures are.

Writes ``page.pdf`` there. Words come as data: nothing of them is read as the language of the typesetter.
"""

from __future__ import annotations

import resource
import shutil
import sys
from pathlib import Path

from parvis.core.children.confinement import confine, libraries
from parvis.core.children.system_calls import filter_system_calls

HERE = Path(__file__).resolve().parent
MEMORY = 2 * 1024**3
"""Address space that the typesetter may take."""
SECONDS = 30
"""Of processor time."""


def main(folder: Path) -> None:
    """Set what is in the folder, as PDF/UA-1."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    confine(libraries(), [folder])
    filter_system_calls()
    import typst  # noqa: PLC0415 after the limits

    shutil.copyfile(HERE / "page.typ", folder / "page.typ")
    typst.compile(
        folder / "page.typ",
        output=folder / "page.pdf",
        root=folder,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
