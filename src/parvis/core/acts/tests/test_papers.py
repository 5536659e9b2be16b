"""Certificates and registers, read back by readers that did not make them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from parvis.core.acts.papers import (
    CertificateFacts,
    CertifiedFile,
    PaperFailed,
    RegisterAct,
    RegisterFacts,
    RegisterSession,
    certificate,
    printing,
    register,
)

DIGESTS = ("0123456789abcdef" * 4, "f" * 64)
FACTS = CertificateFacts(
    act="Attribution d’une subvention à l’association du Canal",
    number="2024-12",
    decided_on=date(2024, 3, 1),
    organisation="Commune de Lieusaint",
    author="Camille Aubépin",
    author_quality="Maire",
    published_at=datetime(2024, 3, 12, 23, 30, tzinfo=UTC),
    until=date(2024, 5, 20),
    is_online=True,
    address="https://exemple.fr/deliberations/219102281-20240301-2024-12-de/",
    files=(CertifiedFile("acte.pdf", DIGESTS[0]), CertifiedFile("annexe.pdf", DIGESTS[1])),
    sequence=431,
    digest="b" * 64,
    chain_address="https://exemple.fr/sceaux/",
    certified_on=date(2024, 5, 20),
)


def words_of(content: bytes) -> str:
    return " ".join(extract_text(io.BytesIO(content)).replace("\u00a0", " ").split())


def require_tagged(content: bytes, title: str) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert title in metadata["dc:title"]


def test_a_certificate_says_all_that_proves_a_publication(tmp_path):
    content = certificate(FACTS, tmp_path)
    require_tagged(content, FACTS.act)
    words = words_of(content)
    for expected in (
        *("Certificat de publication", FACTS.act, "Commune de Lieusaint", "Camille Aubépin, Maire", "2024-12"),
        *("13 mars 2024 à 00 h 30 (UTC+01:00)", "69 jours sans interruption au 20 mai 2024, toujours en ligne"),
        *("431", *DIGESTS, "b" * 64, "sha256sum", "https://exemple.fr/sceaux/", "Certificat établi le 20 mai 2024"),
    ):
        assert expected in words, expected
    assert list(tmp_path.iterdir()) == []


def test_an_act_that_is_no_longer_online_is_certified_up_to_its_last_day(tmp_path):
    facts = replace(
        FACTS, is_online=False, until=date(2024, 3, 13), files=(), decided_on=None, corrects="https://a.fr/b/"
    )
    words = words_of(certificate(facts, tmp_path))
    assert "1 jour, jusqu’au 13 mars 2024" in words
    assert "https://a.fr/b/" in words
    assert "Fichiers publiés" not in words


@pytest.mark.parametrize(
    "text", ["#panic()", "$x^2$ *gras* _it_ `code`", '"], [#read("/etc/passwd")', "<a> \\ @b 日本 \x00\u202e"]
)
def test_words_are_never_read_as_the_language_of_the_typesetter(tmp_path, text):
    shown = "".join(letter for letter in text if letter.isprintable())
    facts = replace(FACTS, act=text, author=text, files=(CertifiedFile(text, "a" * 64),))
    assert words_of(certificate(facts, tmp_path)).count(shown.split()[0]) >= 2


def test_letters_that_no_font_has_are_replaced_and_the_others_stay(tmp_path):
    title = "Jumelage avec 横浜 → 3 classes ✓ \ue000 e\u0301cole 😀"
    words = words_of(certificate(replace(FACTS, act=title), tmp_path))
    assert "Jumelage avec □□ → 3 classes ✓" in words
    assert "école □" in words
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 3_000)))
    assert "□□□" in words_of(certificate(replace(FACTS, act=many), tmp_path))


def test_long_words_stay_on_the_page(tmp_path):
    content = certificate(replace(FACTS, act="Objet " * 300, author="x" * 300), tmp_path)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert 1 <= len(pdf.pages) <= 4


def acts(session: int, count: int) -> tuple[RegisterAct, ...]:
    return tuple(
        RegisterAct(
            f"2024-{session}-{rank}", f"Objet {session}.{rank}.", "unanimité", f"https://exemple.fr/d/{session}-{rank}/"
        )
        for rank in range(count)
    )


def test_a_register_has_each_act_once_by_date_on_numbered_pages(tmp_path):
    sessions = [
        RegisterSession("Conseil municipal", date(2024, month, 1), acts(month, 42)) for month in range(12, 0, -1)
    ]
    content = register(RegisterFacts("Commune de Lieusaint", 2024, tuple(sessions), date(2025, 1, 5)), tmp_path)
    require_tagged(content, "Registre des délibérations 2024")
    words = words_of(content)
    assert "504 actes, 12 séances" in words
    places = [words.index(f"Objet {month}.{rank}.") for month in range(1, 13) for rank in range(42)]
    assert places == sorted(places)
    assert all(words.count(f"Objet {month}.0.") == 1 for month in range(1, 13))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        count = len(pdf.pages)
    assert f"Il contient {count} pages, numérotées de 1 à {count}" in words
    assert all(f"Page {number} sur {count}" in words for number in range(1, count + 1))


def test_a_register_keeps_the_place_of_a_withdrawn_act_without_its_title(tmp_path):
    rows = (
        RegisterAct("2024-1", "", "", "", "retirée"),
        RegisterAct("2024-2", "Voirie", "12 pour", "", "corrigée par 2024-9"),
    )
    session = RegisterSession("Bureau", date(2024, 2, 1), rows, "Camille Aubépin", "Dominique Roux")
    words = words_of(register(RegisterFacts("Ville", 2024, (session,), date(2025, 1, 5)), tmp_path))
    assert "retirée" in words
    assert "Voirie — corrigée par 2024-9" in words
    assert "Secrétaire de séance (Dominique Roux)" in words


def test_a_year_without_acts_has_a_register_too(tmp_path):
    words = words_of(register(RegisterFacts("Ville", 2024, (), date(2025, 1, 5)), tmp_path))
    assert "0 acte, 0 séance" in words


def test_a_typesetter_that_is_late_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "SECONDS", 0.0)
    with pytest.raises(PaperFailed):
        certificate(FACTS, tmp_path)
    assert list(tmp_path.iterdir()) == []
