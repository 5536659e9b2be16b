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
_FILTERS: Final = {
    b"{\\rtf": ("Rich Text Format",),
    b"\xd0\xcf\x11\xe0": ("MS Word 97", "MS Word 95", "MS WinWord 6"),
}
"""How LibreOffice reads a file, by its beginning, the likeliest first: left to guess, it reads any bytes as text."""
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
    converted = written / "act.odt"
    try:
        for chosen in _filters(source):
            _run(program, chosen, source, permits, progress)
            if converted.is_file() and not converted.is_symlink():
                return converted
    except (ReadingFailed, FileNotFoundError) as error:
        raise ActBroken(file=name, suffix=suffix) from error
    finally:
        _remove_dead_sockets()
    raise ActBroken(file=name, suffix=suffix)


def _filters(source: Path) -> tuple[str, ...]:
    with source.open("rb") as stream:
        beginning = stream.read(8)
    return next((filters for begins, filters in _FILTERS.items() if beginning.startswith(begins)), ())


def _run(program: Path, chosen: str, source: Path, permits: Permits, progress: Progress) -> None:
    home, written = permits.write
    first, profile = home / "first", home / "profile"
    if not profile.exists():
        try:
            run_program(_command(program, first, chosen, source, written), permits, progress=progress)
            return
        except ReadingFailed:
            # With a new profile it starts anew once, and finds its own socket, which it may not remove, in its way: it is known by
            # the name of the profile.
            first.rename(profile)
    run_program(_command(program, profile, chosen, source, written), permits, progress=progress)


def _command(program: Path, profile: Path, chosen: str, source: Path, written: Path) -> list[str]:
    # Its cache of shared packages is a folder of the machine that a first start by root fills, and that it then dies of not reading.
    folders = {"UserInstallation": profile, "UNO_SHARED_PACKAGES_CACHE": profile.parent / "shared"}
    environment = [f"-env:{name}={folder.as_uri()}" for name, folder in folders.items()]
    options = ["--headless", "--norestore", "--nologo", *environment, f"--infilter={chosen}"]
    return [str(program), *options, "--convert-to", "odt:writer8", "--outdir", str(written), str(source)]


def _remove_dead_sockets() -> None:
    """Those that LibreOffice made in ``/tmp`` and nobody listens to any more."""
    for path in SOCKETS.glob("OSL_PIPE_*"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            try:
                asking.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
