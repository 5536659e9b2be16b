"""What confinement costs: a small file and the large one, read in a confined child and adopted, beside the same work without."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from parvis.config.bench.figures import Figure, turns_for

_PROGRAM = """
import json, statistics, sys, time
from pathlib import Path
sys.modules["pandas"] = None
from parvis.core.children import Permits, call, warm
from parvis.core.ingest import ingest
from parvis.core.store import FolderStore
from parvis.core.versions.adoption import adopt

large, folder, few, many = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
small = folder / "petit.csv"
small.write_text("code;nom;places\\n01234;Évry;12\\n02345;Grigny;7\\n", encoding="utf-8")
count = iter(range(1_000_000))

def plain(source):
    ingest(source, name=source.name, destination=folder / "plain", work=folder / "work", version=f"v{next(count)}")

def confined(source):
    work = folder / f"scratch-{next(count)}"
    work.mkdir()
    permits = Permits(source.name, (source,), (work,), 3600.0, 4_000_000_000, 20_000_000_000)
    version = f"v{next(count)}"
    manifest = call(ingest, source, name=source.name, destination=work, work=work, version=version, copied=False, permits=permits)
    adopt(work / version, FolderStore(folder / "confined"), "datasets/mesure/versions", manifest, original=source, name=source.name)

def seconds(do, source):
    start = time.perf_counter()
    do(source)
    return time.perf_counter() - start

warm()
for do in (plain, confined):  # what is done once a process is not measured
    do(small)
facts = {}
for name, source, times in (("small", small, many), ("large", large, few)):
    runs = [(seconds(plain, source), seconds(confined, source)) for _turn in range(times)]
    facts[name] = {
        "plain": statistics.median(run[0] for run in runs),
        "confined": statistics.median(run[1] for run in runs),
    }
print(json.dumps(facts))
"""
LARGE_TURNS, SMALL_TURNS = 3, 15


def confinement_figures(sample: Path, folder: Path, rows: int) -> list[Figure]:
    """Seconds from a file of ``rows`` rows, and from a small one, to a version, confined and not, in turn in one process whose fork server is ready."""
    folder.mkdir(parents=True, exist_ok=True)
    turns = (str(turns_for(most, rows)) for most in (LARGE_TURNS, SMALL_TURNS))
    command = [sys.executable, "-c", _PROGRAM, str(sample), str(folder), *turns]
    facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    small, large = facts["small"], facts["large"]
    peer = "la même lecture sans isolement"
    return [
        Figure("isolement", "petit fichier (2 lignes), durée", "s", small["confined"], budget=0.5),
        Figure("isolement", "petit fichier (2 lignes), durée", "s", small["confined"], peer, small["plain"]),
        Figure(
            "isolement",
            f"grand fichier ({sample.stat().st_size / 1e6:.0f} Mo), durée",
            "s",
            large["confined"],
            peer,
            large["plain"],
            1.2,
        ),
    ]
