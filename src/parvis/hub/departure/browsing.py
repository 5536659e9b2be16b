"""What a person opens first: pages to browse the export from the disk, without scripts, and the file that explains its folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation

from parvis.core.translation import SOURCE
from parvis.hub.departure.rules import Choices, Report
from parvis.hub.ui import assets

if TYPE_CHECKING:
    from parvis.hub.departure.datasets import Folded
    from parvis.hub.departure.folder import ExportFolder
    from parvis.hub.departure.pages import PageFolded

STYLES: Final = {"habillage/parvis.css": "styles/main.css", "habillage/pages.css": "styles/pages.css"}
MOST_LISTED: Final = 500
"""Files on the page of a dataset: the folders of former versions are told in versions.json."""
_FONT = re.compile(r"url\(\./([\w.-]+\.woff2)\)")


def write_look(folder: ExportFolder) -> None:
    """The styles and letters of the house."""
    for path, entry in STYLES.items():
        style = assets.script_body(entry)
        folder.put_bytes(path, style)
        for font in _FONT.findall(style.decode()):
            folder.put_bytes(f"habillage/{font}", (assets.DIST / "assets" / font).read_bytes())


def write_dataset_page(folder: ExportFolder, row: Folded) -> None:
    """The page of a dataset: what it is, and its files."""
    every = [path for path in folder.below(f"{row.place}/") if not path.endswith("/index.html")]
    own = [path for path in every if not path.startswith(f"{row.place}/versions/")]
    facts = {
        "dataset": row,
        "description": BeautifulSoup(row.description, "html.parser").get_text(" ", strip=True),
        "files": _listed(folder, own[:MOST_LISTED], f"{row.place}/"),
        "more": len(every) - len(own[:MOST_LISTED]),
        "up": "../../",
    }
    folder.put_bytes(f"{row.place}/index.html", _rendered("departure/dataset.html", facts))


def write_index(
    folder: ExportFolder,
    choices: Choices,
    report: Report,
    name: str,
    datasets: Sequence[Folded],
    pages: Sequence[PageFolded],
) -> None:
    """The first page, and the file that explains the folders."""
    tables = [
        path for path in folder.below("") if path.endswith(".csv") and not path.startswith(("jeux/", "medias/fichiers"))
    ]
    facts: dict[str, Any] = {
        "name": name,
        "choices": choices,
        "report": report,
        "datasets": [(row, f"{quote(row.place)}/index.html") for row in datasets],
        "pages": [(row, quote(row.place)) for row in pages],
        "tables": _listed(folder, tables, ""),
        "has_catalogue": bool(folder.below("catalog.ttl")),
        "up": "",
    }
    folder.put_bytes("LISEZMOI.md", _rendered("departure/LISEZMOI.md", facts))
    folder.put_bytes("index.html", _rendered("departure/index.html", facts))


def _listed(folder: ExportFolder, paths: Sequence[str], prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "name": path.removeprefix(prefix),
            "address": quote(path.removeprefix(prefix)),
            "bytes": folder.note(path).bytes,
        }
        for path in paths
    ]


def _rendered(template: str, facts: dict[str, Any]) -> bytes:
    with translation.override(SOURCE):
        return render_to_string(template, facts).encode()
