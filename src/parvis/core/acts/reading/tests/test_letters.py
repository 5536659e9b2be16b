"""Letters as files hold them, and whether a text reads as one."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.acts.reading import letters, stamps
from parvis.core.acts.reading.letters import legibility, tidy
from parvis.core.acts.reading.paging import LONGEST_PAGE, PAGE_LETTERS, pages_of
from parvis.core.acts.reading.stamps import without_stamps
from parvis.core.acts.reading.tests.made import ACT, STAMP


@pytest.mark.parametrize("module", [letters, stamps])
def test_the_examples_of_its_pages_are_true(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Anne\x02Marie", "Anne-\nMarie"),
        ("délibéra\ufffe\ntion", "délibéra-\ntion"),
        ("pré\u00adfec\u00ad\nture", "préfec-\nture"),
        ("e\u0301te\u0301", "été"),
        ("\ufb03che", "ffiche"),
        ("\uf0b7 un point", "• un point"),
        ("\uf043\uf06f\uf06e\uf073\uf065\uf069\uf06c", "Conseil"),
        ("1\u202f250,00\u00a0€", "1 250,00 €"),
        ("a\u200bb\u202ec", "abc"),
        ("a\r\n\r\n\r\n\r\nb\rc", "a\n\nb\nc"),
        ("(cid:12)(cid:7)a", "a"),
    ],
)
def test_what_files_hold_becomes_plain_text(raw, read):
    assert tidy(raw) == read


@given(st.text(max_size=300))
def test_a_tidied_text_stays_as_it_is(raw):
    once = tidy(raw)
    assert tidy(once) == once
    assert not {"\r", "\0", "\x02", "\f"} & set(once)


def test_an_act_reads_well_and_what_a_wrong_encoding_makes_of_it_does_not():
    shifted = "".join(chr(ord(c) + 3) if c.isalpha() else c for c in ACT)
    for broken in (
        shifted,
        "\ue042" * 200 + ACT[:300],
        "\ufffd\ufffd" + "".join("\ufffd" if c in "aeé" else c for c in ACT),
        "(cid:3)" * 40 + " a",
    ):
        assert legibility(broken).is_doubtful
        assert legibility(broken).worth < legibility(ACT).worth - 0.1
    assert not legibility(ACT).is_doubtful
    assert not legibility(ACT.upper()).is_doubtful


@pytest.mark.parametrize(
    "text", ["", "42", "Budget 2024\n011 12 000,00\n012 45 300,00", "GARRIGUE Hélène\n" * 20, "Rue de la République"]
)
def test_little_text_figures_and_names_are_no_garbage(text):
    assert not legibility(text).waste
    assert legibility(text).words < 30 or not legibility(f"{text} de la commune").is_doubtful


@pytest.mark.parametrize(
    "stamp",
    [
        *STAMP.splitlines(),
        "Accusé de réception en préfecture",
        "Accusé certifié exécutoire",
        "034-213402316-20240312-2024-11-DE",
        "02B-212000000-20240312-DEL12-DE",
        "Date de télétransmission : 14/03/2024",
        "Date de réception préfecture : 14/03/2024",
        "Réception par le préfet : 14/03/2024",
        "Affiché le",
        "Publié le 15/03/2024",
        "Berger-Levrault (1309)",
        "Page 3 / 12",
        "ID : 034-213402316-20240312-2024_011-DE",
    ],
)  # fmt: skip
def test_lines_of_a_stamp_are_known(stamp):
    assert without_stamps(f"{stamp}\nLe conseil décide") == "Le conseil décide"


@pytest.mark.parametrize(
    "line",
    [
        "Le conseil municipal décide de publier la liste",
        "Objet : affichage des délibérations",
        "Idées de travaux : le préau",
        "Vu la transmission au préfet du 12/03/2024",
    ],
)
def test_lines_of_an_act_are_no_stamp(line):
    assert without_stamps(line) == line


def test_a_text_without_pages_is_cut_at_the_end_of_a_line_and_loses_nothing():
    text = ACT * 12
    pages = pages_of(text)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert "\n".join(page.text for page in pages).split() == text.split()
    assert all(PAGE_LETTERS - 200 <= len(page.text) <= PAGE_LETTERS + 200 for page in pages[:-1])


def test_pages_that_a_text_has_are_kept_unless_no_paper_could_hold_them():
    text = f"{ACT * 3}\f\f{ACT}\f{ACT * 9}"
    pages = pages_of(text)
    assert [page.text for page in pages[:3]] == [tidy(ACT * 3), "", tidy(ACT)]
    assert len(ACT * 9) > LONGEST_PAGE
    assert len(pages) > 4
