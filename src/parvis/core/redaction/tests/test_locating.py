"""A passage is at its place on the page, among others alike; nowhere rather than somewhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from parvis.core.redaction.locating import by_line, located
from parvis.core.redaction.spelling import Letters


def there(text: str, start: int, end: int, page: str) -> list[str]:
    """The letters of ``page`` that are said to be a passage of ``text``."""
    whole = Letters.of(text)
    return [
        Letters.of(page).text[one:other] for one, other in located(whole.within(start, end), whole, Letters.of(page))
    ]


def test_one_occurrence_is_told_from_the_others_by_what_is_around() -> None:
    """Where a page has more than its text."""
    text = "le maire Paul Roux ouvre la séance et l’aide va à Anne Roux qui la demande"
    page = Letters.of(f"Reçu en préfecture Roux {text} fin")
    start = text.rindex("Roux")
    ((first, _last),) = located(Letters.of(text).within(start, start + 4), Letters.of(text), page)
    assert page.text[:first].endswith("anne")


def test_what_was_read_otherwise_is_what_stands_between_its_neighbours() -> None:
    """A letter that recognition took for another."""
    text = "la demande déposée en mairie par Anne Lefebvre concernant son logement"
    start = text.index("Lefebvre")
    assert there(text, start, start + 8, text.replace("Lefebvre", "Lefebure")) == ["lefebure"]


def test_every_occurrence_is_hidden_when_nobody_can_tell_which() -> None:
    """Hidden too much rather than too little."""
    assert there("xx Roux yy", 3, 7, "Roux, puis Roux") == ["roux", "roux"]


def test_what_is_not_on_the_page_is_nowhere() -> None:
    """The caller refuses."""
    assert there("aide à Anne Roux", 12, 16, "une tout autre page") == []


@given(some.text(max_size=80), some.integers(0, 80), some.integers(0, 80))
def test_a_passage_of_the_same_text_is_itself(text: str, start: int, end: int) -> None:
    """Whatever the text."""
    letters = Letters.of(text)
    place = letters.within(start, end)
    assert located(place, letters, letters) == ([place] if place[0] < place[1] else [])


def test_characters_are_gathered_by_line() -> None:
    """A word cut at the end of a line is two boxes; one written up the page is one."""
    assert by_line([(90, 0, 95, 10), None, (95, 0, 100, 10), (0, 20, 5, 30)]) == [(90, 0, 100, 10), (0, 20, 5, 30)]
    assert by_line([(0, 90, 10, 95), (0, 80, 10, 89)], is_vertical=True) == [(0, 80, 10, 95)]
