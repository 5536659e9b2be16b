"""Memory bounded in bytes."""

from __future__ import annotations

from parvis.core.caches import ByteLRUCache


def test_the_least_recently_asked_leaves_first():
    cache: ByteLRUCache[str] = ByteLRUCache(16 * 1200)
    for n in range(16):
        assert cache.put(n, f"thing {n}", 1000)
    assert cache.get(0) == "thing 0"
    cache.put(16, "thing 16", 1000)
    assert cache.get(1) is None
    assert cache.get(0) == "thing 0"
    assert cache.get(16) == "thing 16"


def test_the_room_is_never_passed_whatever_comes():
    cache: ByteLRUCache[bytes] = ByteLRUCache(100_000)
    for n in range(1000):
        cache.put(n, b"", n * 7)
        assert cache.bytes <= 100_000


def test_what_is_too_large_is_not_kept_and_pushes_nothing_out():
    cache: ByteLRUCache[str] = ByteLRUCache(16_000)
    cache.put("small", "s", 100)
    assert not cache.put("large", "l", 1_000)
    assert cache.get("large") is None
    assert cache.get("small") == "s"


def test_a_thing_put_twice_is_counted_once():
    cache: ByteLRUCache[str] = ByteLRUCache(100_000)
    for _turn in range(10):
        cache.put("same", "s", 1000)
    assert cache.bytes == 1200
    cache.clear()
    assert cache.bytes == 0
    assert cache.get("same") is None
