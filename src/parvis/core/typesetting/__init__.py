"""Pages set as PDF/UA by typst, in a confined child: what people write decides how long that takes, and what it reads."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any, Final

from parvis.core.typography import spaced

FONTS: Final = Path(__file__).resolve().parent / "fonts"
"""The house's fonts, the only ones that a page is set in besides those of the typesetter."""
MISSING: Final = "□"
"""What stands for a letter that no font has: an accessible document must show each of its letters."""
_USUAL = 0x17F
"""The last letter of those that the house's fonts have without a gap."""
_MOST_TRIED = 200


def set_page(folder: Path, template: Path, fonts: Path) -> None:
    """Write ``page.pdf`` in ``folder``, where ``page.json`` and its pictures are; only to be called in a child.

    Words come as data: nothing of them is read as the language of the typesetter.
    """
    import typst  # noqa: PLC0415 after the walls

    shutil.copyfile(template, folder / "page.typ")
    try:
        _compile(folder / "page.typ", folder / "page.pdf", fonts)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        words = (folder / "page.json").read_text(encoding="utf-8")
        (folder / "page.json").write_text(words.translate(_replaced(words, folder, fonts)), encoding="utf-8")
        _compile(folder / "page.typ", folder / "page.pdf", fonts)


def _compile(source: Path, output: Path, fonts: Path) -> None:
    import typst  # noqa: PLC0415

    typst.compile(
        source,
        output=output,
        root=source.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _replaced(words: str, folder: Path, fonts: Path) -> dict[int, str]:
    """What to put instead of each letter that no font has, tried one by one; beyond many of them, nothing unusual is left."""
    unusual = sorted({letter for letter in words if ord(letter) > _USUAL})
    tried, others = unusual[:_MOST_TRIED], unusual[_MOST_TRIED:]
    return {ord(letter): MISSING for letter in (*others, *(one for one in tried if not _is_shown(one, folder, fonts)))}


def _is_shown(letter: str, folder: Path, fonts: Path) -> bool:
    import typst  # noqa: PLC0415

    source = folder / "letter.typ"
    text = f'#set document(title: "-")\n#text(font: "Atkinson Hyperlegible Next", "\\u{{{ord(letter):x}}}")\n'
    source.write_text(text, encoding="utf-8")
    try:
        _compile(source, folder / "letter.pdf", fonts)
    except typst.TypstError:
        return False
    return True


def page_words(value: Any, language: str = "") -> str:
    """The JSON that a template reads: letters composed, narrow spaces as no-break spaces, control characters left out.

    With their ``language`` texts have its spaces; what is printed word for word is left as it was written.
    """
    return json.dumps(_typeset(value, language), ensure_ascii=False)


def _typeset(value: Any, language: str) -> Any:
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", spaced(value, language) if language else value).replace(
            "\u202f", "\u00a0"
        )
        return "".join(letter for letter in composed if letter.isprintable() or letter in "\n\u00a0")
    if isinstance(value, dict):
        return {name: _typeset(one, language) for name, one in value.items()}
    return [_typeset(one, language) for one in value] if isinstance(value, list | tuple) else value
