"""No text makes the rules fail, lie about a place, or take a time that its length does not command."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.acts.minutes import decisions_of
from parvis.core.acts.model import Page
from parvis.core.acts.proposals import propose
from parvis.core.acts.tests.documents import TODAY, pages_of

_CASES = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*/*.txt"))]
_PIECES = st.sampled_from(
    [
        "séance du ",
        "l'an ",
        "deux mille ",
        "vingt",
        "-",
        "\n",
        " ",
        ":",
        "présents ",
        "M. ",
        "Mme ",
        "A",
        "pouvoir à ",
        "12",
        "€",
        ",",
        " voix ",
        "pour ",
        "contre ",
        "abstention ",
        "unanimité",
        "objet",
        "n°",
        "/",
        "2024",
        "\x0c",
        "é",
        "ﬁ",
        "İ",
        "\x00",
        "\ud7ff",
        "𝒜",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(_PIECES, max_size=120).map("".join),
    st.tuples(st.sampled_from(_CASES), st.randoms(use_true_random=False)).map(lambda pair: _shaken(*pair)),
)


def _shaken(text: str, chance: random.Random) -> str:
    """A case with some letters moved, lost or doubled."""
    letters = list(text)
    for _ in range(chance.randint(0, 60)):
        place = chance.randrange(len(letters))
        letters[place] = chance.choice(["", letters[place] * 2, chance.choice(letters), "\n", " ", "\f", "0", "l"])
    return "".join(letters)


def _check(pages: list[Page], name: str = "") -> None:
    for proposal in propose(pages, name, officials=["Anne Delmas"], today=TODAY):
        assert 0 < proposal.confidence < 1
        if proposal.passage:
            text = next(page.text for page in pages if page.number == proposal.passage.page)
            assert text[proposal.passage.start : proposal.passage.end] == proposal.passage.text != ""


@settings(max_examples=120, deadline=None)
@given(_TEXTS, st.text(max_size=40))
def test_any_text_is_read_and_passages_are_where_they_say(text, name):
    _check(pages_of(text), name)


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_any_minutes_are_read_and_headings_are_where_they_say(text):
    pages = pages_of(text)
    for item in decisions_of(pages):
        for passage in (item.passage, *(proposal.passage for proposal in item.proposals)):
            if passage:
                assert pages[passage.page - 1].text[passage.start : passage.end] == passage.text


def test_no_page_and_empty_pages_propose_nothing_of_a_text():
    assert propose([], today=TODAY) == []
    assert propose([Page(1, ""), Page(2, "\n \n")], today=date(2024, 1, 1)) == []
    assert decisions_of([]) == []


@pytest.mark.parametrize(
    "piece", [" ", "Aa ", "1 pour ", "pouvoir à A ", "l'an deux mille ", "1. Titre long\n", "quatre-", "123-123456789-"]
)
def test_a_long_text_of_one_piece_is_read_to_its_end(piece):
    """Some patterns would never end on it, were their repetitions not bounded."""
    pages = [Page(1, piece * (20_000 // len(piece)))]
    _check(pages)
    decisions_of(pages)
