"""Pages as they are seen: scans, their invisible texts, pictures of text, turned pages; recognised again by Tesseract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PIL import Image

from parvis.core.acts.model import Method, Page, Passage
from parvis.core.acts.reading.tessdata import find_tessdata
from parvis.core.acts.recognition import words_of
from parvis.core.children import ReadingFailed, close
from parvis.core.redaction import (
    MARK,
    Box,
    Redaction,
    RedactionReport,
    occurrences_in_document,
    redact,
    text_of_published,
    verify,
    whole_and_cut,
)
from parvis.core.redaction.errors import NothingToHide, PdfProtected, RedactionRefused, WordsNotLocated
from parvis.core.redaction.redactor import redact_in_child
from parvis.core.redaction.tests.documents import LINES, NAME, SIZE, add_picture, picture_of, saved, written
from parvis.core.redaction.verification import verify_in_child

TESSDATA = find_tessdata()
TEXT = "\n".join(LINES)
needs_tesseract = pytest.mark.skipif(
    TESSDATA is None, reason="never where tests run: make test installs the French of Tesseract"
)


@pytest.fixture(autouse=True, scope="module")
def server() -> Iterator[None]:
    """One fork server for all."""
    yield
    close()


def asked(text: str = TEXT, words: str = NAME, method: Method = Method.TEXT, **more: object) -> Redaction:
    """Hide each occurrence of ``words``."""
    passages = [Passage(1, match.start(), match.end(), words) for match in re.finditer(re.escape(words), text)]
    return Redaction((Page(1, text, method),), tuple(passages), title="Acte", **more)  # type: ignore[arg-type]


def done(source: Path, redaction: Redaction, tessdata: Path | None = TESSDATA) -> tuple[Path, RedactionReport]:
    """The published file."""
    scratch, target = source.parent / "scratch", source.parent / "published.pdf"
    scratch.mkdir(exist_ok=True)
    return target, redact_in_child(source, target, source.name, redaction, scratch, tessdata)


def text_of(path: Path, page: int = 0) -> str:
    """What PDFium reads."""
    return str(pypdfium2.PdfDocument(path)[page].get_textpage().get_text_bounded())


def scan(folder: Path, lines: tuple[str, ...] = LINES, behind: bytes = b"", angle: int = 0) -> Path:
    """A page that is a picture."""

    def change(pdf: pikepdf.Pdf) -> None:
        add_picture(pdf, picture_of(lines, angle), behind)

    return saved(folder, change=change)


@needs_tesseract
def test_a_page_of_text_is_published_and_verified_in_children(tmp_path: Path) -> None:
    """By the doors that all processes use; the second page keeps its text, the first has what can still be read of it."""
    source = saved(tmp_path, written(), written(("Seconde page",)))
    redaction = Redaction((Page(1, TEXT), Page(2, "Seconde page")), asked().passages, title="Acte", language="fr")
    (tmp_path / "scratch").mkdir()
    report = redact(source, tmp_path / "out.pdf", redaction, tmp_path / "scratch", TESSDATA)
    assert (report.redrawn, report.without_text) == ((1,), ())
    assert "300 euros" in text_of(tmp_path / "out.pdf")
    assert f"a {MARK} pour son loyer" in text_of(tmp_path / "out.pdf")
    assert text_of(tmp_path / "out.pdf", 1) == "Seconde page"
    assert verify(tmp_path / "out.pdf", redaction.words, tmp_path / "scratch", TESSDATA).is_publishable
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"]), list(pdf.docinfo)) == ("fr", "Acte", ["/Title"])
    seen = verify(source, redaction.words, tmp_path / "scratch", TESSDATA)
    assert {hit.source for hit in seen.hits} == set(seen.sources)


@needs_tesseract
@pytest.mark.parametrize("angle", [90])
def test_words_of_a_scan_are_hidden_where_they_were_recognised(angle: int, tmp_path: Path) -> None:
    """Whichever way up it is."""
    source = scan(tmp_path, angle=angle)
    picture = pypdfium2.PdfDocument(source)[0].render(scale=300 / 72).to_pil()
    text = " ".join(word.text for word in words_of(picture, TESSDATA).words)
    target, report = done(source, asked(text, "Quatrebarbes", Method.RECOGNISED))
    assert report.redrawn == (1,)
    assert verify_in_child(target, ("Quatrebarbes",), (), TESSDATA).is_publishable
    assert "loyer" in text_of(target)


@needs_tesseract
def test_the_invisible_text_of_a_scan_is_believed_where_the_picture_says_the_same(tmp_path: Path) -> None:
    """Both are hidden."""
    places = (
        b"BT 3 Tr /F1 14 Tf 58 750 Td 33.6 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in LINES) + b" ET"
    )
    target, _report = done(scan(tmp_path, behind=places), asked())
    assert verify_in_child(target, (NAME,), (), TESSDATA).is_publishable


@needs_tesseract
def test_the_invisible_text_of_a_scan_is_not_believed_where_it_is_beside_the_picture(tmp_path: Path) -> None:
    """Its words are hidden where they are recognised, or nothing is published."""
    elsewhere = (
        b"BT 3 Tr /F1 9 Tf 90 400 Td 33.6 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in LINES) + b" ET"
    )
    target, _report = done(scan(tmp_path, behind=elsewhere), asked())
    assert verify_in_child(target, (NAME,), (), TESSDATA).is_publishable


@needs_tesseract
def test_a_picture_of_the_name_beside_the_text_is_hidden_too(tmp_path: Path) -> None:
    """As a signature or a stamp has it; drawn letters that are no text are such a picture."""

    def change(pdf: pikepdf.Pdf) -> None:
        add_picture(pdf, picture_of(("", "", "", "", "", "", NAME)), written())

    target, _report = done(saved(tmp_path, change=change), asked())
    assert verify_in_child(target, (NAME,), (), TESSDATA).is_publishable


@needs_tesseract
def test_a_picture_of_the_name_on_another_page_is_seen(tmp_path: Path) -> None:
    """Nobody can hide what no text says: the verification refuses it, and a person draws a rectangle."""

    def change(pdf: pikepdf.Pdf) -> None:
        add_picture(pdf, picture_of((NAME,)))

    source = saved(tmp_path, written(), change=change)
    target, _report = done(source, asked())
    assert {(hit.source, hit.page) for hit in verify_in_child(target, (NAME,), (), TESSDATA).hits} == {
        ("recognition", 2)
    }
    target, report = done(source, asked(boxes=(Box(2, 0.05, 0.05, 0.9, 0.15),)))
    assert (report.redrawn, report.covered) == ((1, 2), ())
    assert verify_in_child(target, (NAME,), (), TESSDATA).is_publishable


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_and_cropped_page_is_hidden_at_the_right_place(turn: int, tmp_path: Path) -> None:
    """No letter of the name is left, and the letters around are."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = turn
        pdf.pages[0].obj.CropBox = pikepdf.Array([30, 500, SIZE[0], SIZE[1]])

    shown = (" ", NAME)
    only = saved(tmp_path, written(shown), change=change)
    target, _report = done(only, asked(NAME), None)
    dark = Image.Image.getextrema(pypdfium2.PdfDocument(target)[0].render(scale=1).to_pil().convert("L"))
    with pypdfium2.PdfDocument(target) as made, pypdfium2.PdfDocument(only) as former:
        assert [round(side) for side in made[0].get_size()] == [round(side) for side in former[0].get_size()]
        left = former[0].render(scale=1).to_pil().convert("L").point(lambda value: 255 * (value < 128))
        box = left.getbbox()
        assert box is not None
        hidden = made[0].render(scale=1).to_pil().convert("L").point(lambda value: 255 * (value < 128))
        assert hidden.crop(box).getextrema()[0] == 255
        cover = hidden.getbbox()
        assert cover is not None
        assert abs(cover[0] - box[0]) < 110
        assert abs(cover[3] - box[3]) < 110
    assert dark[0] == 0


def test_boxes_of_two_names_of_near_lengths_are_alike_where_there_is_room(tmp_path: Path) -> None:
    """Their length does not tell which it is."""
    widths = []
    for name in ("Jean Roux", "Jean Rouxel"):
        target, _report = done(saved(tmp_path, written((name,))), asked(name, name), None)
        box = (
            pypdfium2.PdfDocument(target)[0]
            .render(scale=2)
            .to_pil()
            .convert("L")
            .point(lambda v: 255 * (v < 128))
            .getbbox()
        )
        assert box is not None
        widths.append(box[2] - box[0])
    assert abs(widths[0] - widths[1]) <= 2


def test_without_recognition_a_drawn_page_has_no_text_and_the_report_says_so(tmp_path: Path) -> None:
    """Never the former text."""
    target, report = done(saved(tmp_path, written()), asked(), None)
    assert (report.without_text, text_of(target).strip()) == ((1,), "")


def test_words_that_are_not_on_the_page_are_refused(tmp_path: Path) -> None:
    """So are passages of no letter, and of pages that are not there."""
    source = saved(tmp_path, written())
    with pytest.raises(WordsNotLocated):
        done(source, asked("Un tout autre texte de Paul Morel", "Paul Morel"), None)
    with pytest.raises(NothingToHide):
        done(source, Redaction((Page(1, TEXT),), (Passage(1, 4_000, 4_010, "?"),)), None)
    with pytest.raises(NothingToHide):
        done(source, Redaction((Page(1, TEXT),), (), (Box(3, 0, 0, 1, 1),)), None)


def test_the_text_under_a_rectangle_is_told_so_that_no_other_form_of_the_act_says_it(tmp_path: Path) -> None:
    """Half a word is a word."""
    source = saved(tmp_path, written())
    box = Box(1, 0.0, (842 - 760 + 48 - 12) / 842, 0.3, (842 - 760 + 48 + 2) / 842)
    target, report = done(source, Redaction((Page(1, TEXT),), (), (box,)), None)
    (covered,) = report.covered
    assert covered.text.startswith("a Jean Quatreb")
    assert "loyer" not in covered.text
    assert report.redrawn == (1,)
    assert MARK in text_of_published([Page(1, TEXT)], report.covered)[0].text
    assert "uatreb" not in text_of(target)


def on_line(rank: int, left: float = 0.0, right: float = 1.0) -> Box:
    """A rectangle over a line of ``written``."""
    base = 842 - 760 + 24 * rank
    return Box(1, left, (base - 14) / 842, right, (base + 6) / 842)


@needs_tesseract
def test_what_is_under_a_rectangle_is_looked_for_there_and_nowhere_else(tmp_path: Path) -> None:
    """The same words elsewhere are nobody's business: a rectangle hides a place."""
    lines = ("Fait a Grigny, le maire Paul Morel", "Le conseil", "Pour copie, Paul Morel")
    source = saved(tmp_path, written(lines), written(("Le maire Paul Morel",)))
    box = on_line(2)
    seen = verify_in_child(source, (), (), TESSDATA, (box,))
    assert {(hit.source, hit.page) for hit in seen.hits} == {("pixels", 1), ("pdfminer", 1)}
    text = "\n".join(lines)
    target, report = done(source, Redaction((Page(1, text),), (), (box,)))
    assert [passage.text for passage in report.covered] == ["Pour copie, Paul Morel"]
    assert "maire Paul Morel" in text_of(target)
    assert MARK in text_of(target)
    left = verify_in_child(target, (), (), TESSDATA, (box,))
    assert left.is_publishable
    assert left.sources == ("pixels", "pdfminer")


def test_a_rectangle_that_is_not_black_or_holds_text_is_seen(tmp_path: Path) -> None:
    """A black drawing over a text is what many take for an occultation."""
    box = on_line(2)
    drawing = b"q 0 g 0 680 595 50 re f Q"
    over = saved(tmp_path, written() + b" " + drawing)
    hits = verify_in_child(over, (), (), None, (Box(1, 0.0, 118 / 842, 1.0, 160 / 842),)).hits
    assert {(hit.source, hit.page) for hit in hits} == {("pixels", 1), ("pdfminer", 1)}
    blank = saved(tmp_path, b"")
    assert {hit.source for hit in verify_in_child(blank, (), (), None, (box,)).hits} == {"pixels"}
    black = saved(tmp_path, b"0 g 0 0 595 842 re f")
    assert verify_in_child(black, (), (), None, (box,)).is_publishable
    # A page that is not there is one that nobody could read.
    assert verify_in_child(black, (), (), None, (Box(3, 0.1, 0.1, 0.5, 0.5),)).unread


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rectangle_is_where_the_turned_page_shows_it(turn: int, tmp_path: Path) -> None:
    """In fractions of the page as people see it."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = turn
        pdf.pages[0].obj.CropBox = pikepdf.Array([30, 500, SIZE[0], SIZE[1]])

    source = saved(tmp_path, written((" ", NAME)), change=change)
    with pypdfium2.PdfDocument(source) as former:
        picture = former[0].render(scale=1).to_pil().convert("L").point(lambda value: 255 * (value < 128))
    left, top, right, bottom = picture.getbbox() or (0, 0, 0, 0)
    wide, tall = picture.size
    box = Box(1, (left - 3) / wide, (top - 3) / tall, (right + 3) / wide, (bottom + 3) / tall)
    target, report = done(source, Redaction((Page(1, NAME),), (), (box,)), None)
    assert [passage.text for passage in report.covered] == [NAME]
    assert verify_in_child(target, (), (), None, (box,)).is_publishable
    assert "uatreb" not in text_of(target)


def test_words_that_nobody_can_place_are_hidden_by_a_rectangle_drawn_on_them(tmp_path: Path) -> None:
    """As the refusal asks for; a rectangle elsewhere does not help."""
    behind = (
        b"BT 3 Tr /F1 14 Tf 58 750 Td 33.6 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in LINES) + b" ET"
    )
    source = scan(tmp_path, behind=behind)
    base = 842 - 750 + 2 * 33.6
    on_words = Box(1, 0.0, (base - 16) / 842, 1.0, (base + 6) / 842)
    with pytest.raises(WordsNotLocated):
        done(source, asked(), None)
    with pytest.raises(WordsNotLocated):
        done(source, asked(boxes=(Box(1, 0.1, 0.8, 0.5, 0.9),)), None)
    target, report = done(source, asked(boxes=(on_words,)), None)
    assert report.redrawn == (1,)
    assert verify_in_child(target, (NAME,), (), TESSDATA, (on_words,)).is_publishable


def test_a_namesake_that_a_person_keeps_stays_and_is_counted(tmp_path: Path) -> None:
    """On its page, as often as it was kept and no more."""
    lines = ("Monsieur Roux preside", "Aide a Roux pour son loyer")
    text = "\n".join(lines)
    first, second = (Passage(1, match.start(), match.end(), "Roux") for match in re.finditer("Roux", text))
    redaction = Redaction((Page(1, text),), (second,), spared=(first,))
    assert verify_in_child(saved(tmp_path, written(lines)), ("Roux",), (first,), None).hits
    target, _report = done(saved(tmp_path, written(lines)), redaction, None)
    assert verify_in_child(target, ("Roux",), (first,), None).is_publishable
    assert verify_in_child(saved(tmp_path, written(lines[:1])), ("Roux",), (first,), None).is_publishable


def test_a_file_with_nothing_to_hide_stays_as_it_is(tmp_path: Path) -> None:
    """Byte for byte; one that tells of persons beside its pages loses that alone."""
    source = saved(tmp_path, written())
    target, report = done(source, Redaction((Page(1, TEXT),)), None)
    assert report.unchanged
    assert target.read_bytes() == source.read_bytes()

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = NAME
        pdf.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array([]))
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, NAME.encode(), filename="a.txt")

    target, report = done(
        saved(tmp_path, written(("Rien",)), change=change), Redaction((Page(1, "Rien"),), title="Acte"), None
    )
    assert not report.unchanged
    assert verify_in_child(target, (NAME,), (), None).is_publishable
    with pikepdf.open(target) as pdf:
        assert "/StructTreeRoot" in pdf.Root


def test_a_file_that_is_no_pdf_or_is_closed_is_refused(tmp_path: Path) -> None:
    """By the errors of the house, whatever its bytes."""
    source = saved(tmp_path, written())
    body = source.read_bytes()
    for rank, broken in enumerate((b"", b"%PDF-1.7", body[:400], body.replace(b"/Pages", b"/Pagex"), b"\0" * 5_000)):
        (tmp_path / f"{rank}.pdf").write_bytes(broken)
        with pytest.raises(RedactionRefused):
            done(tmp_path / f"{rank}.pdf", asked(), None)
    with pikepdf.open(source) as pdf:
        pdf.save(tmp_path / "closed.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(PdfProtected):
        done(tmp_path / "closed.pdf", asked(), None)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breaks=some.lists(some.tuples(some.floats(0, 1), some.binary(min_size=1, max_size=12)), min_size=1, max_size=12))
def test_a_file_broken_anywhere_is_refused_or_published_without_the_name(
    breaks: list[tuple[float, bytes]], tmp_path: Path
) -> None:
    """In a child, which may die of it."""
    body = bytearray(saved(tmp_path, written(), written(("Rien",))).read_bytes())
    for place, piece in breaks:
        start = int(place * len(body))
        body[start : start + len(piece)] = piece
    source, target, scratch = tmp_path / "broken.pdf", tmp_path / "out.pdf", tmp_path / "scratch"
    source.write_bytes(body)
    target.unlink(missing_ok=True)
    scratch.mkdir(exist_ok=True)
    try:
        redact(source, target, asked(), scratch, None)
    except (RedactionRefused, ReadingFailed):
        assert not target.exists()
    else:
        assert b"uatrebarbes" not in target.read_bytes()


@needs_tesseract
def test_a_name_that_a_page_cuts_in_two_is_gone_from_both_and_looked_for(tmp_path: Path) -> None:
    """Its first part alone stays where it says something else."""
    lines = (("Aide versée à Madame Zoé",), ("Martineau, et à Zoé Durand",))
    source = saved(tmp_path, *[written(page) for page in lines])
    pages = tuple(Page(number, page[0]) for number, page in enumerate(lines, start=1))
    whole, cut = whole_and_cut(occurrences_in_document(pages, ["Zoé Martineau"])["Zoé Martineau"], ["Zoé Martineau"])
    assert (whole, [part.text for part in cut]) == ((), ["Zoé", "Martineau"])
    target, _report = done(source, Redaction(pages, title="Acte", cut=cut))
    assert "Zoé" not in text_of(target)
    assert "Martineau" not in text_of(target, 1)
    assert "Zoé Durand" in text_of(target, 1)
    assert verify_in_child(target, ("Zoé Martineau",), (), TESSDATA).is_publishable
    assert not verify_in_child(source, ("Zoé Martineau",), (), TESSDATA).is_publishable
