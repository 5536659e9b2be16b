"""Gather the French sentences of the screens into the English catalogues, keeping the translations already written.

A room with a ``locale/en`` folder of its own keeps its sentences there; those of the others are in
``src/parvis/locale/en``. ``python scripts/messages.py`` rewrites that last one alone and prints what every catalogue
together still lacks; ``--missing`` only prints. A room writes its own catalogue by hand.
``python scripts/messages.py de`` writes the one catalogue of another language (``src/parvis/locale/de``), every sentence in it,
those already translated kept. French needs no catalogue: its plurals are drawn from the English ones by ``compile_translations.py``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "parvis"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
DAY = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "ngettext_noop": (1, 2),
    "Sentence": None,
}


def sentences() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """File, line and sentence (with its plural) of every translatable text."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "tests" in path.parts or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "{%" not in text:
                continue
            # What is not a sentence is blanked out but keeps its indentation, which means nothing to Python.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))
        stream = io.BytesIO(text.encode())
        for line, function, message, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
            # What follows a Sentence are the names of its placeholders, no plural.
            alone = function == "Sentence" and isinstance(message, tuple)
            yield str(path.relative_to(ROOT)), line, message[0] if alone else message


def known() -> set[str]:
    """Every sentence, plural forms included, that has its English in one catalogue or another of the package."""
    texts: set[str] = set()
    for path in SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        texts.update(text for message in _read(path) if _written(message) for text in forms(message.id))
    return texts


def main() -> int:
    """Write the common catalogue, or print what all of them lack."""
    settings.configure()  # templatize asks for nothing more
    gathered = list(sentences())
    others = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    for language in others:
        _write_whole(language, gathered)
    if "--missing" not in sys.argv and not others:
        _rewrite(gathered)
    translated = known()
    missing = sorted(
        {f"{file}: {text}" for file, _line, message in gathered for text in forms(message) if text not in translated}
    )
    sys.stdout.write("".join(f"{line}\n" for line in missing))
    return 1 if missing else 0


def _rewrite(gathered: list[tuple[str, int, str | tuple[str, ...]]]) -> None:
    """The common catalogue: the sentences of the rooms that have none, and those it already knew."""
    before, written = _read(CATALOGUE), _catalogue("en")
    for file, _line, message in gathered:
        texts = forms(message)
        if texts and (not _has_its_own(file) or texts[0] in before):
            written.add(texts if len(texts) > 1 else texts[0], locations=[(file, None)])
    for message in written:
        old = before.get(message.id) if message.id else None
        if old is not None and old.string and len(forms(old.id)) == len(forms(message.id)):
            message.string = old.string  # one that was counted and is no more, or the reverse, is written anew
    _write(CATALOGUE, written)


def _write_whole(language: str, gathered: list[tuple[str, int, str | tuple[str, ...]]]) -> None:
    """The one catalogue of a language other than English: every sentence of the package."""
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    before = _read(path, language) if path.exists() else _catalogue(language)
    written = _catalogue(language)
    for file, _line, message in gathered:
        if texts := forms(message):
            written.add(texts if len(texts) > 1 else texts[0], locations=[(file, None)])
    for message in written:
        if message.id and message.id in before:
            message.string = before[message.id].string
    _write(path, written)
    lacking = sum(not _written(message) for message in written if message.id)
    sys.stdout.write(f"{language}: {lacking} of {len(written)} sentences are still in French\n")


def _has_its_own(file: str) -> bool:
    """Whether a folder above the file, below the package, holds a catalogue."""
    folders = (ROOT / file).relative_to(SOURCE).parents
    return any((SOURCE / folder / "locale" / "en").is_dir() for folder in folders if folder.name)


def forms(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The singular and the plural, or the one sentence."""
    parts = message if isinstance(message, tuple | list) else (message,)
    return tuple(part for part in parts if part)[:2]


def _written(message: Message) -> bool:
    return bool(message.id and message.string) and len(forms(message.string)) == len(forms(message.id))


def _read(path: Path, language: str = "en") -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


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
