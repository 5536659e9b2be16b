"""All that may go wrong with many datasets at once: answers lost, processes killed, a portal that limits, fails, is silent or edited."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from parvis.core.fetching import Posted
from parvis.core.progress import no_progress
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.jobs.models import Job
from parvis.hub.notifications.models import Outgoing
from parvis.hub.republication import rules, udata
from parvis.hub.republication.mapping import DATASETS, SERVICES
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.package import Document, Package
from parvis.hub.republication.plan import KEY
from parvis.hub.republication.portals import save_portal
from parvis.hub.republication.reach import portal_address
from parvis.hub.republication.rules import OddAnswer
from parvis.hub.republication.sending import send_portal
from parvis.hub.republication.tests import udata_server
from parvis.hub.republication.tests.udata_server import API_KEY

pytestmark = pytest.mark.django_db(transaction=True)
TITLES = ("Arceaux", "Budget", "Crèches", "Déchets")


def package(title: str, version: int = 1) -> Package:
    """A dataset as a module would make it: these tests are about the way, not about files."""
    files = [
        Document(
            key=f"f{n}", title=f"{title} {n}", url=f"https://x.example/{title}/{n}", format="csv", mark=str(version)
        )
        for n in range(3)
    ]
    page = f"https://x.example/{title}/"
    contact = {"contact_name": "Mairie", "contact_email": "mairie@evry.example"}
    return Package(
        key=title[:100], page=page, title=title, description=f"Version {version}", documents=tuple(files), **contact
    )


@pytest.fixture
def wished(monkeypatch):
    """What is to be there, to be changed by tests."""
    packages = [package(title) for title in TITLES]
    monkeypatch.setattr("parvis.hub.republication.selection.packages_of", lambda organisation: iter(packages))
    return packages


def shown(there) -> dict[str, list[str]]:
    """The keys of the files of each dataset that is there, by its title; a title that is twice there is a fault."""
    rows = [row for row in there.state.datasets.values() if not row["deleted"]]
    assert len({row["title"] for row in rows}) == len(rows)
    return {row["title"]: sorted(part["extras"][KEY] for part in row["resources"]) for row in rows}


EVERYTHING = {title: ["f0", "f1", "f2"] for title in TITLES}


class Killed(BaseException):
    """As a process that is killed: nothing catches it."""


def test_wherever_the_process_is_killed_or_the_answer_lost_nothing_is_there_twice(wished, portal, there, monkeypatch):
    real, count = udata.send, 0
    wished[2:] = []
    everything = {title: EVERYTHING[title] for title in TITLES[:2]}

    def cut(number: int, is_done: bool):
        calls = itertools.count()

        def send(*words, **options):
            if next(calls) == number:
                if is_done:
                    real(*words, **options)
                raise Killed
            return real(*words, **options)

        return send

    for number, is_done in itertools.product(range(1, 13), (True, False)):
        there.state.datasets.clear()
        Copy.objects.all().delete()
        Portal.objects.update(busy_until=None, due=None, holder="")
        monkeypatch.setattr(udata, "send", cut(number, is_done))
        try:
            send_portal(portal.pk, no_progress)
        except Killed:
            count += 1
        monkeypatch.setattr(udata, "send", real)
        send_portal(portal.pk, no_progress, everything=False)
        assert shown(there) == everything, (number, is_done)
        writes = len(there.state.writes)
        send_portal(portal.pk, no_progress)
        assert len(there.state.writes) == writes, (number, is_done)
    assert count == 24
    assert len(there.state.contacts) == 1


def test_one_that_is_refused_stops_no_other_and_is_told_with_its_reason(wished, portal, there, sent, organisation):
    make_member(organisation, Role.ADMINISTRATOR, email="a@evry.example", password=None)
    wished[1] = package("Budget" + " primitif" * 60)
    there.state.broken.add("Crèches")
    wished.append(package("Écoles"))
    state = sent()
    refused = Copy.objects.get(title__startswith="Crèches")
    assert refused.outcome == "refused" and refused.error["code"] == "republication-unavailable"
    assert refused.due > timezone.now() + timedelta(minutes=4)
    assert set(shown(there)) == {"Arceaux", ("Budget" + " primitif" * 60)[:350], "Déchets", "Écoles"}
    assert state.report["counts"] == {"created": 4, "refused": 1} and state.error == refused.error
    assert state.due is None, "the others do not wait"
    assert not Outgoing.objects.filter(kind="republication-stopped").exists(), "it may mend by itself"
    for _day in range(rules.TOLD_AFTER):
        sent()
    assert Outgoing.objects.filter(kind="republication-stopped").count() == 1
    there.state.broken.clear()
    assert sent().error is None and "Crèches" in shown(there)


def test_what_the_portal_refuses_by_name_is_left_out_and_a_refused_file_stops_no_other(wished, portal, there, sent):
    files = list(wished[0].documents)
    files[0] = Document(key="f0", title="Un", url="ftp://x.example/", format="csv")
    files[1] = Document(key="f1", title="Deux", url="https://x.example/2", format="csv", schema={"name": "a/b"})
    facts = {name: getattr(wished[0], name) for name in ("key", "page", "title", "description")}
    wished[:] = [Package(**facts, zones=("fr:commune:99999",), documents=tuple(files))]
    sent()
    copy = Copy.objects.get()
    assert shown(there) == {"Arceaux": ["f1", "f2"]}
    assert copy.error["code"] == "republication-refused" and "Invalid URL" in copy.error["message"]
    assert [name for name, _reason in copy.report["refused"]] == ["spatial", "schema"]
    assert "Unknown geoid" in copy.report["refused"][0][1]


def test_a_pace_is_kept_on_the_spot_when_it_is_short_and_later_when_it_is_long(
    wished, portal, there, sent, monkeypatch
):
    slept = []
    monkeypatch.setattr(udata.time, "sleep", slept.append)
    there.state.pace = 4
    assert sent().error is None and shown(there) == EVERYTHING
    assert slept.count(1) >= 3
    there.state.retry_after = "600"
    wished[:] = [package(title, 2) for title in TITLES]
    state = sent()
    assert state.error["code"] == "republication-429" and state.due > timezone.now() + timedelta(minutes=9)
    there.state.pace = 0
    before = len(there.state.requests)
    send_portal(portal.pk, no_progress)
    assert len(there.state.requests) == before, "asked to wait, it waits"
    sent(everything=False)
    assert all(row["description"] == "Version 2" for row in there.state.datasets.values())


def test_an_organisation_that_has_too_many_there_to_be_looked_through_is_told_and_nothing_is_made(
    wished, portal, there, sent, monkeypatch
):
    sent()
    Copy.objects.all().delete()  # a restored backup: what is there is looked for
    monkeypatch.setattr(udata, "PAGE_SIZE", 1)
    monkeypatch.setattr(udata, "MOST_PAGES", 3)
    writes = len(there.state.writes)
    state = sent()
    assert state.error["code"] == "republication-too-many-there" and "plus de 3 jeux" in state.error["message"]
    assert len(there.state.writes) == writes
    monkeypatch.setattr(udata, "MOST_PAGES", 4)
    assert sent().error is None and shown(there) == EVERYTHING


ODD = {
    "redirect": (302, {"location": "https://ailleurs.example/"}, b""),
    "conflict": (409, {}, b'{"message": "Conflict"}'),
    "page": (200, {"content-type": "text/html"}, b"<!doctype html><title>Maintenance</title>"),
    "cut": (200, {}, b'{"id": "6b00'),
    "list": (200, {}, b"[]"),
    "other": (200, {}, b'{"id": "../../evil", "page": "https://evil.example/", "data": [{"id": "../x"}]}'),
    "pace": (429, {}, b""),
    "echo": (400, {}, b'{"errors": {"title": ["' + API_KEY.encode() + b'"]}}'),
    "deep": (200, {}, b"[" * 100_000),
}
"""What a portal, or what stands before it, may answer in the place of what is expected."""


@pytest.mark.parametrize("odd", [rb'"\ud800"', b"NaN", b"1e999", b"[" * 500 + b"]" * 500 + b"x", b"9" * 5_000])
def test_an_answer_that_could_be_kept_nowhere_is_none(monkeypatch, odd):
    identifier = "6" * 24
    body = b'{"id": "%s", "title": "a", "extras": {"b": %s}}' % (identifier.encode(), odd)
    monkeypatch.setattr(udata, "send", lambda *words, **options: Posted(200, {}, body))
    with pytest.raises(OddAnswer):
        udata.Udata("https://www.data.gouv.fr", API_KEY).present(DATASETS, identifier)


@pytest.mark.parametrize("answer", ODD)
def test_whatever_is_answered_instead_is_told_and_the_next_sending_mends_it(
    wished, portal, there, monkeypatch, caplog, answer
):
    real, (status, headers, body) = udata.send, ODD[answer]
    wished[1:] = []
    for position in range(0, 9, 2):
        there.state.datasets.clear()
        Copy.objects.all().delete()
        Portal.objects.update(busy_until=None, due=None, holder="", error=None, failures=0)
        calls = itertools.count()

        def odd(*words, position=position, calls=calls, **options):
            return Posted(status, headers, body) if next(calls) == position else real(*words, **options)

        monkeypatch.setattr(udata, "send", odd)
        send_portal(portal.pk, no_progress, pressed=True)
        portal.refresh_from_db()
        row = Copy.objects.first()
        assert portal.error or (row and row.outcome in ("created", "unchanged")), position
        for words in (portal.error, row and row.error, row and row.report, caplog.text):
            assert API_KEY not in str(words)
            assert "evil" not in str(words)
        monkeypatch.setattr(udata, "send", real)
        send_portal(portal.pk, no_progress, pressed=True)
        assert shown(there) == {"Arceaux": EVERYTHING["Arceaux"]}, position
        portal.refresh_from_db()
        assert portal.error is None
        copy = Copy.objects.get()
        assert copy.page.startswith(there.url)


def test_a_portal_that_is_silent_is_left_alone_after_three_datasets(wished, portal, there, sent):
    there.state.broken.update(TITLES)
    state = sent()
    assert Copy.objects.filter(outcome="refused").count() == rules.SILENCES < len(TITLES)
    assert state.error["code"] == "republication-unavailable" and state.due is not None


def test_a_long_sending_goes_on_with_the_next_where_it_stopped(wished, portal, there, sent, monkeypatch):
    monkeypatch.setattr(rules, "MOST_SECONDS", 0)
    assert sent().report["left"] == 3 and len(shown(there)) == 1
    assert Job.objects.filter(kind="republication.send", arguments__everything=False).exists()
    for _number in range(3):
        sent(everything=False)
    assert shown(there) == EVERYTHING


def test_a_process_that_slept_while_another_took_over_writes_nothing_more(wished, portal, there, monkeypatch):
    real, calls = udata.send, itertools.count()

    def sleepy(*words, **options):
        if next(calls) == 6:  # another takes over, and does it all
            Portal.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
            monkeypatch.setattr(udata, "send", real)
            send_portal(portal.pk, no_progress)
        return real(*words, **options)

    monkeypatch.setattr(udata, "send", sleepy)
    send_portal(portal.pk, no_progress)
    monkeypatch.setattr(udata, "send", real)
    send_portal(portal.pk, no_progress)
    assert shown(there) == EVERYTHING
    portal.refresh_from_db()
    assert (portal.busy_until, portal.holder) == (None, "")


def test_what_is_chosen_and_set_meanwhile_is_neither_forgotten_nor_overrun(wished, portal, there, sent, monkeypatch):
    real, calls = udata.send, itertools.count()

    def send(*words, **options):
        number = next(calls)
        if number == 3:
            Copy.objects.update(chosen=False, due=timezone.now() + timedelta(hours=1))
        if number == 12:  # other settings are saved
            Portal.objects.update(holder="", busy_until=None)
        return real(*words, **options)

    sent()
    monkeypatch.setattr(udata, "send", send)
    there.state.requests.clear()
    wished[:] = [package(title, 2) for title in TITLES]
    sent()
    assert len(there.state.requests) == 13, "the request under way is the last"
    assert set(Copy.objects.values_list("chosen", flat=True)) == {False}
    assert Copy.objects.filter(due__gt=timezone.now() + timedelta(minutes=50)).count() == len(TITLES)


def test_words_that_an_older_portal_does_not_know_are_left_out_and_the_dataset_is_there(
    wished, portal, there, sent, monkeypatch
):
    monkeypatch.setattr(udata_server, "FREQUENCIES", udata_server.FREQUENCIES - {"never"})
    monkeypatch.setattr(udata_server, "LICENCES", udata_server.LICENCES - {"lov2"})
    wished[:] = [replace(package("Arceaux"), frequency="never", licence="lov2")]
    assert sent().error is None
    copy = Copy.objects.get()
    assert shown(there) == {"Arceaux": EVERYTHING["Arceaux"]}
    assert [name for name, _reason in copy.report["refused"]] == ["frequency", "license"]
    assert copy.proof["refused"] == ["frequency", "license"] and copy.proof["differences"] == []
    writes = len(there.state.writes)
    sent()
    assert len(there.state.writes) == writes, "it is not asked again each day"


def test_what_is_refused_part_after_part_is_left_out_part_after_part(wished, portal, there, sent, monkeypatch):
    real = udata_server.check_card

    def one_by_one(body, state):
        for name in ("spatial", "temporal_coverage", "contact_points"):
            if body.get(name):
                udata_server.refuse(400, errors={name: "not here"})
        real(body, state)

    monkeypatch.setattr(udata_server, "check_card", one_by_one)
    wished[:] = [replace(package("Arceaux"), zones=("fr:commune:91286",), period=("2024-01-01", "2024-12-31"))]
    assert sent().error is None
    assert [name for name, _reason in Copy.objects.get().report["refused"]] == [
        "spatial",
        "temporal_coverage",
        "contact_points",
    ]


def test_a_slow_pace_that_is_not_told_ends_in_as_many_sendings_as_it_takes_without_longer_and_longer_waits(
    wished, portal, there, sent
):
    there.state.pace, there.state.retry_after = 7, ""
    state, number = sent(), 1
    while state.error is not None:
        assert state.error["code"] == "republication-429" and number < 12
        assert (state.failures, state.due < timezone.now() + timedelta(minutes=6)) == (1, True)
        assert not Job.objects.latest("pk").arguments["everything"], "what was compared is not compared again"
        state, number = sent(everything=False), number + 1
    assert number > 2 and shown(there) == EVERYTHING
    there.state.pace = 1
    there.state.requests.clear()
    assert [sent().failures for _number in range(3)][1:] == [2, 3], "one that gets nowhere waits longer and longer"


@pytest.mark.parametrize(("after", "minutes"), [("date", 9), ("1e3", 4), ("-5", 4), ("Mon, 99 Foo", 4)])
def test_a_wait_that_is_told_as_a_moment_is_kept_and_nonsense_is_nothing(wished, portal, there, sent, after, minutes):
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    there.state.answers.append((429, {"Retry-After": moment if after == "date" else after}, b""))
    due = sent().due - timezone.now()
    assert timedelta(minutes=minutes) < due < timedelta(minutes=minutes + 2)


def test_a_portal_without_services_is_told_as_such(there):
    there.state.answers.append((404, {}, b'{"message": "Not found"}'))
    client = udata.Udata(there.url, API_KEY)
    with pytest.raises(rules.NoServicesThere):
        list(client.listed(SERVICES, "5a0000000000000000000001"))


def test_a_portal_of_the_private_network_is_reached_when_the_operator_lists_it_and_not_else(
    organisation, settings, monkeypatch
):
    monkeypatch.setattr(rules, "PAUSE", 0)
    with udata_server.running() as there:
        words = {"address": there.url, "remote_organisation": udata_server.SLUG, "key": API_KEY, "active": True}
        with pytest.raises(rules.BadPortal):
            save_portal(OPERATOR, organisation, **words)
        host = there.url.partition("://")[2]
        settings.PARVIS = {**settings.PARVIS, "PARVIS_REPUBLICATION_PRIVATE_HOSTS": (host,)}
        portal = save_portal(OPERATOR, organisation, **words)
        send_portal(portal.pk, no_progress, pressed=True)
        portal.refresh_from_db()
        assert portal.error is None and there.state.requests == [("GET", "/api/1/me/")]
        settings.PARVIS = {**settings.PARVIS, "PARVIS_REPUBLICATION_PRIVATE_HOSTS": ("autre.lan",)}
        send_portal(portal.pk, no_progress, pressed=True)
        portal.refresh_from_db()
        assert portal.error["code"] == "fetch-private"
        assert len(there.state.requests) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://udata.lan/", "http://udata.lan"),
        ("http://udata.lan:80", "http://udata.lan:80"),
        ("http://10.2.3.4:8080", "http://10.2.3.4:8080"),
        ("https://[fd00::1]:8443", "https://[fd00::1]:8443"),
        ("http://10.3.0.1", None),
        ("http://autre.lan", None),
        ("ftp://udata.lan", None),
        ("http://udata.lan/sous/", None),
    ],
)
def test_only_a_listed_host_is_spoken_to_without_encryption(settings, address, expected):
    private = ("udata.lan", "10.2.0.0/16")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_REPUBLICATION_PRIVATE_HOSTS": private}
    if expected:
        assert portal_address(address) == expected
    else:
        with pytest.raises(rules.BadPortal):
            portal_address(address)
