"""Sums of tables: the same in any order and from a CSV or a Parquet, other for any other value."""

import random
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from parvis.core.columns import Column, ColumnType
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.fingerprints import sum_of_csv, sum_of_parquet

SHAPE = shapely.Polygon([(2.1, 48.2), (3.3, 48.2), (3.3, 49.1), (2.1, 48.2)])
COLUMNS = [
    Column("code", "Code", ColumnType.TEXT),
    Column("n", "N", ColumnType.INT),
    Column("d", "D", ColumnType.DOUBLE),
    Column("b", "B", ColumnType.BOOLEAN),
    Column("jour", "Jour", ColumnType.DATE),
    Column("instant", "Instant", ColumnType.DATETIME),
    Column("mots", "Mots", ColumnType.TEXT, annotations={"multivalued": ","}),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
    Column("forme", "Forme", ColumnType.GEO_SHAPE),
]
LINES = [
    '01001;9007199254740993;0.1;True;1978;2021-06-23T09:50:20.642000+02:00;a,b;46.7306, 4.50083;"{""type"": ""Polygon"", '
    '""coordinates"": [[[2.1, 48.2], [3.3, 48.2], [3.3, 49.1], [2.1, 48.2]]]}"',
    ' 1 ;-1;1e300;false;2024-02-29;1969-12-31T23:59:59Z;;;"{""type"": ""Feature"", ""geometry"": {""type"": ""Polygon"", '
    '""coordinates"": [[[2.1, 48.2, 7], [3.3, 48.2, 7], [3.3, 49.1, 7], [2.1, 48.2, 7]]]}}"',
    '"deux\r\nlignes";;-0.0;;1988-01;;"un; deux";90, -180;',
]


def far(tmp_path, lines):
    path = tmp_path / "loin.csv"
    header = ";".join(column.name for column in COLUMNS)
    path.write_bytes(("\ufeff" + "\r\n".join([header, *lines]) + "\r\n").encode())
    return sum_of_csv(path, COLUMNS)


@pytest.fixture
def near(tmp_path):
    """The same rows in a Parquet of ours."""
    wkb = shapely.to_wkb(SHAPE)
    instant = datetime(2021, 6, 23, 7, 50, 20, 642000, tzinfo=UTC)
    table = {
        "code": ["01001", " 1 ", "deux\nlignes"],
        "n": [9007199254740993, -1, None],
        "d": [0.1, 1e300, 0.0],
        "b": [True, False, None],
        "jour": [date(1978, 1, 1), date(2024, 2, 29), date(1988, 1, 1)],
        "instant": [instant, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), None],
        "mots": [["a", "b"], [], ["un; deux"]],
        "lieu": [shapely.to_wkb(shapely.Point(4.50083, 46.7306)), None, shapely.to_wkb(shapely.Point(-180, 90))],
        "forme": [wkb, wkb, None],
    }
    pq.write_table(pa.table(table), tmp_path / "ici.parquet")
    return sum_of_parquet([tmp_path / "ici.parquet"], COLUMNS, ["mots", "code"])


def test_a_csv_and_a_parquet_of_the_same_rows_have_the_same_sums_in_any_order(tmp_path, near):
    shuffled = random.Random(3).sample(LINES, len(LINES))
    for lines in (LINES, shuffled):
        table = far(tmp_path, lines)
        assert (table.rows, table.sum, table.columns) == (near.rows, near.sum, near.columns)
    assert near.facets == {"mots": {"a": 1, "b": 1, "un; deux": 1}, "code": {"01001": 1, " 1 ": 1, "deux\nlignes": 1}}


@pytest.mark.parametrize(
    ("former", "other", "column"),
    [("01001", "1001", "code"), (" 1 ;", "1;", "code"), ("0.1;", "0.10000000000000002;", "d"), ("True", "False", "b"),
     ("993;", "992;", "n"), ("46.7306", "46.73061", "lieu"), ("23:59:59Z", "23:59:59+01:00", "instant"), ("a,b", "b,a", "mots"),
     ("3.3, 49.1]", "3.3, 49.2]", "forme")],
)  # fmt: skip
def test_another_value_changes_the_sum_of_its_column_alone(tmp_path, near, former, other, column):
    table = far(tmp_path, [line.replace(former, other, 1) for line in LINES])
    assert [name for name, part in table.columns.items() if part != near.columns[name]] == [column]
    assert table.sum != near.sum


def test_values_that_change_rows_change_the_sum_of_rows_alone(tmp_path, near):
    first, second = LINES[0].replace(";True;", ";false;"), LINES[1].replace(";false;", ";True;")
    table = far(tmp_path, [first, second, LINES[2]])
    assert table.columns == near.columns
    assert table.sum != near.sum


@pytest.mark.parametrize(
    "line", ["a;pas un nombre;;;;;;;", "a;1;;peut-être;;;;;", 'a;1;;;;;;;"{"', "a;1", "a;;;;hier;;;;"]
)
def test_a_cell_that_is_none_of_its_type_is_told(tmp_path, line):
    with pytest.raises(UnreadableAnswer):
        far(tmp_path, [line])
