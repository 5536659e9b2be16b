"""Files broken in every way are read or refused; nothing else happens to what reads them.

``PARVIS_FUZZ_FILES`` sets how many of each format (60 by default), ``PARVIS_FUZZ_SEED`` which ones; the long run is
``tests/fuzzing/hostile_files.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pytest

from fuzzing.hostile_files import Reader, good_files, hostile, try_files
from parvis.core.formats.readers import READERS

COUNT = int(os.environ.get("PARVIS_FUZZ_FILES", "60"))
SEED = int(os.environ.get("PARVIS_FUZZ_SEED", "1"))


FORMATS = sorted({*(row.name for row in READERS), "zip", "gzip"})


@cache
def seeds() -> dict[str, list[bytes]]:
    return good_files()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as opened:
        yield opened


def test_every_format_that_is_read_has_good_files(reader: Reader) -> None:
    assert set(seeds()) == set(FORMATS)
    for format_, contents in seeds().items():
        name = f"f.{'zip' if contents[0].startswith(b'PK') and format_ not in {'xlsx', 'ods'} else format_}"
        assert reader.ask(contents[0], name).split()[0] == "read", format_


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_broken_files_are_read_or_refused(reader: Reader, format_: str) -> None:
    answers, faults = try_files(format_, seeds(), SEED, 0, COUNT, reader)
    assert [(fault.number, fault.why) for fault in faults] == []
    assert answers.total() == COUNT


def test_the_same_number_gives_the_same_file_and_a_failure_is_told() -> None:
    few = {"csv": [b"a,b\n1,2\n"]}
    assert list(hostile("csv", few, 7, 3, 2)) == list(hostile("csv", few, 7, 3, 2))
    with Reader(int) as reader:  # which does not read bytes with a name
        _answers, faults = try_files("csv", few, 7, 0, 2, reader)
    assert [fault.why[:11] for fault in faults] == ["! TypeError", "! TypeError"]
