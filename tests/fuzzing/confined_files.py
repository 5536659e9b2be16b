"""Broken files read through confined children, by the ten thousand: what reads may die, what asks may not change.

``python tests/fuzzing/confined_files.py --files 100000`` tells, for each format, how files ended, and what the process that asked
holds before and after: descriptors, threads, memory, files and processes left behind.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzzing.hostile_files import SUFFIXES, good_files, hostile
from parvis.core.children import Permits, call
from parvis.core.errors import DataError, RequestError
from parvis.core.ingest import examine

SECONDS = 60.0
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds."""

    descriptors: int
    threads: int
    megabytes: int
    children: int


def held() -> Held:
    """Count now, the fork server among the children and nothing else."""
    gc.collect()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return Held(
        len(list(Path("/proc/self/fd").iterdir())),
        threading.active_count(),
        int(status["VmRSS"].split()[0]) // 1024,
        len(list(_descendants(os.getpid()))),
    )


def _descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            yield child
            yield from _descendants(child)


def read_confined(content: bytes, name: str, folder: Path) -> str:
    """How a file ends: ``read``, or the code of its refusal; anything else is raised."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path, work = Path(own) / "file", Path(own) / "work"
        path.write_bytes(content)
        work.mkdir()
        try:
            call(examine, path, name=name, work=work, permits=Permits(name, (path,), (work,), SECONDS, 4_000_000_000))
        except (DataError, RequestError) as refusal:
            return refusal.code
    return "read"


def try_confined(format_: str, seeds: dict[str, list[bytes]], seed: int, count: int, folder: Path) -> Counter[str]:
    """How ``count`` broken files of a format end, ``AT_ONCE`` at the same moment."""
    name = f"f.{SUFFIXES.get(format_, format_)}"
    contents = (content for _number, content in hostile(format_, seeds, seed, 0, count))
    ends: Counter[str] = Counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for some in batched(contents, 16 * AT_ONCE, strict=False):  # not all of them in memory
            ends.update(pool.map(lambda content: read_confined(content, name, folder), some))
    return ends


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000, help="of each format")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--formats", nargs="*", default=[])
    options = parser.parse_args()
    seeds = good_files()
    formats = options.formats or sorted(seeds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try_confined(formats[0], seeds, options.seed, 20, folder)  # what is loaded once is not what grows
        before = held()
        print(f"seed {options.seed}, {before}", flush=True)
        for format_ in formats:
            start = time.monotonic()
            ends = try_confined(format_, seeds, options.seed, options.files, folder)
            print(f"{format_}: {time.monotonic() - start:.0f} s, {dict(ends.most_common(8))}, {held()}", flush=True)
        left = [path.name for path in folder.iterdir()]
    after = held()
    same = (before.descriptors, before.threads, before.children) == (after.descriptors, after.threads, after.children)
    print(f"{after}, left behind: {left}", flush=True)
    return 0 if same and not left and after.megabytes < before.megabytes + 50 else 1


if __name__ == "__main__":
    sys.exit(main())
