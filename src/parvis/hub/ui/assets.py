"""Scripts, styles and fonts as Vite built them: from the name of a source to the addresses a page must load."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings

from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop

DIST = Path(__file__).resolve().parent / "static" / "parvis" / "dist"
PREFIX = "parvis/dist/"


class AssetsNotBuilt(OperationError):
    """The front end was never built, or was built without this entry."""

    code: ClassVar[str] = "assets-not-built"
    sentence: ClassVar[str] = gettext_noop("L’interface n’est pas construite : « {entry} » est introuvable.")
    advice: ClassVar[str] = gettext_noop("Lancez « make setup », ou « npm run build » dans le dossier frontend.")


@dataclass(frozen=True, slots=True)
class Asset:
    """What a page needs for one entry: its own file, its styles, and the modules it imports at once; all are addresses."""

    file: str
    styles: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def is_style(self) -> bool:
        """True for a stylesheet, False for a script or a font."""
        return self.file.endswith(".css")


def asset(entry: str) -> Asset:
    """The built form of a source such as ``src/main.ts`` or ``styles/main.css``; AssetsNotBuilt when there is none."""
    manifest = _manifest()
    if not manifest.get(entry, {}).get("isEntry"):
        raise AssetsNotBuilt(entry=entry)
    modules = list(dict.fromkeys(_imports(manifest, entry)))
    # What is imported comes first, as in the source: a stylesheet refines those of the libraries it is written upon.
    styles = [style for key in (*modules, entry) for style in manifest[key].get("css", [])]
    return Asset(
        _address(manifest[entry]["file"]),
        tuple(_address(style) for style in dict.fromkeys(styles)),
        tuple(_address(manifest[key]["file"]) for key in modules),
    )


def script_body(entry: str) -> bytes:
    """A built script itself, for one that is served at another address than the others; AssetsNotBuilt."""
    asset(entry)
    return (DIST / _manifest()[entry]["file"]).read_bytes()


def fonts() -> tuple[str, ...]:
    """The addresses of the font files that every page uses."""
    files = [row["file"] for name, row in sorted(_manifest().items()) if name.endswith(".woff2")]
    if not files:
        raise AssetsNotBuilt(entry="woff2")
    return tuple(_address(file) for file in files)


def _imports(manifest: dict[str, Any], entry: str) -> Iterator[str]:
    for key in manifest[entry].get("imports", []):
        yield key
        yield from _imports(manifest, key)


def _address(file: str) -> str:
    # Vite's names already change with their contents, so the static storage must not give them a second hash:
    # scripts import each other by these names.
    return f"{settings.STATIC_URL}{PREFIX}{file}"


def _manifest() -> dict[str, Any]:
    path = DIST / "manifest.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise AssetsNotBuilt(entry=path.name) from error
    return _read(path, changed)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
