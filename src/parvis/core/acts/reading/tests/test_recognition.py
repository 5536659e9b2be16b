"""Scans are recognised in French, with the confidence of each word and where it is doubtful."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from PIL import Image, ImageDraw, ImageFilter

from parvis.core.acts.model import Method
from parvis.core.acts.reading.document import read_document
from parvis.core.acts.reading.scans import DOUBTFUL, page_recognised
from parvis.core.acts.reading.tests.made import ACT, STAMP, TESSDATA, kept, picture_of, scan_pdf, set_pdf
from parvis.core.acts.recognition import Recognition, Word, recogniser, words_of

pytestmark = pytest.mark.skipif(
    TESSDATA is None, reason="never where tests run: make test installs the French of Tesseract"
)


@pytest.fixture(scope="module")
def scan():
    return picture_of(set_pdf(ACT))


def recall(text: str, original: str = ACT) -> float:
    """Share of the words of ``original`` that ``text`` has."""
    whole, read = (Counter(re.findall(r"\w+", words.replace("’", "'"))) for words in (original, text))
    return sum((whole & read).values()) / sum(whole.values())


def test_the_words_of_a_scan_are_read_with_their_confidence(scan, tmp_path):
    path = kept(tmp_path, "acte.pdf", scan_pdf([scan]))
    page = read_document(path, "pdf", "acte.pdf", tessdata=TESSDATA).pages[0]
    assert page.method is Method.RECOGNISED
    assert recall(page.text) >= 0.97
    assert page.confidence > 85
    assert not any(page.text[word.start : word.end].split()[1:] for word in page.doubtful)


def test_a_page_of_which_only_the_stamp_is_text_is_recognised_and_keeps_its_stamp_once(scan, tmp_path):
    path = kept(tmp_path, "acte.pdf", scan_pdf([scan], layer=STAMP))
    page = read_document(path, "pdf", "acte.pdf", tessdata=TESSDATA).pages[0]
    assert page.method is Method.RECOGNISED
    assert page.text.startswith(STAMP)
    assert page.text.count("préfecture") == 2
    assert recall(page.text) >= 0.97


def test_a_wrong_layer_over_a_scan_is_recognised_again_and_a_good_one_is_kept(scan, tmp_path):
    wrong = "\n".join(
        "".join(chr(ord(c) + 3) if c.isascii() and c.isalpha() else c for c in line) for line in ACT.splitlines()
    )
    for name, layer, method in (("wrong", wrong, Method.RECOGNISED), ("good", ACT, Method.TEXT)):
        path = kept(
            tmp_path,
            f"{name}.pdf",
            scan_pdf([scan], layer=layer.encode("cp1252", "replace").decode("cp1252"), invisible=True),
        )
        page = read_document(path, "pdf", "acte.pdf", tessdata=TESSDATA).pages[0]
        assert page.method is method
        assert recall(page.text) >= 0.97


@pytest.mark.parametrize(("turned", "rotate"), [(90, 0), (90, 90)])
def test_a_page_is_read_whichever_way_up_it_is(scan, tmp_path, turned, rotate):
    path = kept(tmp_path, "acte.pdf", scan_pdf([scan.rotate(turned, expand=True)], rotate=rotate))
    page = read_document(path, "pdf", "acte.pdf", tessdata=TESSDATA).pages[0]
    assert recall(page.text) >= 0.97


def test_boxes_are_those_of_the_picture_that_was_given(scan):
    small = scan.crop((0, 0, scan.width, scan.height // 3))
    upright = next(word.box for word in words_of(small, TESSDATA).words if word.text.endswith("Hérault"))
    turned = words_of(small.rotate(180), TESSDATA)
    assert turned.turned == 180
    left, top, right, bottom = next(word.box for word in turned.words if word.text.endswith("Hérault"))
    there = (small.width - right, small.height - bottom, small.width - left, small.height - top)
    assert all(abs(a - b) <= 3 for a, b in zip(there, upright, strict=True))


def test_a_blank_page_is_empty_and_a_photograph_is_unreadable(tmp_path):
    Image.effect_noise((400, 500), 120).filter(ImageFilter.GaussianBlur(3)).save(tmp_path / "photo.png")
    photograph = read_document(tmp_path / "photo.png", "png", "photo.png", tessdata=TESSDATA).pages[0]
    assert (photograph.method, photograph.text) == (Method.UNREADABLE, "")
    path = kept(tmp_path, "blank.pdf", scan_pdf([Image.new("L", (1200, 1600), 255)]))
    blank = read_document(path, "pdf", "blank.pdf", tessdata=TESSDATA).pages[0]
    assert (blank.method, blank.text) == (Method.EMPTY, "")


def speckled(seed):
    """The back of a sheet as a scanner sees it: white, with dust."""
    chance, picture = random.Random(seed), Image.new("L", (1240, 1754), 250)
    for _speck in range(220):
        x, y = chance.randrange(1220), chance.randrange(1740)
        ImageDraw.Draw(picture).ellipse((x, y, x + chance.randrange(1, 4), y + chance.randrange(1, 4)), fill=60)
    return picture


def test_the_back_of_a_scanned_sheet_is_empty_whatever_dust_is_on_it_and_says_its_stamp_alone(tmp_path):
    stamp = "Envoyé en préfecture le 21/12/2023\nID : 030-213001100-20231215-PV17112023-AU"
    for seed in range(3):
        bare = kept(tmp_path, f"bare-{seed}.pdf", scan_pdf([speckled(seed)]))
        assert read_document(bare, "pdf", "bare.pdf", tessdata=TESSDATA).pages[0].method is Method.EMPTY
        stamped = kept(tmp_path, f"stamped-{seed}.pdf", scan_pdf([speckled(seed)], layer=stamp))
        page = read_document(stamped, "pdf", "stamped.pdf", tessdata=TESSDATA).pages[0]
        assert (page.method, page.text) == (Method.TEXT, stamp)


def test_pictures_of_pages_are_read_as_scans(scan, tmp_path):
    path = tmp_path / "acte.tiff"
    scan.convert("1").save(
        path, "TIFF", save_all=True, append_images=[Image.new("1", (800, 1000), 1)], compression="group4"
    )
    read = read_document(path, "tiff", "acte.tiff", tessdata=TESSDATA)
    assert [page.method for page in read.pages] == [Method.RECOGNISED, Method.EMPTY]
    assert recall(read.pages[0].text) >= 0.97


def test_a_small_photograph_of_a_page_is_made_large_enough_to_be_read(scan, tmp_path):
    path = tmp_path / "acte.png"
    Image.merge("RGB", [scan.resize((scan.width // 3, scan.height // 3))] * 3).save(path)
    assert recall(read_document(path, "png", "acte.png", tessdata=TESSDATA).pages[0].text) >= 0.9


def test_doubtful_words_are_where_the_text_has_them():
    words = [Word("Le", (0, 0, 9, 9), 95, 0, 0), Word("consei1", (9, 0, 20, 9), 41, 0, 0), Word("|", (9, 0, 20, 9), 20, 0, 0),
             Word("vote", (0, 9, 9, 18), 59, 1, 0), Word("oui", (0, 30, 9, 40), 90, 2, 1)]  # fmt: skip
    page = page_recognised(3, Recognition(tuple(words)), "Reçu le 3 mai")
    assert page.text == "Reçu le 3 mai\n\nLe consei1\nvote\n\noui"
    assert [(page.text[word.start : word.end], word.confidence) for word in page.doubtful] == [
        ("consei1", 41),
        ("vote", 59),
    ]
    assert page.confidence == pytest.approx((95 * 2 + 41 * 7 + 59 * 4 + 90 * 3) / 16, abs=0.1)
    assert DOUBTFUL == 60


def test_without_the_data_of_the_language_nothing_is_supposed(tmp_path):
    with pytest.raises(RuntimeError), recogniser(tmp_path):
        pass


def test_a_line_drawn_by_hand_is_told_as_unreadable_and_not_as_text(tmp_path):
    picture = Image.new("L", (600, 800), 255)
    ImageDraw.Draw(picture).arc((100, 100, 450, 450), 0, 300, fill=0, width=6)
    picture.save(tmp_path / "trait.png")
    page = read_document(tmp_path / "trait.png", "png", "trait.png", tessdata=TESSDATA).pages[0]
    assert page.method in (Method.UNREADABLE, Method.EMPTY)
    assert not page.text
