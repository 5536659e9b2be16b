"""Asking a timestamp server, which may be slow, absent or a liar: publication never waits for it."""

from __future__ import annotations

import functools
import subprocess
from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.core.seals import stamps
from parvis.core.seals.errors import StampRefused
from parvis.core.seals.tests.timestamp_server import answer, make_authority, served
from parvis.hub.jobs.daily import ask_for_due
from parvis.hub.seals import stamping
from parvis.hub.seals.models import Stamp
from parvis.hub.seals.module import MODULE
from parvis.hub.seals.selectors import daily_roots, late_stamp
from parvis.hub.seals.services import close_days, next_stamp
from parvis.hub.seals.stamping import ask_for_stamp
from parvis.hub.seals.verification import checked_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder)
    return folder


@pytest.fixture
def server(settings, monkeypatch, authority):
    """A server that the settings name; ``server["reply"]`` says what it answers."""
    replies = {"reply": lambda request: (200, answer(authority, request)), "count": 0}

    def reply(request: bytes) -> tuple[int, bytes]:
        replies["count"] += 1
        return replies["reply"](request)

    monkeypatch.setattr(stamping, "ask", functools.partial(stamps.ask, allowed=lambda _address, _port: True))
    with served(reply) as url:
        names = {"PARVIS_TIMESTAMP_URL": url, "PARVIS_TIMESTAMP_ROOTS": str(authority / "root.pem")}
        settings.PARVIS = {**settings.PARVIS, **names}
        yield replies


def test_nothing_is_asked_without_the_setting(acts):
    acts.publish(1)
    close_days(date(2100, 1, 1))
    assert next_stamp() is None
    assert ask_for_stamp() is None


def test_a_root_is_stamped_once_and_openssl_agrees(acts, server, client, authority, tmp_path):
    acts.publish(1)
    assert next_stamp() is None
    close_days(date(2100, 1, 1))
    stamp = ask_for_stamp()
    assert stamp.certified
    assert stamp.failure == ""
    assert ask_for_stamp() is None
    assert server["count"] == 1
    facts = client.get("/sceaux/racines.json").json()["roots"][0]
    path = facts["stamp"]["address"].partition("8000")[2]
    (tmp_path / "jeton.tsr").write_bytes(client.get(path).content)
    command = ["openssl", "ts", "-verify", "-digest", facts["digest"], "-in", "jeton.tsr"]
    done = subprocess.run([*command, "-CAfile", str(authority / "root.pem")], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "Horodaté par un tiers" in client.get("/sceaux/").content.decode()
    assert len(list(checked_rows())) == 1


def test_a_stamp_changed_since_is_seen(acts, server):
    acts.publish(1)
    close_days(date(2100, 1, 1))
    stamp = ask_for_stamp()
    body = bytearray(stamp.answer)
    body[-5] ^= 1
    Stamp.objects.update(answer=bytes(body))
    with pytest.raises(StampRefused):
        list(checked_rows())


@pytest.mark.parametrize("reply", [lambda _request: (503, b""), lambda _request: (200, b"non")])
def test_a_server_that_does_not_answer_well_is_asked_later_and_later(acts, server, reply, monkeypatch):
    acts.publish(1)
    close_days(date(2100, 1, 1))
    server["reply"], good = reply, server["reply"]
    start, waits = timezone.now(), []
    for _turn in range(12):
        stamp = ask_for_stamp()
        assert stamp.failure
        assert ask_for_stamp() is None
        waits.append(stamp.next_attempt - timezone.now())
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=stamp.next_attempt: moment)
    assert timedelta(minutes=4) < waits[0] <= timedelta(minutes=5)
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(days=1)
    assert late_stamp() == stamp
    server["reply"] = good
    assert ask_for_stamp().answer
    assert late_stamp() is None
    assert acts.publish(2).sequence == 2
    assert timezone.now() - start < timedelta(days=15)


def test_only_the_last_root_is_stamped_since_it_vouches_for_all(acts, server, monkeypatch):
    for rank in range(3):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=timezone.now() + timedelta(days=rank): moment)
        acts.publish(rank)
    assert len(close_days(date(2100, 1, 1))) == 3
    ask_for_stamp()
    assert server["count"] == 1
    assert [hasattr(root, "stamp") for root in daily_roots()] == [False, False, True]


def test_roots_of_trust_that_cannot_be_read_are_told_and_asked_again(acts, server, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_TIMESTAMP_ROOTS": "/nulle/part.pem"}
    acts.publish(1)
    close_days(date(2100, 1, 1))
    assert "PARVIS_TIMESTAMP_ROOTS" in ask_for_stamp().failure


def test_workers_do_it(acts, server, work, monkeypatch):
    monkeypatch.setattr("parvis.hub.jobs.daily.modules", lambda: (MODULE,))
    acts.publish(1)
    tomorrow = (timezone.now() + timedelta(days=2)).replace(hour=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    for _turn in range(2):
        ask_for_due()
        work()
    assert Stamp.objects.get().answer
