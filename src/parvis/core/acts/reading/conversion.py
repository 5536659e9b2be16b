"""Older formats (DOC, RTF) opened by LibreOffice, where the machine has it, and written as ODT."""

from __future__ import annotations

import contextlib
import shutil
import socket
from pathlib import Path
from typing import Final

from parvis.core.acts.reading.errors import ActBroken, ConverterMissing
from parvis.core.children import Permits, ReadingFailed
from parvis.core.children.programs import SOCKETS, run_program
from parvis.core.progress import Progress, no_progress

INSTALLATION: Final = "apt install libreoffice-writer-nogui"
"""What gives it, on Debian and its children."""
SECONDS: Final = 90.0
MEMORY: Final = 1_500_000_000
MOST_WRITTEN: Final = 500_000_000
_PLACES: Final = "/usr/bin:/usr/local/bin:/opt/libreoffice/program"


def find_office() -> Path | None:
    """The program; None when this machine has none."""
    program = shutil.which("soffice", path=_PLACES) or shutil.which("libreoffice", path=_PLACES)
    return Path(program) if program else None


def as_odt(path: Path, suffix: str, name: str, scratch: Path, *, progress: Progress = no_progress) -> Path:
    """The file at ``path`` as an ODT in ``scratch``, where LibreOffice keeps all that it writes; the original is only read.

    ConverterMissing, ActBroken for what it cannot open, ReadingTooLong, ReadingTooLarge, CannotConfine, and what ``progress``
    raises.
    """
    program = find_office()
    if program is None:
        raise ConverterMissing(file=name, suffix=suffix)
    home, written = scratch / "office", scratch / "written"
    for folder in (home, written):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    source = home / f"act.{suffix}"  # it tells the format by the ending
    shutil.copyfile(path, source)
    permits = Permits(name, (), (home, written), SECONDS, MEMORY, MOST_WRITTEN)
    try:
        try:
            run_program(_command(program, home / "first", source, written), permits, progress=progress)
        except ReadingFailed:
            # With a new profile it starts anew once, and finds its own socket, which it may not remove, in its way: it is known by
            # the name of the profile.
            (home / "first").rename(home / "profile")
            run_program(_command(program, home / "profile", source, written), permits, progress=progress)
    except (ReadingFailed, FileNotFoundError) as error:
        raise ActBroken(file=name, suffix=suffix) from error
    finally:
        _remove_dead_sockets()
    converted = written / "act.odt"
    if converted.is_symlink() or not converted.is_file():
        raise ActBroken(file=name, suffix=suffix)
    return converted


def _command(program: Path, profile: Path, source: Path, written: Path) -> list[str]:
    options = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation={profile.as_uri()}"]
    return [str(program), *options, "--convert-to", "odt:writer8", "--outdir", str(written), str(source)]


def _remove_dead_sockets() -> None:
    """Those that LibreOffice made in ``/tmp`` and nobody listens to any more."""
    for path in SOCKETS.glob("OSL_PIPE_*"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            try:
                asking.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
