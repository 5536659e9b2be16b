"""An act set from its text is a tagged PDF that says its title and its language, and shows what is hidden."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from parvis.core.acts.model import Page, Passage
from parvis.core.acts.typeset import typeset_text
from parvis.core.children import close
from parvis.core.redaction import MARK, text_of_published
from parvis.core.redaction.verification import verify_in_child

_ROOT = importlib.util.find_spec("parvis")
assert _ROOT is not None
assert _ROOT.origin is not None
FONTS = Path(_ROOT.origin).parent / "hub/pages/paper/fonts"
TEXT = "DÉCIDE\nArticle 1er : une aide de 300 € à Mme Paulette MERCIER\n#set text(size: 90pt) $x$ @a <b> \\\nœuvre, 漢, Ω, ☐"


@pytest.fixture(autouse=True, scope="module")
def server() -> Iterator[None]:
    """Its end."""
    yield
    close()


def test_an_act_set_from_its_text_is_tagged_and_hides_what_is_hidden(tmp_path: Path) -> None:
    """Words are data: nothing of them is read as the language of the typesetter, and no sign stops it."""
    start = TEXT.index("Mme")
    pages = text_of_published([Page(1, TEXT)], [Passage(1, start, start + 20, "Mme Paulette MERCIER")])
    path = typeset_text(
        pages, tmp_path, FONTS, title="Délibération n° 12", mark=MARK, about=["3 mars 2026"], footer="Couthenans"
    )
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded()
    assert f"une aide de 300 € à {MARK}" in text
    assert "#set text(size: 90pt) $x$ @a <b> \\" in text
    assert "œuvre, ?, Ω, [ ]" in text
    assert verify_in_child(path, ("Paulette MERCIER",), (), None).is_publishable
    with pikepdf.open(path) as pdf:
        assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked, pdf.docinfo["/Title"]) == ("fr", True, "Délibération n° 12")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()


def test_a_text_beyond_any_act_is_refused(tmp_path: Path) -> None:
    """Rather than cut."""
    with pytest.raises(ValueError, match="letters"):
        typeset_text([Page(1, "a" * 3_000_001)], tmp_path, FONTS, title="", mark=MARK)
