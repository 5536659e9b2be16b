"""The folder of an export: whole files, runs that go on after a kill, nothing of anybody else's touched."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from parvis.hub.departure.folder import SUMS, ExportFolder
from parvis.hub.departure.rules import (
    LONGEST_PART,
    Choices,
    FolderBusy,
    FolderTaken,
    LeadsOutside,
    NoRoomLeft,
    OtherChoices,
    Report,
    safe_part,
)

PUBLIC = Choices(public_only=True)


def export(
    root: Path, files: dict[str, bytes], choices: Choices = PUBLIC, marks: dict[str, str] | None = None
) -> Report:
    report = Report()
    with ExportFolder.opened(root, choices, report) as folder:
        for path, content in files.items():
            folder.put(path, lambda stream, content=content: stream.write(content), (marks or {}).get(path, ""))
        folder.finish(lambda: {"files": report.files})
    return report


def files_of(root: Path) -> dict[str, bytes]:
    paths = [path for path in root.rglob("*") if path.is_file() and ".parvis" not in path.parts]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def sums_hold(root: Path) -> bool:
    run = subprocess.run(["sha256sum", "-c", "--strict", SUMS], cwd=root, capture_output=True, text=True, check=False)
    named = {line.split("  ", 1)[1] for line in (root / SUMS).read_text().splitlines()}
    return run.returncode == 0 and named == set(files_of(root)) - {SUMS}


def test_sha256sum_finds_every_file_as_it_was_written(tmp_path):
    export(tmp_path / "out", {"a.csv": b"a;b\r\n", "jeux/é b/donnees.csv": b"x"})
    assert sums_hold(tmp_path / "out")
    (tmp_path / "out" / "a.csv").write_bytes(b"a;c\r\n")
    assert not sums_hold(tmp_path / "out")


def test_a_second_run_writes_what_changed_and_removes_what_is_gone_and_nothing_else(tmp_path):
    root = tmp_path / "out"
    export(root, {"stays.csv": b"1", "changes.csv": b"1", "sub/goes.csv": b"1"})
    before = (root / "stays.csv").stat().st_mtime_ns
    (root / "sub" / "note of mine.txt").write_text("kept")
    report = export(root, {"stays.csv": b"1", "changes.csv": b"2"})
    assert (report.written, report.unchanged, report.removed) == (1, 1, 1)
    assert (root / "stays.csv").stat().st_mtime_ns == before
    assert files_of(root).keys() == {"stays.csv", "changes.csv", "sub/note of mine.txt", "export.json", SUMS}
    assert (root / "changes.csv").read_bytes() == b"2"


def test_a_mark_spares_making_a_file_again_unless_somebody_changed_it(tmp_path):
    root, made = tmp_path / "out", []

    def run(mark: str) -> None:
        with ExportFolder.opened(root, PUBLIC, Report()) as folder:
            folder.put("a.csv", lambda stream: (made.append(mark), stream.write(b"rows"))[1], mark)
            folder.finish(dict)

    for mark in ("1", "1", "2", "2"):
        run(mark)
    assert made == ["1", "2"]
    (root / "a.csv").write_bytes(b"ROWS")
    run("2")
    assert made == ["1", "2", "2"] and (root / "a.csv").read_bytes() == b"rows"
    os.utime(root / "a.csv", ns=(1, 1))  # as a copy elsewhere
    run("2")
    assert made == ["1", "2", "2"]


def test_a_command_that_was_killed_goes_on_where_it_stood(tmp_path):
    root, names = tmp_path / "out", [f"jeux/{rank}/donnees.csv" for rank in range(6)]
    child = os.fork()
    if child == 0:
        with ExportFolder.opened(root, PUBLIC, Report()) as folder:
            for rank, name in enumerate(names):

                def write(stream, rank=rank):
                    stream.write(b"x" * 1000)
                    if rank == 3:
                        os.kill(os.getpid(), signal.SIGKILL)

                folder.put(name, write, "mark")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert list((root / ".parvis").glob("en-cours-*"))
    assert files_of(root).keys() == set(names[:3])  # none half-written, no sums that would lie
    with (root / ".parvis" / "fichiers.jsonl").open("a") as journal:
        journal.write('{"path": "jeux/3')  # half a line, as a kill may leave
    report = export(root, dict.fromkeys(names, b"x" * 1000), marks=dict.fromkeys(names, "mark"))
    assert (report.written, report.unchanged) == (3, 3)
    assert sums_hold(root) and not list((root / ".parvis").glob("en-cours-*"))


def test_a_folder_of_something_else_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(FolderTaken):
        export(tmp_path, {"a.csv": b"1"})
    assert files_of(tmp_path) == {"thesis.doc": b"mine"}
    with pytest.raises(FolderTaken):
        export(tmp_path / "thesis.doc", {"a.csv": b"1"})


def test_a_folder_is_of_one_choice_only(tmp_path):
    export(tmp_path / "out", {"secret.csv": b"1"}, Choices())
    with pytest.raises(OtherChoices):
        export(tmp_path / "out", {"a.csv": b"1"}, PUBLIC)
    assert (tmp_path / "out" / "secret.csv").exists()


def test_two_commands_never_write_the_same_folder(tmp_path):
    with ExportFolder.opened(tmp_path / "out", PUBLIC, Report()), pytest.raises(FolderBusy):
        export(tmp_path / "out", {"a.csv": b"1"})


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path):
    root = tmp_path / "out"
    export(root, {"a.csv": b"former"})

    def fill(stream) -> None:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoomLeft), ExportFolder.opened(root, PUBLIC, Report()) as folder:
        folder.put("a.csv", fill)
    assert (root / "a.csv").read_bytes() == b"former" and sums_hold(root)


def test_nothing_is_written_through_a_link_that_leads_elsewhere(tmp_path):
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    export(root, {"a.csv": b"1"})
    (root / "jeux").symlink_to(elsewhere)
    with pytest.raises(LeadsOutside):
        export(root, {"jeux/a.csv": b"1"})
    assert list(elsewhere.iterdir()) == []
    (root / "a.csv").unlink()
    (root / "a.csv").symlink_to(elsewhere / "target")
    (root / "jeux").unlink()
    export(root, {"a.csv": b"1"})
    assert not (root / "a.csv").is_symlink() and list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["choix.json", "fichiers.jsonl", "verrou", "en-cours-choix", "en-cours-0", "en-cours-notes"]
)
def test_a_folder_prepared_by_somebody_else_has_nothing_of_ours_overwritten(tmp_path, name):
    root, victim = tmp_path / "out", tmp_path / "victim"
    (root / ".parvis").mkdir(parents=True)
    victim.write_bytes(b"ours")
    (root / ".parvis" / name).symlink_to(victim)
    with suppress(LeadsOutside):
        export(root, {"a.csv": b"1"})
    assert victim.read_bytes() == b"ours"


def test_notes_written_by_somebody_else_have_nothing_outside_removed(tmp_path):
    root, victim = tmp_path / "out", tmp_path / "victim"
    victim.write_bytes(b"ours")
    export(root, {"a.csv": b"1"})
    notes = root / ".parvis" / "fichiers.jsonl"
    for path in ("../victim", str(victim), "jeux/../../victim"):
        line = json.dumps({"path": path, "mark": "", "bytes": 4, "sha256": "", "changed": 0})
        notes.write_text(f"{notes.read_text()}{line}\n")
    assert export(root, {"a.csv": b"1"}).removed == 0
    assert victim.exists() and sums_hold(root)


def test_others_read_what_is_public_and_nobody_else_the_rest(tmp_path):
    export(tmp_path / "public", {"a.csv": b"1"})
    export(tmp_path / "whole", {"jeux/a.csv": b"1"}, Choices())
    assert (tmp_path / "whole" / "jeux" / "a.csv").stat().st_mode & 0o077 == 0
    assert (tmp_path / "whole" / "jeux").stat().st_mode & 0o077 == 0


def test_names_are_taken_by_every_system():
    names = [
        "CON",
        "con.csv",
        "lpt1.tar.gz",
        "a<b>:c?.csv",
        "fin. ",
        "..",
        ".",
        "",
        "é" * 200 + ".parquet",
        "a\x00\x1f\u202eb",
        "\ud800.csv",
    ]
    for name in names:
        safe = safe_part(name)
        assert safe and len(safe.encode()) <= LONGEST_PART and safe == safe_part(name)
        assert not set(safe) & set('<>:"/\\|?*\x00\x1f\u202e') and safe == safe.rstrip(". ") and safe not in (".", "..")
        assert safe.partition(".")[0].casefold() not in ("con", "lpt1")
    assert safe_part("budget-2026.csv") == "budget-2026.csv"
    assert safe_part("x" * 300) != safe_part("x" * 301) and safe_part("é" * 200 + ".csv").endswith(".csv")


def test_two_things_that_a_disk_would_take_for_one_have_two_paths(tmp_path):
    with ExportFolder.opened(tmp_path / "out", PUBLIC, Report()) as folder:
        paths = [
            folder.claim("medias/Plan.PDF", "1"),
            folder.claim("medias/plan.pdf", "2"),
            folder.claim("medias/Plan.PDF", "1"),
        ]
    assert paths[0] == paths[2] == "medias/Plan.PDF" and paths[1].casefold() != paths[0].casefold()


def test_the_summary_is_json(tmp_path):
    export(tmp_path / "out", {"a.csv": b"1"})
    assert json.loads((tmp_path / "out" / "export.json").read_text()) == {"files": 2}
