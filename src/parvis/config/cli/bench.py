"""``parvis bench``: the published benchmark, with its peers when they are installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path

from parvis.config.bench.acts import LEAST, acts_figures
from parvis.config.bench.agenda import agenda_figures
from parvis.config.bench.basemap import basemap_figures
from parvis.config.bench.catalogue import catalogue_figures
from parvis.config.bench.confined import confinement_figures
from parvis.config.bench.conflations import conflation_figures
from parvis.config.bench.datasette import is_here, make_database
from parvis.config.bench.departures import departure_figures
from parvis.config.bench.exports import export_figures
from parvis.config.bench.figures import Figure, as_json, machine, table, turns_for
from parvis.config.bench.harvest import harvest_figures
from parvis.config.bench.homes import home_figures, make_homes
from parvis.config.bench.imports import import_figures
from parvis.config.bench.inside import inside
from parvis.config.bench.memory import memory_figures
from parvis.config.bench.mending import mending_figures, quality_figures
from parvis.config.bench.moves import move_figures
from parvis.config.bench.odata import odata_figures
from parvis.config.bench.overlays import overlay_figures
from parvis.config.bench.pages import Served, datasette_figures, free_port, page_figures, serving
from parvis.config.bench.pushes import SECONDS as PUSHING
from parvis.config.bench.pushes import push_figures
from parvis.config.bench.queries import query_figures
from parvis.config.bench.recipes import recipe_figures
from parvis.config.bench.sample import write_sample
from parvis.config.bench.shapes import shape_figures
from parvis.config.bench.slow_callers import slow_caller_figures
from parvis.config.bench.themes import theme_figures
from parvis.config.bench.tiles import tile_figures
from parvis.config.bench.traffic import datasette_traffic, fairness_figures, traffic_figures
from parvis.config.bench.validations import validation_figures
from parvis.core.ingest import ingest
from parvis.hub.conf import SETTINGS

_MAKE = """
import sys
from parvis.config.cli.main import main
if status := main(["init"]) or main(["import", sys.argv[1], "--id", "mesure"]):
    sys.exit(status)
from parvis.config.cli.serve import collect_assets
collect_assets()
"""
"""An instance that publishes a file, in one process; with what a first start does besides: an existing home is what is measured."""

_DEMONSTRATION = """
import sys
from parvis.config.cli.main import main
sys.exit(main(["demo", "--no-serve"]))
"""

TRIAL = 20_000
"""Rows under which the benchmark itself is tried, and nothing long is made."""

PARVIS = str(Path(sys.executable).parent / "parvis")


@dataclass(frozen=True)
class Bench:
    """What the parts of the benchmark share; each thing is made when a part first needs it."""

    folder: Path
    rows: int
    seconds: float
    """Length of each burst of requests."""
    formats: tuple[str, ...] = ()
    """Formats of exports to measure; all when empty."""
    like: Bench | None = None
    """That whose home its own begins as a copy of, where it is not made anew."""
    acts: int = 0
    """Acts of the part that searches long documents."""
    datasets: int = 0
    """Datasets of the part that reads a neighbour's catalogue."""
    is_trial: bool = False
    """Whether the benchmark itself is tried: one web process answers then."""

    @cached_property
    def sample(self) -> Path:
        """The measured file."""
        path = self.folder / "mesure.csv"
        write_sample(path, self.rows)
        return path

    @cached_property
    def version(self) -> Path:
        """The folder of its version, as an import writes it."""
        target = self.folder / "datasets" / "versions"
        manifest = ingest(self.sample, name="mesure.csv", destination=target, work=self.folder / "work")
        return target / manifest.version

    @cached_property
    def database(self) -> Path | None:
        """The same rows for Datasette; None when it is not installed."""
        folder = self.folder / "datasette"
        folder.mkdir()
        return make_database(self.sample, folder / "mesure.db") if is_here() else None

    @cached_property
    def home(self) -> Path:
        """An instance that publishes it."""
        home = self.folder / "home"
        if self.like is not None:
            return shutil.copytree(self.like.home, home)
        environment = os.environ | self.environment("http://127.0.0.1")
        command = [sys.executable, "-c", _MAKE, str(self.sample)]
        run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if run.returncode:
            raise RuntimeError(f"parvis init, parvis import: {run.stderr.strip()}")
        return home

    @contextmanager
    def serving(self, **settings: str) -> Iterator[tuple[str, Served]]:
        """The instance served, with these settings: its address, and its server."""
        assert self.home  # made before it is served
        with self.serving_home(**settings) as served:
            yield served

    @contextmanager
    def serving_home(self, **settings: str) -> Iterator[tuple[str, Served]]:
        """The same of whatever stands in the home."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        os.environ.update(self.environment(address) | settings)
        command = [PARVIS, "serve", "--port", str(port), *(("--workers", "1") if self.is_trial else ())]
        with serving(command, f"{address}/healthz", self.folder) as served:
            yield address, served

    def environment(self, address: str) -> dict[str, str]:
        """Where the measured instance is, whatever the settings of the one who measures."""
        cleared = {setting.name: "" for setting in SETTINGS}
        return cleared | {"PARVIS_HOME": str(self.folder / "home"), "PARVIS_BASE_URL": address}


def _imports(bench: Bench) -> list[Figure]:
    figures = import_figures(bench.folder, bench.rows)[0]
    return [*figures, *confinement_figures(bench.folder / "mesure.csv", bench.folder / "confined", bench.rows)]


def _validations(bench: Bench) -> list[Figure]:
    return validation_figures(bench.folder, bench.sample)


def _mending(bench: Bench) -> list[Figure]:
    return mending_figures(bench.folder, bench.sample)


def _recipes(bench: Bench) -> list[Figure]:
    return recipe_figures(bench.folder, bench.sample)


def _overlays(bench: Bench) -> list[Figure]:
    return overlay_figures(bench.folder, bench.sample)


def _quality(bench: Bench) -> list[Figure]:
    return quality_figures(bench.folder, bench.version)


def _queries(bench: Bench) -> list[Figure]:
    return query_figures(bench.version, bench.database)


def _tiles(bench: Bench) -> list[Figure]:
    return tile_figures(bench.version)


def _exports(bench: Bench) -> list[Figure]:
    return export_figures(bench.version, bench.folder, bench.database, bench.formats)


def _departures(bench: Bench) -> list[Figure]:
    assert bench.home
    folder = bench.folder / "departure"
    folder.mkdir()
    return departure_figures(folder, os.environ | bench.environment("http://127.0.0.1"))


def _odata(bench: Bench) -> list[Figure]:
    return odata_figures(bench.version, turns_for(20, bench.rows))


def _pages(bench: Bench, address: str, served: Served) -> list[Figure]:
    environment = os.environ | bench.environment("http://127.0.0.1")
    put_forward = make_homes(environment)
    figures = [
        *page_figures(address, "mesure", turns_for(20, bench.rows)),
        *theme_figures(address, environment, turns_for(40, bench.rows)),
        *home_figures(address, environment, put_forward, turns_for(40, bench.rows)),
    ]
    start = Figure("départ", "parvis serve, instance existante", "s", served.seconds, budget=4)
    peer = datasette_figures(bench.folder, bench.database, figures) if bench.database else []
    return [start, *figures, *peer]


def _basemap(bench: Bench) -> list[Figure]:
    return basemap_figures(bench.rows)


def _agenda(bench: Bench, address: str, _served: Served) -> list[Figure]:
    return agenda_figures(address, os.environ | bench.environment(address), bench.rows)


def _pushes(bench: Bench, address: str, served: Served) -> list[Figure]:
    environment = os.environ | bench.environment(address)
    seconds = min(bench.seconds * 4, PUSHING)
    return push_figures(address, environment, "mesure", seconds, served.web_memory)


def _traffic(bench: Bench, address: str, served: Served) -> list[Figure]:
    figures = traffic_figures(address, "mesure", served.busy, bench.seconds)
    peer = datasette_traffic(bench.folder, bench.database, figures, bench.seconds) if bench.database else []
    return [*figures, *peer]


def _slow_callers(bench: Bench, address: str, _served: Served) -> list[Figure]:
    return slow_caller_figures(address, "mesure", bench.seconds)


def _fairness(bench: Bench, address: str, _served: Served) -> list[Figure]:
    return fairness_figures(address, "mesure", bench.seconds)


def _catalogue(bench: Bench) -> list[Figure]:
    return catalogue_figures(*_own_home(bench, "catalogue"), bench.rows)


def _harvest(bench: Bench) -> list[Figure]:
    return harvest_figures(_own_home(bench, "harvest")[2], bench.datasets, is_trial=bench.is_trial)


def _moves(bench: Bench) -> list[Figure]:
    return move_figures(_own_home(bench, "move-in")[2], is_trial=bench.is_trial)


def _acts(bench: Bench) -> list[Figure]:
    environment = _own_home(bench, "acts")[2]
    return acts_figures(environment, LEAST if bench.is_trial else bench.acts, turns_for(100, bench.rows))


def _shapes(bench: Bench) -> list[Figure]:
    return shape_figures(*_own_home(bench, "shapes"), bench.rows)


def _conflation(bench: Bench) -> list[Figure]:
    return conflation_figures(bench.rows)


def _memory(bench: Bench) -> list[Figure]:
    """That of the demonstration; a trial of the benchmark measures the small home that the other parts serve."""
    if bench.is_trial:
        return memory_figures(bench.serving, patience=2)
    folder = bench.folder / "demonstration"
    folder.mkdir()
    own = Bench(folder, 1_000, bench.seconds)
    settings = own.environment("http://127.0.0.1")
    inside(_DEMONSTRATION, os.environ | settings)
    return memory_figures(partial(own.serving_home, **settings))


def _own_home(
    bench: Bench, name: str
) -> tuple[Path, Callable[[], AbstractContextManager[tuple[str, Served]]], dict[str, str]]:
    """A home of its own, since the other parts measure small ones: its folder, how it is served, and its environment.

    In a trial of the benchmark all are small: it is a copy of the one that the other parts have.
    """
    folder = bench.folder / name
    folder.mkdir()
    own = Bench(folder, 1_000, bench.seconds, like=bench if bench.is_trial else None, is_trial=bench.is_trial)
    assert own.home
    # One address for all: what is kept for the processes that start rests on it.
    settings = own.environment("http://127.0.0.1")
    return folder, partial(own.serving, **settings), os.environ | settings


type Part = Callable[..., list[Figure]]

PARTS: dict[str, Part] = {
    "import": _imports,
    "validate": _validations,
    "mend": _mending,
    "recipe": _recipes,
    "contributions": _overlays,
    "quality": _quality,
    "questions": _queries,
    "tiles": _tiles,
    "exports": _exports,
    "export-all": _departures,
    "odata": _odata,
    "catalogue": _catalogue,
    "harvest": _harvest,
    "move-in": _moves,
    "acts": _acts,
    "shapes": _shapes,
    "conflation": _conflation,
    "basemap": _basemap,
    "memory": _memory,
    "pages": _pages,
    "agenda": _agenda,
    "traffic": _traffic,
    "slow": _slow_callers,
    "fairness": _fairness,
    "push": _pushes,
}
"""The parts by the name that ``--only`` takes, in the order they are run."""

SERVED: dict[str, dict[str, str]] = {
    "pages": {},
    "agenda": {},
    "traffic": {},
    "slow": {},
    "fairness": {"PARVIS_TRUSTED_PROXIES": "127.0.0.1"},
    "push": {},
}
"""Those that measure the home served, with which settings: one server for those that follow each other and have the same."""


def run(args: Namespace) -> int:
    """Measure in a temporary folder, print a table (or JSON); 1 when a budget of the design is not kept."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as name:
        options = {"acts": args.acts, "datasets": args.datasets, "is_trial": args.rows < TRIAL}
        bench = Bench(Path(name), args.rows, args.seconds, tuple(args.format), **options)
        figures = _measured(bench, args.only or list(PARTS))
    if args.json:
        print(json.dumps({"machine": machine(), "figures": as_json(figures)}, ensure_ascii=False))
    else:
        print(machine())
        print(table(figures))
    return 1 if any(figure.within is False for figure in figures) else 0


def _measured(bench: Bench, parts: Sequence[str]) -> list[Figure]:
    figures = []
    for settings, names in groupby(filter(parts.__contains__, PARTS), SERVED.get):
        with nullcontext(()) if settings is None else bench.serving(**settings) as served:
            for name in names:
                print(f"{name}…", file=sys.stderr, flush=True)
                figures += PARTS[name](bench, *served)
    return figures
