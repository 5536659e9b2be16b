"""Files are read by confined children, some pages at a time; what ends a child ends the reading of its page alone."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from parvis.core.acts.model import Method
from parvis.core.acts.reading import confined, read_pages
from parvis.core.acts.reading.errors import ActProtected, ActTooLong
from parvis.core.acts.reading.tests.made import ACT, TESSDATA, kept, picture_of, scan_pdf, set_pdf
from parvis.core.children import ReadingFailed, ReadingTooLong
from parvis.core.errors import Cancelled


def everything(path, folder, **asked):
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    parts = list(read_pages(path, path.suffix[1:], path.name, scratch, **asked))
    return parts, [page for part in parts for page in part.pages]


@pytest.mark.skipif(TESSDATA is None, reason="never where tests run: make test installs the French of Tesseract")
def test_a_confined_child_recognises_a_scan(tmp_path):
    path = kept(tmp_path, "acte.pdf", scan_pdf([picture_of(set_pdf(ACT))]))
    (_part,), (page,) = everything(path, tmp_path, tessdata=TESSDATA)
    assert page.method is Method.RECOGNISED
    assert "Saint-Bauzille-de-la-Sylve" in page.text
    assert path.read_bytes()[:5] == b"%PDF-"


def test_pages_come_in_parts_and_a_reading_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "MOST_AT_ONCE", 2)
    path = kept(tmp_path, "acte.pdf", set_pdf("Une page", pages=5))
    parts, pages = everything(path, tmp_path)
    assert [len(part.pages) for part in parts] == [2, 2, 1]
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert [page.number for page in everything(path, tmp_path, first=4)[1]] == [4, 5]
    assert everything(path, tmp_path, first=6)[1] == []


def test_a_page_that_its_child_does_not_survive_is_unreadable_and_the_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "SECONDS", 2.0)
    with pikepdf.open(BytesIO(set_pdf("Une page", pages=3))) as pdf:
        form = pdf.make_stream(b"/F Do " * 8, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        pdf.pages[1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        pdf.pages[1].Contents = pikepdf.Stream(pdf, b"/F Do")
        pdf.save(tmp_path / "loop.pdf")
    _parts, pages = everything(tmp_path / "loop.pdf", tmp_path)
    assert [(page.number, page.method) for page in pages] == [
        (1, Method.TEXT),
        (2, Method.UNREADABLE),
        (3, Method.TEXT),
    ]
    monkeypatch.setattr(confined, "MOST_FAILURES", 0)
    with pytest.raises(ReadingTooLong):
        everything(tmp_path / "loop.pdf", tmp_path)


def test_pages_that_say_more_than_anybody_goes_through_are_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "MOST_LETTERS", 20)
    with pytest.raises(ActTooLong):
        everything(kept(tmp_path, "acte.pdf", set_pdf("Une page", pages=5)), tmp_path)


def test_errors_come_back_as_ours_and_a_stop_stops(tmp_path):
    with pikepdf.open(BytesIO(set_pdf("Le conseil décide", pages=2))) as pdf:
        pdf.save(tmp_path / "closed.pdf", encryption=pikepdf.Encryption(owner="maire", user="secret"))
    with pytest.raises(ActProtected, match=r"closed\.pdf"):
        everything(tmp_path / "closed.pdf", tmp_path)

    def stop(stage, done, total=None):
        raise Cancelled

    with pytest.raises(Cancelled):
        everything(kept(tmp_path, "acte.pdf", set_pdf("Une page", pages=3)), tmp_path, progress=stop)


def test_what_takes_more_memory_than_permitted_fails_and_nothing_else_does(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "MEMORY", 1_000_000)
    monkeypatch.setattr(confined, "MOST_FAILURES", 1)
    with pytest.raises(ReadingFailed):
        everything(kept(tmp_path, "acte.txt", ACT.encode() * 9_000), tmp_path)
