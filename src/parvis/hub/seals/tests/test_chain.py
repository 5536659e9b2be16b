"""The chain of an instance: added to, never changed, read by anyone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.errors import Forbidden, ParvisError
from parvis.core.seals import ChainBroken, Kind, NotSealable, SealedFileChanged, SealedFileMissing, checked_lines
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.audit.models import Entry as JournalEntry
from parvis.hub.seals.models import AppendOnly, DailyRoot, SealEntry
from parvis.hub.seals.protection import TABLES, reversal
from parvis.hub.seals.selectors import chain_lines, standings_with_digest, unprotected_tables
from parvis.hub.seals.services import close_days, seal
from parvis.hub.seals.tests.conftest import MAYOR, subject_of
from parvis.hub.seals.verification import check_files, checked_rows

pytestmark = pytest.mark.django_db


def verify() -> int:
    return len(list(checked_rows()))


def test_entries_follow_each_other_and_are_in_the_journal(acts):
    first, second = acts.publish(1), acts.publish(2)
    assert (first.sequence, second.sequence, second.previous) == (1, 2, first.digest)
    assert [sealed.entry.subject for sealed in checked_lines(chain_lines())] == [subject_of(1), subject_of(2)]
    assert verify() == 2
    assert check_files() == 2
    assert JournalEntry.objects.filter(action="seals.publication").count() == 2


def test_who_may_only_read_seals_nothing():
    with pytest.raises(Forbidden):
        seal(Actor("clé", read_only=True), Kind.PUBLICATION, subject_of(1), (), MAYOR)


def test_facts_that_make_no_entry_leave_no_trace():
    with pytest.raises(NotSealable):
        seal(OPERATOR, Kind.WITHDRAWAL, subject_of(1), (), MAYOR, refers_to=1)
    assert not SealEntry.objects.exists()


def test_a_publication_that_fails_afterwards_leaves_no_hole(acts):
    acts.publish(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        acts.publish(2)
        raise RuntimeError
    assert acts.publish(3).sequence == 2
    assert verify() == 2


def test_rows_refuse_to_be_changed_or_removed(acts):
    row = acts.publish(1)
    row.subject = "autre"
    for act in (row.save, row.delete, SealEntry.objects.all().delete, lambda: SealEntry.objects.update(subject="")):
        with pytest.raises(AppendOnly):
            act()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_it(acts, table, statement):
    acts.publish(1)
    close_days(date(2100, 1, 1))
    sql = statement.format(table).replace("digest", "sha256" if table == "seals_sealedfile" else "digest")
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def unprotect() -> None:
    """Take the triggers away, as somebody who holds the database may."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in reversal(connection.vendor, table):
                cursor.execute(statement)


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_database_that_no_longer_refuses_is_told():
    assert unprotected_tables() == []
    unprotect()
    assert unprotected_tables() == list(TABLES)


def three(acts) -> None:
    for number in (1, 2, 3):
        acts.publish(number)
    close_days(date(2100, 1, 1))
    unprotect()


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE seals_sealentry SET subject = 'x' WHERE sequence = 2", 2),
        ("UPDATE seals_sealentry SET kind = 'withdrawal' WHERE sequence = 2", 2),
        ("UPDATE seals_sealentry SET moment = '2001-01-01 00:00:00+00:00' WHERE sequence = 2", 2),
        ("UPDATE seals_sealentry SET refers_to = 1 WHERE sequence = 2", 2),
        ("UPDATE seals_sealentry SET previous = 'x' WHERE sequence = 2", 2),
        ("UPDATE seals_sealentry SET content = replace(content, 'Maire', 'Maine') WHERE sequence = 2", 2),
        ("UPDATE seals_sealedfile SET sha256 = 'x' WHERE entry_id = 2", 2),
        ("DELETE FROM seals_sealedfile WHERE entry_id = 2", 2),
        ("UPDATE seals_dailyroot SET digest = 'x'", 3),
        ("UPDATE seals_dailyroot SET sequence = 9", 9),
    ],
)
def test_a_changed_row_is_named(acts, sql, line):
    three(acts)
    run(sql)
    with pytest.raises(ChainBroken) as error:
        verify()
    assert error.value.details["line"] == line


def test_a_row_that_is_gone_is_named(acts):
    three(acts)
    run("DELETE FROM seals_sealedfile WHERE entry_id = 2")
    run("DELETE FROM seals_sealentry WHERE sequence = 2")
    with pytest.raises(ChainBroken) as error:
        verify()
    assert error.value.details["line"] == 2


def test_the_last_rows_cannot_go_since_a_daily_root_names_them(acts):
    three(acts)
    run("DELETE FROM seals_sealedfile WHERE entry_id = 3")
    run("DELETE FROM seals_sealentry WHERE sequence = 3")
    with pytest.raises(ChainBroken, match="racine"):
        verify()


def test_any_changed_letter_of_a_stored_entry_is_seen(acts):
    three(acts)
    content = SealEntry.objects.get(sequence=2).content

    @given(place=st.integers(0, len(content) - 1), letter=st.characters(exclude_characters="\x00", codec="utf-8"))
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    def changed(place: int, letter: str) -> None:
        other = content[:place] + letter + content[place + 1 :]
        run("UPDATE seals_sealentry SET content = %s WHERE sequence = 2", other)
        if other == content:
            assert verify() == 3
        else:
            with pytest.raises(ChainBroken):
                verify()

    changed()


def test_a_changed_byte_of_a_stored_file_is_seen(acts):
    acts.publish(1)
    for place in range(len(acts.files[subject_of(1)]["acte.pdf"])):
        body = bytearray(b"%PDF acte 1")
        body[place] ^= 1
        acts.files[subject_of(1)]["acte.pdf"] = bytes(body)
        with pytest.raises(SealedFileChanged):
            check_files()


@pytest.mark.parametrize("lost", ["file", "name", "subject"])
def test_a_file_that_is_gone_is_seen(acts, lost):
    acts.publish(1)
    if lost == "file":
        acts.files[subject_of(1)]["acte.pdf"] = None
    elif lost == "name":
        acts.files[subject_of(1)] = {}
    else:
        acts.files.clear()
    with pytest.raises(SealedFileMissing):
        check_files()


def test_what_was_withdrawn_or_replaced_need_not_be_there(acts):
    acts.publish(1)
    acts.publish(2)
    acts.publish(1, Kind.REPLACEMENT, b"%PDF masque", refers_to=1)
    acts.publish(2, Kind.WITHDRAWAL, refers_to=2)
    assert check_files() == 1
    assert verify() == 4


def test_a_corrected_act_stays(acts):
    first = acts.publish(1)
    acts.publish(2, Kind.CORRECTION, refers_to=1)
    assert check_files() == 2
    standing = standings_with_digest(first.digests.get().sha256)[0]
    assert standing.corrected.subject == subject_of(2)
    assert standing.is_served


def test_days_are_closed_once(acts):
    acts.publish(1)
    acts.publish(2)
    assert [root.sequence for root in close_days(date(2100, 1, 1))] == [2]
    assert close_days(date(2100, 1, 1)) == []
    assert DailyRoot.objects.get().digest == SealEntry.objects.get(sequence=2).digest
    assert close_days(date(2000, 1, 1)) == []


def test_a_clock_that_went_back_stops_nothing(acts, monkeypatch):
    clock = {"at": datetime(2030, 1, 10, 10, tzinfo=UTC)}
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock["at"])
    acts.publish(1)
    clock["at"] = datetime(2030, 1, 9, 10, tzinfo=UTC)
    acts.publish(2)
    assert [(root.day.day, root.sequence) for root in close_days(date(2030, 1, 10))] == [(9, 2)]
    clock["at"] = datetime(2030, 1, 9, 23, tzinfo=UTC)
    acts.publish(3)
    assert close_days(date(2030, 1, 12)) == []
    assert verify() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_chain(acts):
    barrier, failures = threading.Barrier(4), []

    def publish(number: int) -> None:
        barrier.wait()
        try:
            for rank in range(5):
                with transaction.atomic():
                    acts.publish(number * 10 + rank)
        except (DatabaseError, ParvisError) as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(SealEntry.objects.values_list("sequence", flat=True)) == list(range(1, 21))
    assert verify() == 20


SEAL = """
import os, signal, sys
from parvis.config.cli.instance import open_instance
open_instance(may_create=True)
from django.db import transaction
from parvis.core.seals import Author, Kind
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.seals.services import seal
from parvis.hub.seals.verification import checked_rows
with transaction.atomic():
    seal(OPERATOR, Kind.PUBLICATION, f"https://exemple.fr/{sys.argv[1]}/", (), Author("A", "Maire"))
    if sys.argv[1] == "tuee":
        os.kill(os.getpid(), signal.SIGKILL)
print([sealed.entry.subject for sealed in checked_rows()])
"""


@pytest.mark.slow
def test_a_process_killed_while_it_publishes_leaves_the_chain_whole(tmp_path):
    environment = {**os.environ, "PARVIS_HOME": str(tmp_path / "home"), "PARVIS_DATABASE_URL": ""}
    outcomes = [
        subprocess.run([sys.executable, "-c", SEAL, name], env=environment, capture_output=True, text=True)
        for name in ("tuee", "apres")
    ]
    assert [outcome.returncode for outcome in outcomes] == [-signal.SIGKILL, 0]
    assert outcomes[-1].stdout.strip() == "['https://exemple.fr/apres/']"
