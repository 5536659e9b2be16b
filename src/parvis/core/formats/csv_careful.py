"""The careful route: any delimited text, record by record, each one a row or a reject with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from parvis.core.formats.csv_layout import Layout, open_text
from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.job import Job
from parvis.core.formats.record_kinds import Placer, set_aside
from parvis.core.formats.records import Bounds, split_records
from parvis.core.formats.sink import Sink
from parvis.core.staging import StagedTable

TELLING = 5_000
"""Records between two words of progress."""


def careful_route(job: Job, text: PreparedText, layout: Layout, bounds: Bounds) -> StagedTable:
    """Stage ``text`` with the csv module's rules, mending what is certain and refusing the rest line by line."""
    sink = Sink(job.workspace, job.name, job.limits, layout.width)
    set_aside(sink, layout.preamble, layout.second)
    placer = Placer(sink, layout.width, layout.empty_above, layout.headers, layout.delimiter)
    total = text.path.stat().st_size
    with open_text(text) as stream:
        lines: Iterator[str] = islice(stream, layout.data_line - 1, None)
        lines = map(layout.unspaced, lines) if layout.unspaced else lines
        records = split_records(
            lines,
            layout.delimiter,
            bounds,
            expected=layout.width,
            first=layout.data_line,
            multiline=job.options.multiline is not False,
        )
        for count, record in enumerate(records):
            if not count % TELLING:
                job.progress("read", stream.buffer.tell(), total)
            placer.place(record)
    placer.end()
    job.progress("read", total, total)
    return sink.finish(layout.headers, placer.notes())
