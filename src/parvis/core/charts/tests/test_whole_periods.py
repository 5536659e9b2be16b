"""A period that the data cover in part is shown, said, and not compared."""

from dataclasses import replace

import pytest

from parvis.core.charts.factories import make_answered
from parvis.core.charts.sentences import sentence
from parvis.core.charts.whole_periods import unfinished_keys
from parvis.core.versions.manifest import ColumnProfile

YEARS = ["2021", "2022", "2023"]


def days(distinct, first, last):
    return ColumnProfile(0, distinct, first, last)


@pytest.mark.parametrize(
    ("keys", "step", "profile", "created", "expected"),
    [
        (YEARS, "year", days(700, "2021-01-01", "2023-02-10"), "2023-03-01", (1, "2023-02-10")),
        (YEARS, "year", days(700, "2021-01-01", "2023-12-20"), "2024-03-01", (0, "")),
        (YEARS, "year", days(36, "2021-01-01", "2023-12-01"), "2024-03-01", (0, "")),
        (YEARS, "year", days(33, "2021-01-01", "2023-09-01"), "2024-03-01", (1, "2023-09")),
        (YEARS, "year", days(3, "2021-06-30", "2023-06-30"), "2024-03-01", (0, "")),
        (YEARS, "year", None, "2023-11-30", (1, "")),
        (YEARS, "year", None, "2024-01-02", (0, "")),
        (YEARS, "year", None, "2022-05-01", (2, "")),
        (YEARS, "year", None, "", (0, "")),
        (["2023-03", "2023-04"], "month", days(35, "2023-03-01", "2023-04-05"), "2023-04-06", (1, "2023-04-05")),
        (["2023-03", "2023-04"], "month", days(2, "2023-03-01", "2023-04-01"), "2023-04-06", (0, "")),
        (["2021", "2022"], "year", days(700, "2021-01-01", "2023-02-10"), "2023-03-01", (0, "")),
        (["1", "2"], "weekday", None, "2023-03-01", (0, "")),
    ],
)
def test_a_period_is_whole_or_not(keys, step, profile, created, expected):
    assert unfinished_keys(keys, step, profile, created) == expected


def sentence_of(profile, created, **source):
    rows = [{"c_group": year, "c_value": value} for year, value in zip(YEARS, (80, 100, 9), strict=True)]
    description, (answer,) = make_answered("lines", rows, grouping="pose_le", step="year", **source)
    table = replace(answer.table, profile={"pose_le": profile} if profile else {}, created=created)
    return sentence(description, [replace(answer, table=table)]).replace("\u00a0", " ")


def test_the_last_whole_year_is_compared_and_the_other_is_said():
    assert sentence_of(days(700, "2021-01-01", "2023-02-10"), "2023-03-01") == (
        "En 2022, 100 lignes, soit 25 % de plus qu’en 2021."
        " Les données de 2023 vont jusqu’au 10 février 2023 : elles ne sont pas comparées."
    )


def test_a_year_in_progress_is_not_compared():
    assert sentence_of(None, "2023-11-30").endswith(
        " Les données de 2023 ne sont pas complètes : elles ne sont pas comparées."
    )


def test_a_whole_last_year_is_compared():
    assert "En 2023, 9 lignes" in sentence_of(days(700, "2021-01-01", "2023-12-28"), "2024-01-05")
