"""Files received: in pieces, resumed, bounded, alone."""

from __future__ import annotations

import io
import resource
import threading

import pytest
from django.db import connection

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import deposit_path
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.rules import DiskFull, FileTooLarge, MoreThanAnnounced, WrongOffset, safe_name

pytestmark = pytest.mark.django_db


class Cut(io.RawIOBase):
    """A connection that breaks after some bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        if not self._content:
            raise ConnectionResetError
        piece, self._content = self._content[:3], self._content[3:]
        return piece


def test_a_file_comes_in_pieces_and_is_whole_at_the_end(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 10)
    assert services.append(people.contributor, deposit, 0, io.BytesIO(b"01234")) == 5
    assert not deposit.is_whole
    assert services.append(people.contributor, deposit, 5, io.BytesIO(b"56789")) == 10
    assert deposit.is_whole
    assert deposit_path(deposit).read_bytes() == b"0123456789"
    assert Entry.objects.filter(action="deposit.open", target=str(deposit.pk)).count() == 1


def test_a_cut_upload_keeps_what_came_and_resumes_from_there(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 10)
    with pytest.raises(ConnectionResetError):
        services.append(people.contributor, deposit, 0, Cut(b"0123456"))
    deposit.refresh_from_db()
    assert deposit.received == 7
    services.append(people.contributor, deposit, 7, io.BytesIO(b"789"))
    assert deposit_path(deposit).read_bytes() == b"0123456789"


def test_bytes_written_by_a_process_that_died_before_counting_them_are_overwritten(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 6)
    services.append(people.contributor, deposit, 0, io.BytesIO(b"abc"))
    with deposit_path(deposit).open("ab") as stream:
        stream.write(b"XY")
    services.append(people.contributor, deposit, 3, io.BytesIO(b"def"))
    assert deposit_path(deposit).read_bytes() == b"abcdef"


@pytest.mark.parametrize("offset", [0, 4, 6])
def test_a_piece_that_is_not_the_next_is_refused(people, offset):
    deposit = services.open_deposit(people.contributor, "places.csv", 10)
    services.append(people.contributor, deposit, 0, io.BytesIO(b"01234"))
    with pytest.raises(WrongOffset) as caught:
        services.append(people.contributor, deposit, offset, io.BytesIO(b"x"))
    assert caught.value.details["expected"] == 5
    assert deposit_path(deposit).read_bytes() == b"01234"


def test_more_than_announced_is_refused_and_not_kept(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 3)
    with pytest.raises(MoreThanAnnounced):
        services.append(people.contributor, deposit, 0, io.BytesIO(b"0123456789"))
    assert deposit_path(deposit).stat().st_size == 0


def test_too_large_a_file_is_refused_before_a_byte_comes(people, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_UPLOAD_BYTES": 100}
    with pytest.raises(FileTooLarge):
        services.open_deposit(people.contributor, "places.csv", 101)
    assert not Deposit.objects.exists()


def test_a_file_that_would_fill_the_disk_is_refused(people, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_UPLOAD_BYTES": 10**18}
    with pytest.raises(DiskFull):
        services.open_deposit(people.contributor, "places.csv", 10**17)
    assert not Deposit.objects.exists()


def test_a_disk_that_fills_in_the_midst_is_an_error_with_advice_and_the_count_stays_true(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 4_000_000)
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, former[1]))
    try:
        with pytest.raises(DiskFull):
            services.append(people.contributor, deposit, 0, io.BytesIO(bytes(4_000_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    deposit.refresh_from_db()
    assert deposit.received == deposit_path(deposit).stat().st_size == 2_500_000
    services.append(people.contributor, deposit, 2_500_000, io.BytesIO(bytes(1_500_000)))
    assert deposit.is_whole


def test_only_who_may_edit_somewhere_deposits_and_only_their_own_files(people):
    for nobody in (ANONYMOUS, people.stranger):
        with pytest.raises(Forbidden):
            services.open_deposit(nobody, "places.csv", 3)
    deposit = services.open_deposit(people.contributor, "places.csv", 3)
    for other in (ANONYMOUS, people.stranger, people.steward):
        with pytest.raises(Forbidden):
            services.append(other, deposit, 0, io.BytesIO(b"abc"))
        with pytest.raises(Forbidden):
            services.abandon(other, deposit)
    assert services.append(OPERATOR, deposit, 0, io.BytesIO(b"abc")) == 3


def test_an_abandoned_file_leaves_nothing(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 3)
    folder = deposit_path(deposit).parent
    services.abandon(people.contributor, deposit)
    assert not folder.exists()
    assert not Deposit.objects.exists()
    assert Entry.objects.filter(action="deposit.abandon").count() == 1
    with pytest.raises(NotFound):
        services.append(OPERATOR, Deposit(name="x", bytes=1), 0, io.BytesIO(b"a"))


def test_a_file_of_the_machine_is_copied_so_that_later_writing_in_it_changes_nothing(csv):
    deposit = services.deposit_file(OPERATOR, csv)
    before = csv.read_bytes()
    with csv.open("r+b") as stream:
        stream.write(b"XXXX")
    assert deposit_path(deposit).read_bytes() == before
    assert (deposit.name, deposit.source, deposit.is_whole) == ("places.csv", "places.csv", True)


def test_a_missing_file_is_not_found(tmp_path):
    for place in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(NotFound):
            services.deposit_file(OPERATOR, place)


def test_an_empty_file_is_whole_at_once(people):
    assert services.open_deposit(people.contributor, "vide.csv", 0).is_whole


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Documents\\Vélos 2024.csv", "Vélos 2024.csv"),
        ("..", "fichier"),
        ("", "fichier"),
        ("a\x00b\n.csv", "ab.csv"),
        ("\u202efdp.csv", "fdp.csv"),
        (".caché", "caché"),
        ("dossier/", "dossier"),
        ("é" * 300 + ".csv", "é" * 98 + ".csv"),
        ("x" * 500, "x" * 200),
    ],
)
def test_names_are_safe_and_still_theirs(name, expected):
    assert safe_name(name) == expected


@pytest.mark.django_db(transaction=True)
def test_two_senders_of_the_same_piece_write_it_once(people):
    deposit = services.open_deposit(people.contributor, "places.csv", 1_000_000)
    outcomes = []

    def send() -> None:
        try:
            outcomes.append(services.append(people.contributor, Deposit.objects.get(), 0, io.BytesIO(bytes(1_000_000))))
        except WrongOffset:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1000000", "refused"]
    assert deposit_path(deposit).stat().st_size == 1_000_000
