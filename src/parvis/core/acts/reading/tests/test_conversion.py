"""Older formats are opened by LibreOffice, where there is one."""

from __future__ import annotations

import pytest
from odf import text
from odf.opendocument import OpenDocumentText

from parvis.core.acts.reading import conversion, find_office, find_tessdata, read_pages
from parvis.core.acts.reading.errors import ActBroken, ConverterMissing
from parvis.core.acts.reading.tests.made import kept
from parvis.core.children import ReadingFailed

RTF = rb"{\rtf1\ansi Le conseil d\'e9cide\page Page deux}"


@pytest.fixture
def read(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return lambda name, body: list(read_pages(kept(tmp_path, name, body), name.rsplit(".", 1)[1], name, scratch))


def test_without_libreoffice_its_sender_is_told_what_to_do(read, monkeypatch):
    monkeypatch.setattr(conversion, "find_office", lambda: None)
    with pytest.raises(ConverterMissing, match="LibreOffice") as refused:
        read("acte.rtf", RTF)
    assert "PDF" in refused.value.hint()


@pytest.mark.skipif(find_office() is None, reason="waiting on LibreOffice, which make test does not install")
def test_libreoffice_opens_it_confined(read):
    (part,) = read("acte.rtf", RTF)
    assert part.suffix == "rtf"
    assert [page.text for page in part.pages] == ["Le conseil décide", "Page deux"]


@pytest.mark.skipif(find_office() is None, reason="waiting on LibreOffice, which make test does not install")
def test_bytes_that_only_begin_as_a_word_file_are_not_read_as_text(read):
    with pytest.raises(ActBroken):
        read("acte.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"Le conseil d\xe9cide\n" * 500)


def test_what_it_writes_is_read_and_the_rest_is_refused(read, monkeypatch):
    monkeypatch.setattr(conversion, "find_office", lambda: "/usr/bin/soffice")

    def converts(command, permits, **_asked):
        file = OpenDocumentText()
        file.text.addElement(text.P(text="Le conseil décide"))
        file.save(permits.write[1] / "act.odt")

    def fails(command, permits, **_asked):
        raise ReadingFailed(file=permits.name)

    def links(command, permits, **_asked):
        (permits.write[1] / "act.odt").symlink_to("/etc/passwd")

    monkeypatch.setattr(conversion, "run_program", converts)
    (part,) = read("acte.rtf", RTF)
    assert (part.suffix, part.pages[0].text) == ("rtf", "Le conseil décide")
    with pytest.raises(ActBroken):
        read("acte.doc", b"<html>no act</html>")
    for breaks in (fails, links, lambda *_given, **_asked: None):
        monkeypatch.setattr(conversion, "run_program", breaks)
        with pytest.raises(ActBroken):
            read("acte.rtf", RTF)


def test_the_data_of_french_is_found_where_systems_put_it_or_where_one_says(tmp_path):
    assert find_tessdata(root=tmp_path) is None
    older, newer, chosen = (tmp_path / f"usr/share/tesseract-ocr/{n}/tessdata" for n in ("4.00", "5", "own"))
    for folder in (older, newer):
        folder.mkdir(parents=True)
        (folder / "fra.traineddata").touch()
    assert find_tessdata(root=tmp_path) == newer
    chosen.mkdir(parents=True)
    (chosen / "eng.traineddata").touch()
    assert find_tessdata(str(chosen), root=tmp_path) is None
