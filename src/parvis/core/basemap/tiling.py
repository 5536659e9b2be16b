"""Features made tiles by tippecanoe, confined like whatever touches a stranger's words: no network, only these folders."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parvis.core.basemap import themes
from parvis.core.basemap.errors import TilerMissing, TilingFailed
from parvis.core.children import Permits, ReadingFailed
from parvis.core.children.programs import run_program
from parvis.core.progress import Progress, no_progress

TILER: Final = "tippecanoe"
_HOURS: Final = 6 * 3_600.0
_MEMORY: Final = 3_000_000_000
_TAIL: Final = 2_000


@dataclass(frozen=True, slots=True)
class Group:
    """Layers that are tiled together, and how: one step of the work, so that a killed build loses one at most."""

    name: str
    layers: tuple[str, ...]
    options: tuple[str, ...]
    max_zoom: int = themes.MAX_ZOOM


GROUPS: Final = (
    Group("areas", ("land", "water"), ("--drop-smallest-as-needed", f"-Z{themes.MIN_ZOOM}")),
    # In one zoom alone: the sheet of a town at zoom 13 holds twenty thousand of them, and says nothing that the built-up area
    # does not.
    Group("buildings", ("buildings",), ("--drop-smallest-as-needed", f"-Z{themes.MAX_ZOOM}")),
    Group(
        "lines",
        themes.LINES,
        # Consecutive stretches of one street become one line: lighter, and a name has room on it.
        ("--drop-smallest-as-needed", "--coalesce", "--reorder", f"-Z{themes.MIN_ZOOM}"),
    ),
    Group("points", themes.POINTS, ("--drop-rate=1", f"-Z{themes.MIN_ZOOM}")),
)


def program(name: str) -> Path:
    """Where a program of tippecanoe is: in its Python package, else on the machine. Raises TilerMissing."""
    packaged = Path(sysconfig.get_path("platlib")) / "tippecanoe" / "bin" / name
    if os.access(packaged, os.X_OK):
        return packaged
    installed = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")
    if installed is None:
        raise TilerMissing(program=name)
    return Path(installed)


def tile(group: Group, features: Path, target: Path, work: Path, progress: Progress = no_progress) -> bool:
    """Write the tiles of a group to ``target``; False when the extract has nothing of it."""
    sources = {layer: features / f"{layer}.geojsonl" for layer in group.layers}
    present = [
        f"--named-layer={layer}:{path}" for layer, path in sources.items() if path.exists() and path.stat().st_size
    ]
    if not present:
        return False
    common = ("--force", "--read-parallel", f"-z{group.max_zoom}", "--no-tile-stats", "--json-progress")
    command = [
        str(program(TILER)),
        "-o",
        str(target),
        *common,
        *group.options,
        f"--temporary-directory={work}",
        *present,
    ]
    _run(command, group.name, (features,), (work, target.parent), progress)
    return True


def _run(
    command: Sequence[str], step: str, read: tuple[Path, ...], write: tuple[Path, ...], progress: Progress
) -> None:
    log = write[0] / f"{step}.log"
    permits = Permits(step, read, write, _HOURS, _MEMORY, disk=500_000_000_000)
    folder = Path(command[0]).parent
    try:
        run_program(command, permits, progress=_told(step, log, progress), programs=(folder,), log=log)
    except ReadingFailed as error:
        raise TilingFailed(step=step, reason=_last_words(log)) from error
    log.unlink(missing_ok=True)


def _told(step: str, log: Path, progress: Progress) -> Callable[..., None]:
    """A progress that reads in the log how far tippecanoe is, in thousandths."""

    def tell(_stage: str, _done: int, _total: int | None = None) -> None:
        with contextlib.suppress(OSError, ValueError, KeyError, IndexError, TypeError):
            line = _tail(log).rstrip("\n").rsplit("\n", 1)[-1]
            progress(step, round(float(json.loads(line)["progress"]) * 10), 1_000)
            return
        progress(step, 0, 1_000)

    return tell


def _tail(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL))
        return stream.read().decode(errors="replace")


def _last_words(log: Path) -> str:
    """What tippecanoe said last, without its progress nor the folders of this machine."""
    with contextlib.suppress(OSError):
        lines = [line for line in _tail(log).splitlines() if line.strip() and not line.startswith("{")]
        if lines:
            return lines[-1].replace(str(log.parent), "…")[:300]
    return "sans explication"
