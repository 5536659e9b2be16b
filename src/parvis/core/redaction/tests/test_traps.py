"""A hidden name is nowhere in what is published, and whoever looks for it there would have seen it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.acts.model import Page, Passage
from parvis.core.redaction import Redaction, pixels
from parvis.core.redaction.redactor import redact_in_child
from parvis.core.redaction.tests.documents import LINES, NAME
from parvis.core.redaction.tests.traps import TRAPS
from parvis.core.redaction.verification import verify_in_child

TEXT = "\n".join(LINES)
START = TEXT.index(NAME)
FIRST = Passage(1, START, START + len(NAME), NAME)
ASKED = Redaction((Page(1, TEXT), Page(2, "Une seconde page, sans personne")), (FIRST,), title="Délibération")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recognised here: pages need not be drawn finely."""
    monkeypatch.setattr(pixels, "MOST_PIXELS", 300_000)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_name_hidden_on_a_page_is_in_no_trap_of_what_is_published(trap: str, tmp_path: Path) -> None:
    """Its bytes neither."""
    source, target, scratch = TRAPS[trap](tmp_path), tmp_path / "published.pdf", tmp_path / "scratch"
    scratch.mkdir()
    report = redact_in_child(source, target, "act.pdf", ASKED, scratch, None)
    assert 1 in report.redrawn
    assert verify_in_child(target, ASKED.words, (), None).is_publishable
    assert b"uatrebarbes" not in target.read_bytes()


@pytest.mark.parametrize("trap", sorted(TRAPS.keys() - {"what nothing leads to"}))
def test_a_name_left_in_a_trap_is_seen(trap: str, tmp_path: Path) -> None:
    """In a file whose first page was drawn again and whose second, and all the rest, was left as it was."""
    source = TRAPS[trap](tmp_path)
    report = verify_in_child(source, ASKED.words, (FIRST,), None)
    assert any(hit.page != 1 for hit in report.hits)
    assert report.unread == ()
