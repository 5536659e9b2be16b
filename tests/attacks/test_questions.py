"""Questions that would not stop: bounded, or ended with the process that cannot stop them. Each of these took minutes."""

from __future__ import annotations

import fnmatch
import math
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import mapbox_vector_tile
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import QueryRefused, QueryTooLarge
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.queries import condition_sql
from parvis.core.engine.factories import make_version
from parvis.core.engine.watchdog import Watchdog
from parvis.core.explore import ExploreRequest, export, facets, records
from parvis.core.explore_v1.geography import Map, preview
from parvis.core.explore_v1.request import V1Request
from parvis.core.geo.tiles import tile
from parvis.core.mercator import TileAddress
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.errors import TooComplex
from parvis.core.text import fold

SECONDS = 60
"""Generous: what is tested ran for hours, or filled the memory of the machine."""

LONG = 8_000_000
POINTS = 300_000
TEXTS = [
    Column("texte", "Texte", ColumnType.TEXT),
    Column("rang", "Rang", ColumnType.INT),
    Column("themes", "Thèmes", ColumnType.TEXT, annotations={"multivalued": ";"}),
]


def jagged(points: int, depth: float) -> str:
    """A ring of so many points, one in two nearer to its centre."""
    corners = []
    for rank in range(points):
        angle, radius = 2 * math.pi * rank / points, 1 + (depth if rank % 2 else -depth)
        corners.append(f"{2 + radius * math.cos(angle):.9f} {48 + radius * math.sin(angle):.9f}")
    return f"POLYGON(({','.join([*corners, corners[0]])}))"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("questions")


@pytest.fixture(scope="module")
def engine(root):
    engine = DuckDBEngine(root, memory="1GB", threads=2)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def texts(root):
    """Cells of eight million characters: one repeated letter, and short words by the million."""
    themes = [f"v{n}" for n in range(50_000)]
    rows = [["a" * LONG, 1, themes], ["ab " * (LONG // 3), 2, themes], ["court", 3, ["v1"]]]
    return make_version(root / "texts", TEXTS, rows)


@pytest.fixture(scope="module")
def shapes(root):
    columns = [Column("contour", "Contour", ColumnType.GEO_SHAPE), Column("rang", "Rang", ColumnType.INT)]
    return make_version(root / "shapes", columns, [[jagged(POINTS, 0.01), 1], [jagged(POINTS, 0.0), 2]])


HOSTILE = {
    "thirty wildcards": f'texte like "{"%a" * 30}%"',
    "a wildcard and a long piece": f'texte like "%{"a" * 50_000}b%"',
    "a long word": f'search(texte, "{"ab" * 40_000} z")',
    "a long beginning": f'startswith(texte, "{"a" * 50_000}b")',
    "forty words": f'search(texte, "{" ".join(f"abcdef{n}ghij" for n in range(40))}")',
    "a hundred pieces": f'texte like "{" ".join(f"%b{n}a%" for n in range(100))}"',
    "numbers in texts": f"texte in ({', '.join(map(str, range(11_000)))})",
    "a list of texts": "themes in (" + ", ".join(f'"w{n}"' for n in range(9_000)) + ")",
    "a list of numbers": f"rang in ({', '.join(map(str, range(14_000)))})",
    "forty-nine levels": "(" * 49 + "rang > 0" + ")" * 49,
}


@pytest.mark.parametrize("where", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_condition_is_answered_in_time_and_in_little_memory(engine, texts, where):
    start, before = time.monotonic(), _resident()
    assert records(engine, texts, ExploreRequest(select="rang", where=(where,)), seconds=SECONDS).total_count >= 0
    assert time.monotonic() - start < SECONDS
    assert _resident() - before < 1_500_000_000


def _resident() -> int:
    """Bytes that this process holds in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


REFUSED = {
    "a thousand texts in lower case": " and ".join(f'ifnull(lower(texte), "{n}") != "{n}"' for n in range(1_000)),
    "five hundred words": f'"{" ".join(f"mot{n}" for n in range(500))}"',
    "two hundred words at some letters": f'search(texte, "{" ".join(f"abcdef{n}ghij" for n in range(200))}")',
    "nine thousand levels": "(" * 9_000 + "rang" + ")" * 9_000,
}


@pytest.mark.parametrize("where", REFUSED.values(), ids=REFUSED.keys())
def test_what_would_hold_the_engine_is_refused_before_it_is_asked(engine, texts, where):
    with pytest.raises(TooComplex) as refused:
        records(engine, texts, ExploreRequest(where=(where,)))
    assert refused.value.message("fr") != refused.value.message("en")


WIDE = {
    "select": ", ".join(f"percentile(rang, {n / 60}) as a{n}" for n in range(2_500)),
    "group_by": ", ".join(f"range(rang, {n}) as a{n}" for n in range(1, 3_000)),
    "order_by": ", ".join(f"random({n})" for n in range(5_000)),
}


@pytest.mark.parametrize("clause", WIDE)
def test_clauses_that_an_engine_would_prepare_for_minutes_are_refused(engine, texts, clause):
    with pytest.raises(TooComplex):
        records(engine, texts, ExploreRequest(**{clause: WIDE[clause]}))


def test_conditions_are_counted_over_all_clauses(engine, texts):
    wheres = tuple(f'"mot{n} rue{n} ville{n}"' for n in range(150))
    with pytest.raises(TooComplex):
        records(engine, texts, ExploreRequest(where=wheres))


def test_lower_and_upper_say_which_texts_are_too_long_for_them(engine, texts):
    for where in ('lower(texte) = "a"', 'upper(lower(texte)) = "A"'):
        with pytest.raises(QueryRefused, match="20000"):
            records(engine, texts, ExploreRequest(where=(where,)))
    short = ExploreRequest(select="upper(texte) as t", where=("length(texte) < 100",))
    assert records(engine, texts, short).results == [{"t": "COURT"}]


def test_texts_of_megabytes_are_ordered_grouped_and_listed(engine, texts):
    for request in (
        ExploreRequest(select="rang", order_by="texte"),
        ExploreRequest(select="count(*) as n", group_by="texte"),
    ):
        assert records(engine, texts, request, seconds=SECONDS).total_count == 3
    assert len(facets(engine, texts, ExploreRequest(facet=("texte",)), seconds=SECONDS)[0].facets) == 3


# The same answers as a plain reading


ALPHABET = st.text("ab é1", max_size=12)
PATTERNS = st.lists(st.text("ab%*1", min_size=1, max_size=5), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=ALPHABET, pattern=PATTERNS)
def test_like_finds_what_a_plain_reading_finds(engine, text, pattern):
    """Each word of the pattern is a word of the text, or a piece of one when it has a wildcard, whatever their number."""
    cursor = engine._connection.cursor().execute(
        f"SELECT {_sql(pattern)[0]} FROM (SELECT CAST(? AS VARCHAR) AS texte)", [*_sql(pattern)[1], text]
    )
    assert bool(cursor.fetchone()[0]) == _plainly(text, pattern), (text, pattern)


def _sql(pattern: str):
    test = Binder(Names(TableShape(tuple(TEXTS[:1]))), "where").test(parse_where(f'texte like "{pattern}"'))
    fragment = condition_sql(test)
    return fragment.sql, fragment.parameters


def _plainly(text: str, pattern: str) -> bool:
    words = re.findall(r"[^\W_]+", fold(text))
    for chunk in pattern.split():
        anywhere = "%" in chunk or "*" in chunk
        for piece in re.findall(r"[^\W_]+", fold(chunk)):
            glob = f"*{piece}*" if anywhere else piece
            if not any(fnmatch.fnmatchcase(word, glob) for word in words):
                return False
    return True


# Outlines of a million points


def test_a_tile_of_an_outline_made_to_harm_comes_in_time(engine, shapes):
    start = time.monotonic()
    for zoom, x, y in ((0, 0, 0), (5, 16, 11), (8, 130, 88), (14, 8328, 5683)):
        tile(shapes, engine, TileAddress(zoom, x, y), seconds=SECONDS)
    assert time.monotonic() - start < 2 * SECONDS


def test_maps_of_version_one_draw_it_too(engine, shapes):
    start = time.monotonic()
    map_query = Map(engine, shapes, Names(shapes.shape), V1Request.from_query([]), seconds=SECONDS)
    for zoom in ("3", "10"):
        assert preview(map_query, [("clusterprecision", zoom)])
    assert time.monotonic() - start < 2 * SECONDS


def test_a_large_outline_that_harms_nobody_keeps_its_form(engine, root):
    columns = [Column("contour", "Contour", ColumnType.GEO_SHAPE)]
    source = make_version(root / "round", columns, [[jagged(120_000, 0.0)]])
    drawn = mapbox_vector_tile.decode(tile(source, engine, TileAddress(5, 16, 11), seconds=SECONDS))
    (feature,) = drawn["shapes"]["features"]
    # A degree of longitude is 4096 / 11.25 units of this tile; one of latitude, longer by the cosine of 48 degrees.
    radius = 4096 / 11.25
    area = shapely.geometry.shape(feature["geometry"]).area
    assert area == pytest.approx(math.pi * radius**2 / math.cos(math.radians(48)), rel=0.03)


def test_a_page_of_outlines_too_large_for_json_is_refused_and_its_export_comes(engine, shapes):
    with pytest.raises(QueryTooLarge):
        records(engine, shapes, ExploreRequest(select=", ".join(f"contour as c{n}" for n in range(8))), seconds=SECONDS)
    pieces = export(engine, shapes, "geojson", ExploreRequest(), seconds=SECONDS)
    assert sum(map(len, pieces)) > POINTS * 20


# The end of what cannot be stopped


ENDLESS = "SELECT levenshtein(repeat('ab', 120000), repeat('ba', 120000)) AS n FROM rows"
"""Minutes of one processor in some megabytes: other distances keep the whole table of both texts, tens of gigabytes."""
PROGRAM = textwrap.dedent(
    f"""
    import os, sys, threading, time
    from pathlib import Path
    from parvis.core.columns import Column, ColumnType
    from parvis.core.engine.duckdb import DuckDBEngine
    from parvis.core.engine.duckdb.factories import HandWritten
    from parvis.core.engine.factories import make_version
    from parvis.core.engine.watchdog import leave_process

    def asked(signal, frame):
        os.write(1, b"asked to leave\\n")  # at once: a signal may come in the middle of a print

    import signal
    signal.signal(signal.SIGTERM, asked)
    root = Path(sys.argv[1])
    source = make_version(root / "v1", [Column("n", "N", ColumnType.INT)], [[1]])
    engine = DuckDBEngine(root, on_stuck=lambda: leave_process(18), grace=5)
    # The first query pays for all: a busy machine needs more seconds for it than questions are given.
    engine.table(source, HandWritten("SELECT n FROM rows"), seconds={SECONDS})
    endless = threading.Thread(target=lambda: engine.table(source, HandWritten({ENDLESS!r}), seconds=0.5))
    endless.start()
    for n in range(1000):
        rows = engine.table(source, HandWritten("SELECT n + ? AS n FROM rows", (n,)), seconds={SECONDS})
        assert rows["n"][0].as_py() == n + 1
        print("answered", flush=True)
        time.sleep(0.5)
    """
)


def test_a_process_that_holds_what_cannot_be_stopped_answers_the_others_then_ends(tmp_path):
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=3 * SECONDS, check=False)
    assert run.returncode != 0
    lines = run.stdout.splitlines()
    stop_index = lines.index("asked to leave")
    assert "answered" in lines[:stop_index]
    assert "answered" in lines[stop_index:], "the others are answered while it ends"
    assert "Timeout" in run.stderr  # the trace tells what was not stopped


def test_a_query_that_stops_in_time_ends_no_process(tmp_path):
    stuck: list[bool] = []
    watchdog = Watchdog(lambda: stuck.append(True), grace=0.3)
    with watchdog.watching(0.05, lambda: None) as watched:
        time.sleep(0.2)
    assert watched.late
    assert not stuck
    with watchdog.watching(0.05, lambda: None) as watched:
        time.sleep(1.0)
    assert stuck == [True]
    watchdog.stop()
