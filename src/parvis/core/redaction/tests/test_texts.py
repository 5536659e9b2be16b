"""The published text says that something is hidden, and nothing of what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from parvis.core.acts.model import DoubtfulWord, Method, Page, Passage
from parvis.core.redaction import MARK, occurrences, occurrences_in_document, text_of_published

PAGE = Page(
    1,
    "Aide à Jean Roux, puis à M. ROUX Jean.",
    Method.RECOGNISED,
    80.0,
    (DoubtfulWord(7, 11, 40), DoubtfulWord(18, 22, 50)),
)


def test_hidden_words_are_marked_and_doubtful_ones_follow_theirs() -> None:
    """Those of hidden words are gone."""
    (page,) = text_of_published([PAGE], [Passage(1, 7, 16, "Jean Roux")])
    assert page.text == f"Aide à {MARK}, puis à M. ROUX Jean."
    assert [page.text[word.start : word.end] for word in page.doubtful] == ["puis"]


def test_every_occurrence_of_a_name_is_found_in_either_order() -> None:
    """In capitals or not."""
    assert [one.text for one in occurrences([PAGE], "M. Jean Roux")] == ["Jean Roux", "ROUX Jean"]


@given(some.text(max_size=60), some.lists(some.tuples(some.integers(-5, 70), some.integers(-5, 70)), max_size=6))
def test_nothing_but_what_is_hidden_is_lost(text: str, spans: list[tuple[int, int]]) -> None:
    """Letter for letter, whatever overlaps."""
    (page,) = text_of_published([Page(1, text)], [Passage(1, start, end, "") for start, end in spans])
    hidden = {rank for start, end in spans for rank in range(max(0, start), min(end, len(text)))}
    assert page.text.replace(MARK, "") == "".join(c for rank, c in enumerate(text) if rank not in hidden).replace(
        MARK, ""
    )


def test_a_name_that_a_page_cuts_in_two_is_hidden_on_both() -> None:
    """Past the footer of the one and the header of the other, a hyphen or not; what merely resembles it stays."""
    pages = [
        Page(1, "Aide\nversée à Madame Zoé\npage 1/3"),
        Page(2, "Dossier social\nMartineau, puis à Zoé Marti-"),
        Page(3, "neau et à Paul.\nZoé"),
        Page(4, "Dupont Martineau"),
    ]
    places = occurrences_in_document(pages, ["Zoé Martineau", "Paul"])
    assert [(part.page, part.text) for part in places["Zoé Martineau"]] == [
        (1, "Zoé"),
        (2, "Martineau"),
        (2, "Zoé Marti"),
        (3, "neau"),
    ]
    assert [part.page for part in places["Paul"]] == [3]
    published = text_of_published(pages, places["Zoé Martineau"])
    assert [page.text for page in published[1:3]] == [
        f"Dossier social\n{MARK}, puis à {MARK}-",
        f"{MARK} et à Paul.\nZoé",
    ]
