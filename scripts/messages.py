"""Gather the French sentences of the screens into the English catalogue, keeping the translations already written.

``python scripts/messages.py`` rewrites ``src/parvis/locale/en/LC_MESSAGES/django.po``; ``--missing`` only prints the
sentences still without English.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "parvis"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
FRENCH = SOURCE / "locale" / "fr" / "LC_MESSAGES" / "django.po"
"""Holds the plurals alone, as they stand in the code: without it, nought would take the plural as in English."""
DAY = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "gettext_lazy": None, "ngettext_lazy": (1, 2)}


def sentences() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """File, line and sentence (with its plural) of every translatable text."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "tests" in path.parts or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "{%" not in text:
                continue
            text = templatize(text, origin=str(path))
        stream = io.BytesIO(text.encode())
        for line, _function, message, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
            yield str(path.relative_to(ROOT)), line, message


def main() -> int:
    """Write the catalogue, or print what it lacks."""
    settings.configure()  # templatize asks for nothing more
    catalogue = _catalogue("en")
    for file, _line, message in sentences():
        parts = [part for part in (message if isinstance(message, tuple) else (message,)) if part]
        if parts:
            catalogue.add(tuple(parts[:2]) if len(parts) > 1 else parts[0], locations=[(file, None)])
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as stream:
            known = read_po(stream, locale="en")
        for message in catalogue:
            before = known.get(message.id) if message.id else None
            if before is not None and before.string:
                message.string = before.string
    missing = [m.id for m in catalogue if m.id and not (any(m.string) if isinstance(m.string, tuple) else m.string)]
    if "--missing" in sys.argv:
        sys.stdout.write("".join(f"{message}\n" for message in missing))
        return 1 if missing else 0
    _write(CATALOGUE, catalogue)
    french = _catalogue("fr")
    for message in catalogue:
        if message.pluralizable:
            french.add(message.id, message.id, locations=message.locations)
    _write(FRENCH, french)
    sys.stdout.write(f"{len(catalogue)} sentences, {len(missing)} without English\n")
    return 0


def _catalogue(language: str) -> Catalog:
    """An empty catalogue, whose header holds nothing that changes from one run to the next."""
    comment = f"# The screens of Parvis: {language}."
    return Catalog(
        locale=language, project="Parvis", header_comment=comment, creation_date=DAY, charset="utf-8", fuzzy=False
    )


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main())
