"""The cache of what can be computed again keeps what is recent, within its bounds."""

from __future__ import annotations

import os

import pytest

from parvis.hub.ui.derived import AgedFileCache


@pytest.fixture
def small(tmp_path) -> AgedFileCache:
    made = AgedFileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 20}})
    made.every = 1
    return made


def fill(cache: AgedFileCache, number: int) -> None:
    for rank in range(number):
        cache.set(f"picture-{rank}", b"x" * 100)
        os.utime(cache._key_to_file(f"picture-{rank}"), (rank, rank))


def test_the_oldest_go_first(small):
    fill(small, 21)
    small.remove_oldest()
    assert [rank for rank in range(21) if small.get(f"picture-{rank}")] == list(range(6, 21))


def test_nothing_goes_within_the_bounds(small):
    fill(small, 20)
    small.remove_oldest()
    assert all(small.get(f"picture-{rank}") for rank in range(20))


def test_bytes_are_bound_too(small):
    fill(small, 20)
    small.most_bytes = 400
    small.remove_oldest()
    assert small.get("picture-0") is None and small.get("picture-19")


def test_many_writes_look_at_the_folder_now_and_then(small):
    small.every = 8
    for rank in range(60):
        small.set(f"picture-{rank}", b"x")
    assert len(small._list_cache_files()) <= 20 + 8
