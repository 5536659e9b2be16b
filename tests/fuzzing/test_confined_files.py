"""A few broken files of each format through confined children; ``make fuzz`` reads a hundred thousand of each."""

from __future__ import annotations

import os
import time
from functools import cache

import pytest

from fuzzing.confined_files import Held, held, read_confined, try_confined
from fuzzing.hostile_files import SUFFIXES, good_files
from parvis.core.formats.readers import READERS

COUNT = int(os.environ.get("PARVIS_FUZZ_CONFINED", "6"))
SEED = int(os.environ.get("PARVIS_FUZZ_SEED", "1"))


@cache
def seeds() -> dict[str, list[bytes]]:
    return good_files()


@pytest.mark.parametrize("format_", sorted(row.name for row in READERS))
def test_broken_files_end_as_read_or_refused_and_leave_nothing(format_, tmp_path):
    for content in seeds()[format_]:
        assert read_confined(content, f"f.{SUFFIXES.get(format_, format_)}", tmp_path) == "read"
    before = held()
    ends = try_confined(format_, seeds(), SEED, COUNT, tmp_path)
    after = _held_once_quiet(before)
    assert ends.total() == COUNT
    assert list(tmp_path.iterdir()) == []
    for resource in ("descriptors", "threads", "children"):
        # Fewer is no leak: what an earlier test left to the collector may go in between.
        assert getattr(after, resource) <= getattr(before, resource), resource


def _held_once_quiet(before: Held) -> Held:
    """What is held when the machine has had time to bury the dead: on a busy one a child that ended is seen a while."""
    for _attempt in range(50):
        after = held()
        if after.children <= before.children:
            return after
        time.sleep(0.2)
    return after
