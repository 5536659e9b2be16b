"""PDF, DOCX, ODT and plain text read into pages; what is hostile or broken is told, and never more."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pikepdf
import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf import style, table, teletype, text
from odf.opendocument import OpenDocumentText
from PIL import Image

from parvis.core.acts.model import Method
from parvis.core.acts.reading import document as reading
from parvis.core.acts.reading.document import read_document
from parvis.core.acts.reading.errors import ActBroken, ActProtected, ActTooLong, ActUnknown
from parvis.core.acts.reading.kinds import ACT_KINDS, act_kind
from parvis.core.acts.reading.pdf import _Layer, _needs_recognition
from parvis.core.acts.reading.scans import LONGEST_SIDE, MOST_PIXELS
from parvis.core.acts.reading.tests.made import ACT, STAMP, kept, scan_pdf, set_pdf
from parvis.core.documents.errors import DocumentMismatch
from parvis.core.errors import DataError


def test_a_pdf_is_read_line_by_line_with_what_it_says_of_itself(tmp_path):
    path = kept(tmp_path, "acte.pdf", set_pdf(ACT, title="Délibération 11", pages=2))
    read = read_document(path, "pdf", "acte.pdf")
    assert (read.page_count, read.title, read.language, read.is_tagged) == (2, "Délibération 11", "fr", True)
    assert [page.method for page in read.pages] == [Method.TEXT] * 2
    assert "Séance du 12 mars 2024" in read.pages[1].text.splitlines()
    assert read.pages[0].text.split() == " ".join(ACT.split()).split()


def test_pages_are_asked_some_at_a_time(tmp_path):
    path = kept(tmp_path, "acte.pdf", set_pdf("Une page", pages=7))
    assert [page.number for page in read_document(path, "pdf", "x", first=3, most=2).pages] == [3, 4]
    assert [page.number for page in read_document(path, "pdf", "x", first=6).pages] == [6, 7]
    assert read_document(path, "pdf", "x", most=0).pages == ()


def test_a_call_that_lasts_stops_after_the_page_it_is_at(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "ENOUGH_SECONDS", 0.0)
    path = kept(tmp_path, "acte.pdf", set_pdf("Une page", pages=3))
    assert [page.number for page in read_document(path, "pdf", "x", first=2).pages] == [2]


def test_a_page_is_recognised_when_what_it_says_is_not_in_its_text():
    scarce, much = f"{STAMP}\nPage 1 / 2", ACT
    assert _needs_recognition(_Layer(scarce, 0.0, is_drawn=True), scarce, is_doubtful=False)
    assert not _needs_recognition(_Layer(scarce, 0.0, is_drawn=False), scarce, is_doubtful=False)
    assert not _needs_recognition(_Layer(much, 1.0, is_drawn=True), much, is_doubtful=False)
    assert _needs_recognition(_Layer(much, 0.0, is_drawn=False), much, is_doubtful=True)
    header = "Commune de Saint-Bauzille-de-la-Sylve, registre des délibérations"
    assert _needs_recognition(_Layer(header, 0.9, is_drawn=True), header, is_doubtful=False)
    assert not _needs_recognition(_Layer(header, 0.1, is_drawn=True), header, is_doubtful=False)


def test_without_data_a_scan_is_unreadable_and_its_stamp_is_kept(tmp_path):
    grey = Image.linear_gradient("L").resize((600, 800))
    path = kept(tmp_path, "acte.pdf", scan_pdf([grey], layer=STAMP))
    page = read_document(path, "pdf", "acte.pdf").pages[0]
    assert (page.method, page.text) == (Method.UNREADABLE, STAMP)


def test_a_protected_pdf_is_told_and_one_that_opens_is_read(tmp_path):
    for name, password in (("closed", "secret"), ("open", "")):
        with pikepdf.open(BytesIO(set_pdf("Le conseil décide"))) as pdf:
            pdf.save(tmp_path / f"{name}.pdf", encryption=pikepdf.Encryption(owner="maire", user=password))
    with pytest.raises(ActProtected, match="mot de passe"):
        read_document(tmp_path / "closed.pdf", "pdf", "closed.pdf")
    read = read_document(tmp_path / "open.pdf", "pdf", "open.pdf")
    assert read.is_encrypted
    assert read.pages[0].text == "Le conseil décide"


def test_a_pdf_without_pages_or_with_too_many_is_refused(tmp_path):
    pikepdf.new().save(tmp_path / "none.pdf")
    with pytest.raises(ActBroken):
        read_document(tmp_path / "none.pdf", "pdf", "none.pdf")
    long = pikepdf.new()
    page = long.add_blank_page()
    long.pages.extend([page] * 1_000)
    long.save(tmp_path / "long.pdf")
    with pytest.raises(ActTooLong, match="1000 pages"):
        read_document(tmp_path / "long.pdf", "pdf", "long.pdf")


def test_an_immense_page_is_looked_at_small(tmp_path):
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(14_400, 14_400))
    page.Contents = pikepdf.Stream(pdf, b"0 0 14000 14000 re f")
    page.obj.UserUnit = 50
    thin = pdf.add_blank_page(page_size=(14_400, 3))
    thin.obj.MediaBox = [0, 0, 2_000_000, 1]
    thin.Contents = pikepdf.Stream(pdf, b"0 0 100 1 re f")
    pdf.save(tmp_path / "poster.pdf")
    sizes = []

    def seen(picture):
        sizes.append(picture.size)
        raise AssertionError

    reader = reading.PdfReader(tmp_path / "poster.pdf", "poster.pdf")
    for number in (1, 2):
        with pytest.raises(AssertionError):
            reader.page(number, seen)
    assert all(wide * tall <= MOST_PIXELS + 10_000 and max(wide, tall) <= LONGEST_SIDE for wide, tall in sizes)


def test_a_form_that_draws_itself_ends(tmp_path):
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    form = pdf.make_stream(b"/F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page.Contents = pikepdf.Stream(pdf, b"/F Do")
    pdf.save(tmp_path / "loop.pdf")
    assert not read_document(tmp_path / "loop.pdf", "pdf", "loop.pdf").pages[0].text


def made_docx(folder):
    file = Document()
    file.core_properties.title, file.core_properties.language = "Procès-verbal", "fr-FR"
    file.sections[0].header.paragraphs[0].text = "Commune de Saint-Bauzille"
    file.sections[0].footer.paragraphs[0].text = "Place de la mairie"
    file.add_heading("Délibération 11", 1)
    grid = file.add_table(rows=2, cols=2)
    for cell, words in zip(
        (cell for row in grid.rows for cell in row.cells), ("Pour", "12", "Contre", "1"), strict=True
    ):
        cell.text = words
    paragraph = file.add_paragraph("Le conseil ")
    removed = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>refuse</w:delText></w:r></w:del>')
    added = parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>décide</w:t></w:r></w:ins>')
    box = parse_xml(
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        "<mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>Cadre</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>Cadre</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    for piece in (removed, added, box):
        paragraph._p.append(piece)
    file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    last = file.add_paragraph("Suite")
    last.runs[0]._r.append(parse_xml(f"<w:tab {nsdecls('w')}/>"))
    last.add_run("page deux")
    assert last._p.tag == qn("w:p")
    path = folder / "acte.docx"
    file.save(path)
    return path


def test_a_docx_is_read_in_its_order_with_its_tables_boxes_headers_and_footers(tmp_path):
    read = read_document(made_docx(tmp_path), "docx", "acte.docx")
    assert read.title == "Procès-verbal"
    assert [page.text for page in read.pages] == [
        "Commune de Saint-Bauzille\nDélibération 11\nPour 12\nContre 1\nLe conseil décide\nCadre",
        "Suite page deux\n\nPlace de la mairie",
    ]


def test_an_odt_is_read_in_its_order_with_its_tables_notes_and_page_breaks(tmp_path):
    file = OpenDocumentText()
    breaking = style.Style(name="B", family="paragraph")
    breaking.addElement(style.ParagraphProperties(breakbefore="page"))
    file.automaticstyles.addElement(breaking)
    file.text.addElement(text.H(outlinelevel=1, text="Délibération 11"))
    grid = table.Table(name="votes")
    row = table.TableRow()
    for words in ("Pour", "12"):
        cell = table.TableCell()
        cell.addElement(text.P(text=words))
        row.addElement(cell)
    grid.addElement(row)
    file.text.addElement(grid)
    paragraph = text.P(text="Le conseil")
    paragraph.addElement(text.S(c=2))
    paragraph.addText("décide")
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text="à main levée"))
    note.addElement(body)
    paragraph.addElement(note)
    paragraph.addText(" hier")
    file.text.addElement(paragraph)
    file.text.addElement(text.P(text="Page deux", stylename=breaking))
    file.save(tmp_path / "acte.odt")
    read = read_document(tmp_path / "acte.odt", "odt", "acte.odt")
    assert [page.text for page in read.pages] == [
        "Délibération 11\nPour 12\nLe conseil décide (à main levée ) hier",
        "Page deux",
    ]
    assert teletype.extractText(file.text).startswith("Délibération 11")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_plain_text_is_read_whatever_wrote_it(tmp_path, encoding):
    path = kept(tmp_path, "acte.txt", "Le maire d’Œuilly a décidé".encode(encoding))
    assert read_document(path, "txt", "acte.txt").pages[0].text == "Le maire d’Œuilly a décidé"


@pytest.mark.parametrize("line", ["Le conseil délibère.\n", "Le conseil délibère. "])
def test_an_act_whose_end_nobody_would_read_is_told_too_long(tmp_path, line):
    for suffix, body in (
        ("txt", (line * 160_000).encode()),
        ("docx", in_docx(tmp_path, b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            b"<w:body><w:p><w:r><w:t>" + (line * 160_000).encode() + b"</w:t></w:r></w:p></w:body></w:document>").read_bytes()),
    ):  # fmt: skip
        with pytest.raises(ActTooLong):
            read_document(kept(tmp_path, f"acte.{suffix}", body), suffix, "acte")
    whole = read_document(kept(tmp_path, "acte.txt", ("Le conseil délibère.\n" * 100_000).encode()), "txt", "acte.txt")
    assert sum(page.text.count("délibère") for page in whole.pages) == 100_000


def in_docx(folder, part: bytes):
    path = folder / "hostile.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", part)
    return path


def test_entities_and_depth_and_bulk_are_refused_or_read_as_nothing(tmp_path):
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    for part in (
        b'<!DOCTYPE d [<!ENTITY l0 "ha">' + laughs + b"]><d>&l11;</d>",
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
        b"<d>&unknown;</d>",
        b"<d>",
    ):
        with pytest.raises(ActBroken):
            read_document(in_docx(tmp_path, part), "docx", "hostile.docx")
    with pytest.raises(DocumentMismatch):
        read_document(in_docx(tmp_path, b"<d>" + b" " * 60_000_000 + b"</d>"), "docx", "hostile.docx")
    deep = read_document(in_docx(tmp_path, b"<d>" * 50_000 + b"</d>" * 50_000), "docx", "hostile.docx")
    assert not deep.pages


def test_a_file_is_read_as_what_it_is_called_or_not_at_all(tmp_path):
    assert act_kind("ACTE.PDF").suffix == "pdf"
    with pytest.raises(ActUnknown, match="xlsx"):
        act_kind("budget.xlsx")
    for suffix in ACT_KINDS:
        with pytest.raises(DataError):
            read_document(kept(tmp_path, "x", b""), suffix, "x")
    for suffix in set(ACT_KINDS) - {"txt"}:
        with pytest.raises(DataError):
            read_document(kept(tmp_path, "x", b"MZ\x90\x00 no act"), suffix, "x")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), suffix=st.sampled_from(["docx", "pdf", "png", "txt"]))
def test_cut_and_changed_bytes_give_pages_or_an_error_of_ours(tmp_path, data, suffix):
    whole = _whole(tmp_path, suffix)
    body = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for place in data.draw(st.lists(st.integers(0, max(0, len(body) - 1)), max_size=20)):
        if body:
            body[place] = data.draw(st.integers(0, 255))
    try:
        read = read_document(kept(tmp_path, f"fuzz.{suffix}", bytes(body)), suffix, "fuzz")
    except DataError:
        return
    assert [page.number for page in read.pages] == list(range(1, len(read.pages) + 1))


def _whole(folder, suffix: str) -> bytes:
    path = folder / f"whole.{suffix}"
    if not path.exists():
        if suffix == "docx":
            made_docx(folder).rename(path)
        elif suffix == "png":
            Image.linear_gradient("L").save(path)
        else:
            path.write_bytes(set_pdf(ACT) if suffix == "pdf" else ACT.encode())
    return path.read_bytes()
