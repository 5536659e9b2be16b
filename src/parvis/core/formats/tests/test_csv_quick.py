"""The quick route and the careful route say the same, whatever the text."""

import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.core.formats.csv_careful import careful_route
from parvis.core.formats.csv_layout import find_layout
from parvis.core.formats.csv_quick import _has_spaced_quotes, quick_route
from parvis.core.formats.encodings import PreparedText, prepare_text
from parvis.core.formats.job import Job
from parvis.core.formats.limits import DEFAULT_LIMITS
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.records import Bounds
from parvis.core.progress import no_progress
from parvis.core.staging import REJECTS, ROWS, Workspace, open_workspace

SIGNS = [
    "a",
    "2,5",
    " ",
    '"',
    '""',
    "é",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "'",
    "\u00a0",
    "NULL",
    "\\N",
    "#",
    "\t",
    ",",
    ";",
    "\ufeff",
]
COUNTER = itertools.count()


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder, open_workspace(Path(folder)) as workspace:
        yield workspace


@st.composite
def texts(draw: st.DrawFn) -> str:
    delimiter = draw(st.sampled_from(";,\t|"))
    width = draw(st.integers(2, 4))
    quoted = st.lists(st.sampled_from(SIGNS), max_size=3).map(lambda s: '"' + "".join(s).replace('"', '""') + '"')
    plain = st.lists(st.sampled_from(SIGNS), max_size=3).map(
        lambda signs: "".join(sign for sign in signs if not set(sign) & {'"', "\r", "\n", delimiter})
    )
    wild = st.lists(st.sampled_from(SIGNS), max_size=3).map("".join)
    cell = st.one_of(plain, quoted, plain, quoted, wild) if draw(st.booleans()) else st.one_of(plain, quoted)
    widths = st.sampled_from([width] * 12 + [width - 1, width + 1, 0])
    rows = [draw(st.lists(cell, min_size=n, max_size=n)) for n in draw(st.lists(widths, max_size=6))]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [delimiter.join(f"h{n}" for n in range(width)), *(delimiter.join(row) for row in rows)]
    return end.join(lines) + draw(st.sampled_from(["", end]))


@settings(max_examples=250)
@given(text=texts())
@example(text='h0;h1\na; ""')
@example(text='h0;h1\na;"" ')
@example(text='h0;h1\n;"" ""')
@example(text='h0;h1;h2\n;;"""\n";\n;;a\n;;a')
def test_both_routes_give_the_same_table(shared: Workspace, text: str) -> None:
    path = shared.folder / f"text-{next(COUNTER)}.csv"
    path.write_bytes(text.encode())
    job = Job(path, "text.csv", "csv", shared, ReadOptions(header_line=1), DEFAULT_LIMITS, no_progress)
    prepared = prepare_text(path, shared.folder, None, "text.csv", DEFAULT_LIMITS, lambda _: None)
    bounds = Bounds(10_000, 10_000_000, lambda line: AssertionError(line))
    layout = find_layout(prepared, job.options, bounds, "text.csv", tabs=False)
    outcomes = []
    for quick in (True, False):
        shared.connection.execute(f"DELETE FROM {REJECTS}")
        staged = quick_route(job, prepared, layout) if quick else careful_route(job, prepared, layout, bounds)
        if staged is None:
            return
        rows = shared.connection.execute(f"SELECT * FROM {ROWS} ORDER BY line").fetchall()
        outcomes.append((staged, rows, shared.connection.execute(f"SELECT * FROM {REJECTS}").fetchall()))
    assert outcomes[0] == outcomes[1]


@settings(max_examples=500)
@given(signs=st.lists(st.sampled_from(['"', '""', " ", "\t", ";", ",", "\n", "\r\n", "a", "é"]), max_size=14))
def test_blanks_between_a_quote_and_the_edge_of_its_cell_are_seen_wherever_they_are(signs: list[str]) -> None:
    content = "".join(signs).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.csv"
        path.write_bytes(content)
        prepared = PreparedText(path, "utf-8", 0, 0, False, b'"' in content, 0, True)
        expected = re.search(rb'(?:\A|[\r\n;])[ \t]+"|"[ \t]+(?:\Z|"|[\r\n;])', content)
        assert _has_spaced_quotes(prepared, ";") == (expected is not None)


@pytest.mark.parametrize("text", ["a;b\n1;2\n3;4\n", 'a;b\r\n"x\r\ny";2\r\n3;4\r\n', 't,,\na,b,c\n1,2,"3 ""x"""'])
def test_a_regular_text_takes_the_quick_route(shared: Workspace, text: str) -> None:
    path = shared.folder / f"text-{next(COUNTER)}.csv"
    path.write_bytes(text.encode())
    job = Job(path, "text.csv", "csv", shared, ReadOptions(), DEFAULT_LIMITS, no_progress)
    prepared = prepare_text(path, shared.folder, None, "text.csv", DEFAULT_LIMITS, lambda _: None)
    layout = find_layout(prepared, job.options, Bounds(10, 1000, AssertionError), "text.csv", tabs=False)
    assert quick_route(job, prepared, layout) is not None
