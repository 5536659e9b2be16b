"""What names things keeps its text; what people measure stays a number, however it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.profiling.lookalikes import digits_note, name_note


def code(slug: str, values: list[str]) -> str | None:
    note = name_note(slug, values)
    return note.code if note else None


@given(
    year=st.integers(1950, 2099),
    ranks=st.sets(st.integers(1, 99_999), min_size=1, max_size=50),
    point=st.sampled_from(".,"),
    slug=st.sampled_from(["acte", "numero_acte", "reference", "objet", "colonne_3"]),
)
def test_a_year_and_a_rank_of_constant_width_are_a_name(year: int, ranks: set[int], point: str, slug: str) -> None:
    assert code(slug, [f"{year}{point}{rank:05}" for rank in ranks]) == "numbered"


@given(
    values=st.lists(st.decimals(-1000, 100_000, places=2), min_size=1, max_size=80),
    slug=st.sampled_from(["montant", "prix_ttc", "taux_de_reussite", "latitude", "surface_m2", "pop_totale", "y_l93"]),
    point=st.sampled_from(".,"),
)
def test_what_people_measure_is_a_number_with_all_its_zeros(values: list[Decimal], slug: str, point: str) -> None:
    assert code(slug, [str(value).replace(".", point) for value in values]) is None


@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1).map(str), min_size=1, max_size=50))
def test_whole_numbers_come_back_as_they_were_and_are_numbers(values: list[str]) -> None:
    assert code("id", values) is None


@given(places=st.lists(st.decimals(48, 49, places=5), min_size=20, max_size=80, unique=True))
def test_positions_without_a_header_are_no_ranks(places: list[Decimal]) -> None:
    spread = max(places) - min(places) > Decimal("0.01")
    assert not spread or code("colonne_7", [f"{place:.5f}" for place in places]) is None


def test_acts_whose_last_zeros_a_spreadsheet_took_are_names_where_the_header_says_so() -> None:
    spoilt = [f"2022.{rank:05}".rstrip("0") for rank in range(28, 92)]
    assert code("delib_id", spoilt) == "numbered"
    assert code("objet", spoilt) is None
    assert code("delib_id", ["2022.5", "2022.25", "2021.125", "2020.0625"]) is None


@pytest.mark.parametrize("count", [10, 11, 25])
def test_what_counts_on_after_nine_is_no_fraction(count: int) -> None:
    assert code("intitule", [f"3.{rank}" for rank in range(1, count + 1)]) == "numbered"


def test_ranks_that_fill_their_width_are_names() -> None:
    assert code("objet", [f"75.{rank:03}" for rank in range(1, 121)]) == "numbered"
    assert code("objet", [f"75.{rank * 7:03}" for rank in range(1, 121)]) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["01", "12"], "leading-zeros"),
        (["1234567890123456"], "digits-lost"),
        (["123456789012345"], None),
        (["0", "12"], None),
        (["01", "A2"], None),
        ([], None),
    ],
)
def test_digits_that_stay_text_say_why(values: list[str], expected: str | None) -> None:
    note = digits_note(values)
    assert (note.code if note else None) == expected
