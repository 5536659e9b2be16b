"""Bodies are received whole, within bounds of size, time and number; what was taken is returned."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from parvis.config.serving.bodies import IN_MEMORY, PIECE, BodyRule, ClientGone, Reception, body_rules
from parvis.config.serving.refusals import BodyTooLarge, BodyTooSlow, ReceptionFull, TooManyBodies

RULE = BodyRule(("/",), most=5_000_000, of_one=2, in_all=3, seconds=0.6, rate=100_000_000, idle=0.2)
PATIENT = replace(RULE, seconds=60.0, idle=60.0)
"""For what must arrive, however slow the machine that tests."""


def reception(folder: Path, rule: BodyRule = PATIENT, most_on_disk: int = 100_000_000) -> Reception:
    return Reception((rule,), folder, ThreadPoolExecutor(1), most_on_disk)


def sender(*pieces: bytes, wait: float = 0.0, leaves: bool = False, ends: bool = True):
    """What a server gives piece by piece."""
    rest = list(pieces)

    async def receive():
        await asyncio.sleep(wait)
        if rest:
            piece = rest.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(rest) or not ends}
        if leaves:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)
        raise AssertionError("waited for")

    return receive


def run_apart(coroutine):
    """Run it in a thread of its own: the browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def received(made: Reception, receive, announced: int | None = None) -> bytes:
    body = run_apart(made.receive(receive, "/", "one", announced))
    try:
        return body.stream.read()
    finally:
        made.release(body)


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, PIECE, 3 * PIECE + 7])
def test_a_body_is_the_same_in_memory_and_on_disk(tmp_path, size):
    whole = bytes(range(256)) * (size // 256 + 1)
    pieces = [whole[start : min(start + 65_536, size)] for start in range(0, size, 65_536)] or [b""]
    made = reception(tmp_path)
    assert received(made, sender(*pieces)) == whole[:size]
    assert made._on_disk == 0 and not list(tmp_path.iterdir())


def test_a_body_that_does_not_come_is_refused(tmp_path):
    with pytest.raises(BodyTooSlow):
        received(reception(tmp_path, RULE), sender(b"lang=f", ends=False), 5_000)


def test_a_body_that_comes_by_drops_is_refused_although_it_never_stops(tmp_path):
    with pytest.raises(BodyTooSlow):
        received(reception(tmp_path, RULE), sender(*[b"x"] * 100, wait=0.05))


def test_a_large_body_has_the_time_that_its_size_gives(tmp_path):
    rule = replace(PATIENT, seconds=1.0, rate=50_000)
    assert len(received(reception(tmp_path, rule), sender(*[b"x" * 500_000] * 5, wait=0.25))) == 2_500_000


def test_a_body_is_refused_on_what_it_announces_and_on_what_it_is(tmp_path):
    async def never():
        raise AssertionError("read")

    made = reception(tmp_path)
    with pytest.raises(BodyTooLarge):
        received(made, never, 5_000_001)
    with pytest.raises(BodyTooLarge):
        received(made, sender(*[b"x" * 1_000_000] * 6), 10)
    assert made._on_disk == 0


def test_who_leaves_is_not_answered(tmp_path):
    with pytest.raises(ClientGone):
        received(reception(tmp_path), sender(b"x", leaves=True, ends=False))


@pytest.mark.parametrize(("leaves", "reason"), [(True, ClientGone), (False, BodyTooSlow)])
def test_what_came_of_a_piece_that_breaks_off_is_given_with_the_reason(tmp_path, leaves, reason):
    made = reception(tmp_path, RULE)
    pieces = sender(b"x" * PIECE, b"y", leaves=leaves, ends=False)
    body = run_apart(made.receive(pieces, "/", "one", None, is_resumed=True))
    assert (body.stream.read(), type(body.broken)) == (b"x" * PIECE + b"y", reason)
    made.release(body)
    with pytest.raises(reason):
        run_apart(made.receive(sender(b"", leaves=leaves, ends=False), "/", "one", None, is_resumed=True))


def test_the_disk_is_not_filled(tmp_path):
    made = reception(tmp_path, most_on_disk=2_000_000)
    with pytest.raises(ReceptionFull):
        received(made, sender(*[b"x" * 1_000_000] * 4))
    assert made._on_disk == 0


def test_bodies_on_their_way_are_counted_by_caller_and_in_all(tmp_path):
    made = reception(tmp_path)

    async def together() -> list[type | int]:
        callers = ["one", "one", "one", "two", "three"]
        slow = [made.receive(sender(b"a", b"b", wait=0.1), "/", caller, None) for caller in callers]
        results = await asyncio.gather(*slow, return_exceptions=True)
        return [getattr(result, "size", type(result)) for result in results]

    assert run_apart(together()) == [2, 2, TooManyBodies, 2, ReceptionFull]
    assert received(made, sender(b"again")) == b"again"
    assert not made._of_one and not +made._in_all


def test_each_address_has_its_row():
    made = Reception(body_rules(1_000, 2_000), Path(), ThreadPoolExecutor(1), 1)
    assert made.rule_of("/api/parvis/v1/validate").of_one == 2
    assert made.rule_of("/admin/depots/1/").most > 2_000
    assert made.rule_of("/api/parvis/v1/datasets/arbres/file").most > 2_000
    assert made.rule_of("/api/parvis/v1/uploads/abc").most > 2_000
    assert made.rule_of("/ville/valider/").most > 1_000_000
    assert made.rule_of("/preferences/").seconds == 60
    assert made.rule_of("*").seconds == 60
