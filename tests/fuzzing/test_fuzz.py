"""Strangers' questions put to a real instance: never a failure of the server, never the rows of another dataset, never
a difference from what plain Python finds over the same rows.

``PARVIS_FUZZ`` sets how many are asked (2,000 by default), ``PARVIS_FUZZ_SEED`` which ones, ``PARVIS_FUZZ_FIRST`` the number
of the first: a failure tells its own, so ``PARVIS_FUZZ_FIRST=number PARVIS_FUZZ=1`` asks it again.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from fuzzing.oracle import Asked, Oracle
from fuzzing.rows import HIDDEN_MARK, HIDDEN_TITLE, NEIGHBOUR, NEIGHBOUR_MARK, made_rows
from fuzzing.wild import Wild

COUNT = int(os.environ.get("PARVIS_FUZZ", "2000"))
FIRST = int(os.environ.get("PARVIS_FUZZ_FIRST", "0"))
SEED = int(os.environ.get("PARVIS_FUZZ_SEED", "1"))
THREADS = 3
TOLD = 10_000
"""Questions between two lines that say how far it is."""
ENOUGH = 30
"""Failures after which the others are not worth waiting for."""
ROWS = made_rows()


@dataclass(frozen=True, slots=True)
class Question:
    """A target, and its answer where it is known."""

    number: int
    kind: str
    target: str
    known: Asked | None = None


def question(number: int) -> Question:
    """The question of that number, the same each time."""
    chance = random.Random(f"{SEED}:{number}")
    oracle, wild = Oracle(ROWS, chance), Wild(chance, chance.randrange(2**32))
    share = chance.random()
    if share < 0.4:
        judged = oracle.question()
        return Question(number, "known", judged.target, judged)
    if share < 0.7:
        return Question(number, "written", wild.written())
    target = oracle.question().target if chance.random() < 0.5 else wild.written()
    return Question(number, "spoilt", wild.spoilt(target))


def wrong(query: Question, status: int, body: bytes) -> str:
    """What is wrong with an answer; an empty text when nothing is."""
    if status >= 500:
        return f"status {status}: {body[:300]!r}"
    if HIDDEN_MARK.encode() in body or HIDDEN_TITLE.encode() in body:
        return "rows or the title of a dataset that nobody may read"
    if NEIGHBOUR_MARK.encode() in body and NEIGHBOUR not in query.target:
        return "rows of another dataset"
    if query.known is None:
        return ""
    if status != 200:
        return f"status {status}: {body[:500]!r}"
    return query.known.judge(json.loads(body))


def ask(host: str, port: int, numbers: range) -> tuple[list[str], Counter[tuple[str, int]]]:
    """Ask some questions over one connection; what was wrong, and how many of each kind had each status."""
    connection = http.client.HTTPConnection(host, port, timeout=120)
    faults: list[str] = []
    statuses: Counter[tuple[str, int]] = Counter()
    for number in numbers:
        query = question(number)
        try:
            connection.request("GET", sendable(query.target), headers={"Accept": "*/*"})
            answer = connection.getresponse()
            body, status = answer.read(), answer.status
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            connection = http.client.HTTPConnection(host, port, timeout=120)
            body, status = repr(error).encode(), 599
        statuses[query.kind, status] += 1
        fault = wrong(query, status, body)
        if fault:
            faults.append(f"question {number} ({query.kind}) {query.target[:2000]}\n    {fault}")
            if len(faults) > ENOUGH:
                break
        if statuses.total() % TOLD == 0:
            print(f"{statuses.total()} of {len(numbers)} questions, {len(faults)} wrong", flush=True)
    connection.close()
    return faults, statuses


def sendable(target: str) -> str:
    """The target as one line of HTTP can hold it."""
    return re.sub(r"[^\x21-\x7e]", lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), target)


@pytest.mark.slow
def test_every_question_has_a_right_answer(instance):
    parts = [range(FIRST + part, FIRST + COUNT, THREADS) for part in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(lambda numbers: ask(*instance, numbers), parts))
    statuses = sum((counted for _faults, counted in outcomes), Counter[tuple[str, int]]())
    faults = [fault for faults, _counted in outcomes for fault in faults]
    print(f"{statuses.total()} questions:", ", ".join(f"{k} {s} × {n}" for (k, s), n in sorted(statuses.items())))
    assert not faults, "\n".join(faults)
    for kind in ("known", "written", "spoilt"):  # they are not all refused, which would prove nothing
        assert COUNT < 500 or statuses[kind, 200] > COUNT / 40, statuses
