"""The long run: questions asked of the application in this very process, ten times faster than over HTTP.

``python tests/fuzzing/within.py --questions 200000 --seed 1 --notes FOLDER``. The folder keeps the instance and, for each slice
of questions answered, one line of JSON: a run that was cut goes on where it was. The exit status is 1 when an answer was wrong.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

SLICE = 500
PLACE = "127.0.0.1:8000"
LONGEST = 40.0
"""Seconds in which every question is answered or refused: twice those of the engine, on a machine that has much to do."""


def environment_of(folder: Path) -> dict[str, str]:
    """What makes an instance of that folder, whose callers have no budget to spend."""
    return {
        "PARVIS_HOME": str(folder / "home"),
        "PARVIS_DATABASE_URL": "",
        "PARVIS_QUOTA_ANONYMOUS_SECONDS": "1000000",
        "PARVIS_QUOTA_ANONYMOUS_CALLS": "1000000000",
    }


def fill(folder: Path, environment: dict[str, str]) -> None:
    """Import the three datasets into the instance of that folder."""
    from commands import in_one_process  # noqa: PLC0415 once the path is set
    from fuzzing.rows import DATASETS, sidecar, table  # noqa: PLC0415 once the path is set

    imports = []
    for dataset_id, title, rows, access in DATASETS:
        source, card = folder / f"{dataset_id}.csv", folder / f"{dataset_id}.json"
        source.write_text(table(rows), encoding="utf-8")
        card.write_text(sidecar(dataset_id, title), encoding="utf-8")
        imports.append(("import", source, "--access", access, "--metadata", card))
    for outcome in in_one_process(folder / "home", *imports, **environment):
        assert outcome.returncode == 0, outcome


def answered(application: Any, target: str) -> tuple[int, bytes]:
    """Status and body of the answer to a GET; 599 when the application let an error out."""
    path, _mark, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": PLACE,
        "HTTP_ACCEPT": "*/*",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    status = []
    try:
        pieces = application(environ, lambda line, _headers, _error=None: status.append(int(line.split()[0])))
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
    except Exception as error:  # what a server would turn into a failure
        return 599, repr(error).encode()
    return status[-1], body


def slices(count: int, rows_by_first: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What each slice of questions gave, those that ``rows_by_first`` holds whole left out."""
    from fuzzing.test_fuzz import question, sendable, wrong  # noqa: PLC0415 reads the seed of the environment

    for first in range(0, count, SLICE):
        numbers = range(first, min(first + SLICE, count))
        if rows_by_first.get(first, {"count": 0})["count"] >= len(numbers):
            continue
        from parvis.config.wsgi import application  # noqa: PLC0415 once the environment is set, if something is to be asked

        statuses: Counter[str] = Counter()
        faults = []
        slowest = 0.0
        start = time.monotonic()
        for number in numbers:
            query = question(number)
            asking = time.monotonic()
            status, body = answered(application, sendable(query.target))
            taken = time.monotonic() - asking
            slowest = max(slowest, taken)
            statuses[f"{query.kind} {status}"] += 1
            fault = wrong(query, status, body)
            if fault or taken > LONGEST:
                fault = fault or f"answered after {taken:.0f} seconds"
                faults.append(f"question {number} ({query.kind}) {query.target[:2000]}\n    {fault}")
        seconds = round(time.monotonic() - start, 1)
        summary = {"first": first, "count": len(numbers), "statuses": statuses, "faults": faults, "seconds": seconds}
        yield {**summary, "slowest": round(slowest, 2)}


def main(arguments: list[str]) -> int:
    """Ask, note, and tell what was found in all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--notes", type=Path, required=True)
    options = parser.parse_args(arguments)
    folder = options.notes.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    environment = environment_of(folder)
    os.environ.update(environment, PARVIS_FUZZ_SEED=options.seed)
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if not (folder / "filled").exists():
        fill(folder, environment)
        (folder / "filled").touch()
    notes = folder / f"seed-{options.seed}.jsonl"
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    rows_by_first = {row["first"]: row for row in map(json.loads, lines)}
    with notes.open("a", encoding="utf-8") as stream:
        for slice_row in slices(options.questions, rows_by_first):
            print(json.dumps(slice_row), file=stream, flush=True)
            rows_by_first[slice_row["first"]] = slice_row
            print(f"{sum(row['count'] for row in rows_by_first.values())} questions", flush=True)
    statuses = sum((Counter(row["statuses"]) for row in rows_by_first.values()), Counter[str]())
    print(", ".join(f"{status} × {count}" for status, count in sorted(statuses.items())))
    print(
        f"The slowest took {max((row.get('slowest', 0.0) for row in rows_by_first.values()), default=0.0):.1f} seconds."
    )
    faults = [fault for row in rows_by_first.values() for fault in row["faults"]]
    print("\n".join(faults[:30]) or "No answer was wrong.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
