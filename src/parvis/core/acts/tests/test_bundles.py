"""A file that holds several acts is told from one act of several pages."""

from __future__ import annotations

import pikepdf
import pytest

from parvis.core.acts.bundles import BundledAct, acts_within
from parvis.core.acts.cutting import cut_pdf
from parvis.core.acts.reading.errors import ActBroken
from parvis.core.acts.tests.documents import pages_of

STAMP = "Envoyé en préfecture le 20/01/2026\nID : 091-219102860-20260115-{}-DE\n"
HEADING = "EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS\nDu conseil municipal de Grigny\nDélibération n° {}\n"


def test_each_other_identifier_begins_an_act_and_pages_without_one_go_on():
    texts = (STAMP.format("DEL1"), "suite sans tampon", STAMP.format("DEL2"), STAMP.format("DEL2"), "annexe")
    assert acts_within(pages_of("\f".join(texts))) == [BundledAct("DEL1", 1, 2), BundledAct("DEL2", 3, 5)]


def test_without_identifiers_each_other_number_in_a_heading_begins_an_act():
    texts = ("Bordereau", HEADING.format("2026-01"), "suite", HEADING.format("2026-02"))
    assert acts_within(pages_of("\f".join(texts))) == [BundledAct("2026-01", 1, 3), BundledAct("2026-02", 4, 4)]


@pytest.mark.parametrize(
    "texts",
    [
        (STAMP.format("PV1"), STAMP.format("PV1"), STAMP.format("PV1")),
        (HEADING.format("2026-01"), "suite"),
        ("Procès-verbal\nVu la délibération n° 2025-12 du 3 mars", "et la délibération n° 2025-13"),
        (HEADING.format("2026-01"), "Vu le code et vu la\ndélibération n° 2025-12 du 3 mars"),
        # A number that is met again is quoted by others.
        (HEADING.format("2026-01"), HEADING.format("2026-02"), HEADING.format("2026-01")),
    ],
)
def test_one_act_is_not_cut(texts):
    assert acts_within(pages_of("\f".join(texts))) == []


def test_a_file_is_cut_page_by_page_into_the_same_bytes_each_time(tmp_path):
    source = tmp_path / "lot.pdf"
    with pikepdf.new() as whole:
        for width in (100, 200, 300):
            whole.add_blank_page(page_size=(width, 500))
        whole.save(source)
    parts = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        parts.append(cut_pdf(source, "lot.pdf", tmp_path / name, [(1, 2), (3, 3)]))
    widths = [[float(page.mediabox[2]) for page in pikepdf.open(part).pages] for part in parts[0]]
    assert widths == [[100.0, 200.0], [300.0]]
    assert [part.read_bytes() for part in parts[0]] == [part.read_bytes() for part in parts[1]]


def test_what_is_no_pdf_is_not_cut(tmp_path):
    source, scratch = tmp_path / "lot.pdf", tmp_path / "made"
    source.write_bytes(b"%PDF-1.7 nothing more")
    scratch.mkdir()
    with pytest.raises(ActBroken):
        cut_pdf(source, "lot.pdf", scratch, [(1, 1), (2, 2)])
