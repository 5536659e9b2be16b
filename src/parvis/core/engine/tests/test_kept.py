"""Bounded memory for answers."""

from __future__ import annotations

from parvis.core.engine.kept import Kept


def test_the_least_recently_asked_leaves_first():
    kept: Kept[str] = Kept(16 * 1200)
    for n in range(16):
        assert kept.put(n, f"thing {n}", 1000)
    assert kept.get(0) == "thing 0"
    kept.put(16, "thing 16", 1000)
    assert kept.get(1) is None
    assert kept.get(0) == "thing 0"
    assert kept.get(16) == "thing 16"


def test_the_room_is_never_passed_whatever_comes():
    kept: Kept[bytes] = Kept(100_000)
    for n in range(1000):
        kept.put(n, b"", n * 7)
        assert kept.bytes <= 100_000


def test_what_is_too_large_is_not_kept_and_pushes_nothing_out():
    kept: Kept[str] = Kept(16_000)
    kept.put("small", "s", 100)
    assert not kept.put("large", "l", 1_000)
    assert kept.get("large") is None
    assert kept.get("small") == "s"


def test_a_thing_put_twice_is_counted_once():
    kept: Kept[str] = Kept(100_000)
    for _turn in range(10):
        kept.put("same", "s", 1000)
    assert kept.bytes == 1200
    kept.clear()
    assert kept.bytes == 0
    assert kept.get("same") is None
