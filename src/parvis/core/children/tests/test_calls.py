"""Functions called in confined children: what comes back, what cannot be reached, and how each accident ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parvis.core.children import Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, call, can_confine, close
from parvis.core.children.tests import probes
from parvis.core.errors import Cancelled, UnreadableFile
from parvis.core.formats.refusals import ArchiveBomb
from parvis.core.ingest import examine
from parvis.core.versions.misfits import Misfit, MisfitCount, MisfitReport, MisfitValues

confined = pytest.mark.skipif(not can_confine(), reason="never: this system has no Landlock, and doctor says so")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_a_result_comes_back_in_the_types_that_the_function_promises(tmp_path, scratch):
    file = tmp_path / "data.csv"
    file.write_text("été", encoding="utf-8")
    seen = call(probes.look, file, permits=Permits("data.csv", (file,), (scratch,)))
    assert isinstance(seen, probes.Seen)
    assert seen.text == "été"
    assert seen.folder == str(scratch)


def test_a_child_inherits_neither_environment_nor_descriptors(tmp_path, scratch, monkeypatch):
    monkeypatch.setenv("PARVIS_SECRET_KEY", "a-secret-in-the-environment")
    file, open_file = tmp_path / "data.csv", (tmp_path / "held").open("w")
    file.write_text("x")
    with open_file:
        os.set_inheritable(open_file.fileno(), True)
        seen = call(probes.look, file, permits=Permits("data.csv", (file,), (scratch,)))
    assert not any("SECRET" in name or "secret" in value for name, value in seen.environment.items())
    assert [
        link
        for link in seen.descriptors
        if link.startswith("/") and not link.startswith(("/dev/null", "/proc/", sysconfig.get_path("purelib")))
    ] == []


@confined
def test_a_child_that_a_file_took_over_gets_nowhere(tmp_path, scratch):
    home = tmp_path / "home"
    home.mkdir()
    secret = home / "secret-key"
    secret.write_text("x")
    (home / "other").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        permits = Permits("hostile", (), (scratch,))
        outcome = call(probes.attempts, secret, scratch, os.getpid(), port, permits=permits)
    assert [name for name, succeeded in outcome.items() if succeeded] == []
    assert sorted(path.name for path in home.iterdir()) == ["other", "secret-key"]


def test_refusals_of_the_house_come_through_as_themselves():
    with pytest.raises(UnreadableFile) as refusal:
        call(probes.refuse, "vide.csv", permits=Permits())
    assert refusal.value.message("en") == "The file “vide.csv” cannot be read: il est vide."


def test_a_reason_made_in_a_child_is_told_in_the_language_of_its_reader():
    with pytest.raises(ArchiveBomb) as refusal:
        call(probes.refuse_in_words, "a.zip", permits=Permits())
    in_french, in_english = (refusal.value.message(language) for language in ("fr", "en"))
    assert in_french.endswith("elle dépasserait la limite (plus de 5 Mio ou 7 lignes).")
    assert in_english.endswith("it would exceed the limit (more than 5 MiB / 7 rows).")


def test_a_sentence_of_a_hostile_child_takes_no_memory():
    with pytest.raises(UnreadableFile) as refusal:
        call(probes.pad, "a.zip", permits=Permits())
    assert len(refusal.value.message("en")) < 500


def test_values_that_do_not_fit_come_through_with_their_report():
    report = MisfitReport((MisfitCount("n", "Nombre", "int", 2),), (Misfit(3, "Nombre", "n.d.", "un nombre entier"),))
    error = MisfitValues(file="a.csv", report=report)
    again = MisfitValues.from_details(error.to_details())
    assert again.report == report
    assert again.message("fr") == error.message("fr")


@pytest.mark.parametrize(
    "accident",
    [
        pytest.param((probes.die, signal.SIGABRT), id="a library aborts"),
        pytest.param((probes.panic,), id="a library panics"),
        pytest.param((probes.take, 40_000_000_000), id="it asks for 40 GB"),
        pytest.param((probes.lie,), id="it breaks its promise"),
    ],
)
def test_a_child_that_fails_is_a_refusal_and_the_next_one_works(accident):
    function, *arguments = accident
    with pytest.raises(ReadingFailed):
        call(function, *arguments, permits=Permits("cassé.xlsx"))
    assert call(probes.process, permits=Permits()) > 0


def test_a_file_larger_than_the_memory_permitted_is_read_by_pages(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(6_000_000_000)
    assert call(probes.map_file, large, permits=Permits(read=(large,), memory=500_000_000, disk=1_000_000)) == 0


def test_a_child_is_the_first_to_die_where_memory_lacks():
    assert call(probes.first_to_die, permits=Permits()) == "1000"


def test_a_child_that_holds_the_interpreter_is_killed_at_its_deadline():
    begun = time.monotonic()
    with pytest.raises(ReadingTooLong) as refusal:
        call(probes.hold, permits=Permits("motif.json", seconds=2))
    assert time.monotonic() - begun < 30
    assert "2 secondes" in refusal.value.message("fr")


def test_work_that_a_person_stops_ends_though_the_child_says_nothing():
    steps = []

    def progress(stage: str, done: int, total: int | None = None) -> None:
        steps.append((stage, done, total))
        if len(steps) > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        call(probes.sleep, permits=Permits(seconds=60), progress=progress)
    assert set(steps) == {("read", 1, 10)}


def test_what_a_child_writes_is_bounded_in_all(scratch):
    with pytest.raises(ReadingTooLarge):
        call(probes.fill, scratch, 1_000_000, permits=Permits("bombe.zip", write=(scratch,), disk=3_000_000))


def test_a_link_left_by_a_child_is_refused(tmp_path, scratch):
    secret = tmp_path / "secret"
    secret.write_text("x")
    with pytest.raises(ReadingFailed):
        call(probes.plant, scratch, secret, permits=Permits(write=(scratch,)))


def test_progress_is_told_and_a_large_answer_arrives_whole():
    stages = []
    numbers = call(probes.work, permits=Permits(), progress=lambda *told: stages.append(told))
    assert len(numbers) == 1_000_000
    assert numbers[-1] == 999_999
    assert stages[0] == ("read", 0, 1_000)


def test_what_a_child_logs_is_in_the_log_of_its_parent_bounded_and_on_one_line(caplog):
    call(probes.warn, permits=Permits("a.csv"))
    lines = [record.getMessage() for record in caplog.records if record.name == "parvis.children"]
    assert len(lines) == 50
    assert "parvis.versions: le disque est plein" in lines[0]
    assert not any(character in line for line in lines for character in "\n\x1b")


def test_calls_of_many_threads_each_have_a_child_of_their_own():
    with ThreadPoolExecutor(8) as pool:
        processes = list(pool.map(lambda _rank: call(probes.process, permits=Permits()), range(24)))
    assert len(set(processes)) == 24


def test_a_fork_server_found_dead_is_started_again():
    call(probes.process, permits=Permits())
    close()
    assert call(probes.process, permits=Permits()) > 0


def test_the_fork_server_rests_when_nothing_is_read_and_never_while_a_child_reads(monkeypatch):
    close()
    restless = "from parvis.core.children import forkserver, preload; forkserver.IDLE, preload.WHEN_IDLE = 0.2, (); forkserver.main()"
    start = subprocess.Popen
    servers = []

    def started(command, **options):
        servers.append(start([sys.executable, "-I", "-c", restless], **options))
        return servers[-1]

    monkeypatch.setattr(subprocess, "Popen", started)
    assert call(probes.last, 2.0, permits=Permits("a long file", seconds=60)) == 1
    server = servers[-1]
    assert server.wait(60) == 0
    assert call(probes.last, 0.0, permits=Permits("the next one", seconds=60)) == 1
    assert servers[-1] is not server
    close()


def test_the_fork_server_and_its_children_end_with_the_process_that_asked(tmp_path):
    script = textwrap.dedent(
        """
        import os, signal, sys, threading, time
        from parvis.core.children import Permits, call
        from parvis.core.children.calls import _Server
        from parvis.core.children.tests import probes
        call(probes.process, permits=Permits())
        threading.Thread(target=lambda: call(probes.sleep, permits=Permits(seconds=600)), daemon=True).start()
        time.sleep(1)
        print(_Server.current._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    server = int(ended.stdout)
    deadline = time.monotonic() + 20
    while _group(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _group(server) == []


def _group(session: int) -> list[int]:
    """Living processes of that session."""
    alive = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, _group_id, of_session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of_session) == session and state not in "ZX":
            alive.append(int(path.parent.name))
    return alive


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="never: threads are counted on Linux alone")
def test_the_fork_server_has_one_thread_once_it_has_loaded_everything(tmp_path):
    file, work = tmp_path / "a.csv", tmp_path / "work"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    work.mkdir()
    call(examine, file, name="a.csv", work=work, permits=Permits("a.csv", (file,), (work,)))
    server = call(probes.parent, permits=Permits())
    loaded = f"/proc/{server}/maps"
    deadline = time.monotonic() + 120
    while "pyogrio" not in Path(loaded).read_text() and time.monotonic() < deadline:
        time.sleep(0.1)  # the last of what it loads while nobody waits
    assert "pyogrio" in Path(loaded).read_text()
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1
