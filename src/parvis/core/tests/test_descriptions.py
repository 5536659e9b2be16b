"""What charts, maps and indicators share: reading strangers' JSON into dataclasses, writing them short."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from parvis.core.descriptions import LARGEST_JSON, Checks, Description
from parvis.core.errors import RequestError


class BadPoster(RequestError):
    """A poster that makes no sense."""

    code: ClassVar[str] = "poster"


@dataclass(frozen=True, slots=True)
class Line:
    """What a poster says of a dataset."""

    dataset: str
    where: tuple[str, ...] = ()
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Poster(Description):
    """Some lines under a title."""

    parts: ClassVar[str] = "lines"
    part: ClassVar[type] = Line
    most_parts: ClassVar[int] = 2
    checks: ClassVar[Checks] = Checks(BadPoster)

    title: str
    lines: tuple[Line, ...]
    words: dict[str, str] = field(default_factory=dict)

    def checked(self) -> Poster:
        """With known datasets and a short title."""
        self.check_parts(("title",))
        for line in self.lines:
            self.checks.question(line, "lines.", ())
        return self


POSTER = Poster("Arbres", (Line("voies"), Line("arbres", rank=3)))


def test_only_what_differs_from_the_defaults_is_written_and_it_is_read_back_the_same():
    written = {"title": "Arbres", "lines": [{"dataset": "voies"}, {"dataset": "arbres", "rank": 3}]}
    assert POSTER.to_dict() == {"format": 1, **written}
    assert Poster.from_json(POSTER.to_json()) == POSTER
    assert (POSTER.main_dataset, POSTER.datasets) == ("voies", ["arbres", "voies"])


def test_a_change_is_checked_too():
    with pytest.raises(BadPoster) as refusal:
        POSTER.with_changes(title="x" * 301)
    assert refusal.value.details["name"] == "title"
    assert len(str(refusal.value.details["value"])) == 80


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "/"),
        ({"format": 2}, "format"),
        ({"title": "a", "lines": [{"dataset": "a"}] * 3}, "lines"),
        ({"title": "a", "lines": ["a"]}, "lines[0]"),
        ({"title": "a", "lines": [{"dataset": "a", "rank": True}]}, "lines[0].rank"),
        ({"title": "a", "lines": [{"dataset": "a", "colour": "red"}]}, "lines[0].colour"),
        ({"title": "a", "lines": [{"dataset": "a", "where": ["b", 1]}]}, "lines[0].where"),
        ({"title": "a", "lines": [{"dataset": "../a"}]}, "lines.dataset"),
        ({"lines": [{"dataset": "a"}]}, "title"),
    ],
)
def test_what_is_wrong_is_named(body, place):
    with pytest.raises(BadPoster) as refusal:
        Poster.from_dict(body)
    assert refusal.value.details["name"] == place


@pytest.mark.parametrize("text", ["", "{", "[" * 30_000, '"' + "a" * LARGEST_JSON + '"'])
def test_a_text_that_is_no_json_or_too_long_is_refused_at_its_root(text):
    with pytest.raises(BadPoster) as refusal:
        Poster.from_json(text)
    assert refusal.value.details["name"] == "/"
