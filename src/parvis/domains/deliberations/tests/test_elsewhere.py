"""The deliberations of an organisation on data.gouv.fr: what arrives there, what leaves, and all that may go wrong."""

from __future__ import annotations

import functools
import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.core.errors import OperationError
from parvis.core.fetching import send
from parvis.core.progress import no_progress
from parvis.domains.deliberations import elsewhere
from parvis.domains.deliberations.elsewhere import packages
from parvis.domains.deliberations.factories import add_file, make_act
from parvis.domains.deliberations.models import ActFile
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.publication import publications
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.models import Dataset
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.rules import notice_kinds
from parvis.hub.publications.services import publish_rows
from parvis.hub.republication import rules, udata
from parvis.hub.republication.asking import ask_for_all
from parvis.hub.republication.factories import make_portal
from parvis.hub.republication.kinds import SEND
from parvis.hub.republication.models import Portal
from parvis.hub.republication.portals import send_now
from parvis.hub.republication.sending import send_portal
from parvis.hub.republication.tests.udata_server import API_KEY, ORGANISATION, SLUG, running
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(monkeypatch):
    """A udata of this machine."""
    monkeypatch.setattr(rules, "PAUSE", 0)
    monkeypatch.setattr(udata, "send", functools.partial(send, allowed=lambda _address, _port: True))
    with running() as server:
        yield server


@pytest.fixture
def commune(home):
    territory, _made = Territory.objects.get_or_create(kind="commune", code="91286", defaults={"name": "Grigny"})
    return make_organisation("Grigny", siren="219102860", kind="commune", territory=territory)


@pytest.fixture
def portal(commune, there):
    return make_portal(commune, there.url, API_KEY, SLUG)


def sent(portal, **options) -> Portal:
    send_portal(portal.pk, no_progress, **options)
    portal.refresh_from_db()
    return portal


def only(there) -> dict:
    (dataset,) = there.state.datasets.values()
    return dataset


def urls(dataset) -> set[str]:
    return {row["url"] for row in dataset["resources"]}


def write(organisation):
    """The table as it is made each night."""
    publication = next(row for row in publications() if row.dataset_id == f"deliberations-{organisation.slug}")
    return publish_rows(OPERATOR, publication, timezone.localdate(), no_progress)


def code(portal) -> str:
    return (portal.error or {}).get("code", "")


def test_the_dataset_is_made_once_with_its_acts_and_nothing_is_sent_again(portal, there, commune):
    acts = [make_act(commune), make_act(commune, "Vente d’un terrain")]
    make_act(commune, "Brouillon", online=False)
    add_file(acts[0], role=ActFile.Role.ANNEX)
    make_act(commune, "Arrêté nominatif", kind="order", nature="AR")
    assert code(sent(portal)) == ""
    dataset = only(there)
    assert dataset["title"] == "Délibérations : Grigny"
    assert (dataset["license"], dataset["frequency"]) == ("lov2", "daily")
    assert dataset["spatial"] == {"zones": ["fr:commune:91286"]}
    assert dataset["tags"] == ["actes", "deliberations", "scdl", "votes"]
    assert len(dataset["resources"]) == 2
    for act in acts:
        (row,) = [row for row in dataset["resources"] if act.title in row["title"]]
        file = act.act_files.get(role=ActFile.Role.MAIN)
        assert row["url"].endswith(f"/deliberations/{act.slug}/fichiers/1/")
        assert row["url"].startswith("http")
        assert row["checksum"] == {"type": "sha256", "value": file.published_digest}
        assert (row["type"], row["filetype"], row["format"]) == ("documentation", "remote", "pdf")
    count = len(there.state.writes)
    sent(portal)
    assert len(there.state.writes) == count
    assert portal.copies.get().page == dataset["page"]


def test_the_address_of_a_file_there_is_the_published_file_here(portal, there, commune, client):
    act = make_act(commune)
    sent(portal)
    path = only(there)["resources"][0]["url"].split("//", 1)[1].split("/", 1)[1]
    answer = client.get(f"/{path}")
    assert answer.status_code == 200
    with act.act_files.get().published.open("rb") as stream:
        assert b"".join(answer.streaming_content) == stream.read()


def test_a_withdrawn_act_leaves_at_once_and_what_others_added_stays(
    portal, there, commune, django_capture_on_commit_callbacks
):
    act, other = make_act(commune), make_act(commune, "Vente d’un terrain")
    sent(portal)
    only(there)["resources"].append({"id": "abc", "title": "Plan", "url": "https://x.example/plan", "extras": {}})
    Portal.objects.update(due=timezone.now() + timedelta(hours=20))
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_act(OPERATOR, act, "privacy")
    job = Job.objects.get(kind="republication.send")
    assert job.arguments["portal"] == portal.pk
    there.state.requests.clear()
    run_here(OPERATOR, SEND, **job.arguments)
    portal.refresh_from_db()
    assert [method for method, _path in there.state.writes] == ["DELETE"]
    assert {row["title"] for row in only(there)["resources"]} == {f"{other.number} {other.title}", "Plan"}
    assert portal.report["gestures"] == {"remove": 1}


def test_what_is_sent_is_bounded_to_the_last_acts(portal, there, commune, monkeypatch):
    monkeypatch.setattr(elsewhere, "MOST_DOCUMENTS", 2)
    for month in (1, 2, 3):
        make_act(commune, f"Du mois {month}", date=date(2026, month, 5))
    sent(portal)
    assert {row["title"][-1] for row in only(there)["resources"]} == {"2", "3"}


def test_the_table_goes_with_it_once_everybody_may_read_it(portal, there, commune, client):
    make_act(commune, matter="7.5")
    sent(portal)
    assert not [row for row in only(there)["resources"] if row["type"] == "main"]
    write(commune)
    sent(portal)
    (row,) = [row for row in only(there)["resources"] if row["type"] == "main"]
    assert row["schema"] == {"name": "scdl/deliberations", "version": "2.1.5"}
    answer = client.get("/" + row["url"].split("//", 1)[1].split("/", 1)[1])
    head, *lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.lower().startswith("coll_nom,coll_siret,delib_id") and len(lines) == 1
    there.state.requests.clear()
    make_act(commune, "Vente d’un terrain", matter="7.5")
    dataset = write(commune)
    Dataset.objects.filter(pk=dataset.pk).update(title="Autre titre")
    sent(portal)
    assert [method for method, _path in there.state.writes] == ["PUT", "PUT", "POST"]
    assert only(there)["title"] == "Autre titre"
    assert len(only(there)["resources"]) == 3


def test_a_trial_tells_and_sends_nothing(portal, there, commune):
    make_act(commune)
    sent(portal, dry=True)
    assert there.state.writes == [] and there.state.datasets == {}
    assert [step[0] for step in portal.copies.get().trial["steps"]] == ["create", "add"]
    portal.active = False
    portal.save()
    sent(portal)
    assert there.state.datasets == {}


def test_an_answer_that_was_lost_makes_no_second_dataset(portal, there, commune):
    make_act(commune)
    there.state.lost.append("POST")
    assert code(sent(portal)) == "republication-unavailable"
    assert not portal.copies.get().remote_id
    assert code(sent(portal, pressed=True)) == ""
    assert len(only(there)["resources"]) == 1


def test_an_identifier_that_was_lost_is_seen_again_among_many_datasets(portal, there, commune):
    make_act(commune)
    sent(portal)
    key = only(there)["id"]
    first = there.state.datasets.pop(key)
    for number in range(60):
        there.state.datasets[f"d{number}"] = {**first, "id": f"d{number}", "extras": {}}
    there.state.datasets[key] = first
    portal.copies.all().delete()
    there.state.requests.clear()
    sent(portal)
    assert portal.copies.get().remote_id == key
    assert there.state.writes == []


def test_a_file_that_is_there_twice_is_there_once(portal, there, commune):
    make_act(commune)
    sent(portal)
    row = only(there)["resources"][0]
    only(there)["resources"].append({**row, "id": "second"})
    sent(portal)
    assert [row["id"] for row in only(there)["resources"]] == [row["id"]]


def test_an_unknown_territory_does_not_keep_the_dataset_away(portal, there, commune):
    Territory.objects.filter(pk=commune.territory_id).update(code="99999")
    make_act(commune)
    assert code(sent(portal)) == ""
    assert only(there)["spatial"] is None
    assert portal.copies.get().report["refused"][0][0] == "spatial"
    count = len(there.state.writes)
    sent(portal)
    assert len(there.state.writes) == count


@pytest.mark.parametrize(
    ("status", "headers", "name", "mends"),
    [
        (401, {}, "republication-401", False),
        (403, {}, "republication-403", False),
        (400, {}, "republication-refused", False),
        (301, {"Location": "https://elsewhere.example/"}, "republication-odd", False),
        (429, {"Retry-After": "7200"}, "republication-429", True),
        (500, {}, "republication-unavailable", True),
        (503, {"Retry-After": "nan"}, "republication-unavailable", True),
    ],
)
def test_each_refusal_is_told_and_tried_again_later(portal, there, commune, status, headers, name, mends):
    make_act(commune)
    person = make_member(commune, Role.ADMINISTRATOR, email="a@grigny.example", password=None)
    there.state.answers.append((status, headers, f"<p>{API_KEY}</p>".encode()))
    assert code(sent(portal)) == name
    assert portal.error["hint"]
    assert API_KEY not in json.dumps(portal.error)
    wait = portal.due - timezone.now()
    shortest = timedelta(hours=2) if status == 429 else timedelta(minutes=5) if mends else timedelta(hours=20)
    assert shortest - timedelta(minutes=1) < wait <= shortest
    assert Job.objects.filter(kind="republication.send").count() == 1
    mails = Outgoing.objects.filter(kind="republication-stopped", person=person)
    assert mails.exists() is not mends
    for mail in mails:
        message = notice_kinds()["republication-stopped"].message(mail)
        assert message is not None and message.facts["address"].endswith(f"/admin/data-gouv/{commune.slug}/")
    count = len(there.state.requests)
    sent(portal)
    assert len(there.state.requests) == count, "asked to wait, it waits"
    assert code(sent(portal, pressed=True)) == ""
    assert portal.failures == 0 and portal.due is None


def test_failures_that_go_on_are_tried_more_rarely_and_told_once(portal, there, commune):
    make_act(commune)
    make_member(commune, Role.ADMINISTRATOR, email="a@grigny.example", password=None)
    waits = []
    for _failure in range(6):
        there.state.answers.append((502, {}, b""))
        sent(portal, pressed=True)
        waits.append(portal.due - timezone.now())
    assert waits[:4] == sorted(waits[:4]) and waits[-1] <= rules.LONGEST_WAIT
    assert Outgoing.objects.filter(kind="republication-stopped").count() == 1


def test_a_dataset_deleted_there_is_not_made_again_unless_somebody_asks(portal, there, commune):
    make_act(commune)
    sent(portal)
    first = only(there)
    first["deleted"] = "2026-11-29T10:00:00"
    assert code(sent(portal)) == "republication-410"
    assert len(there.state.datasets) == 1
    send_now(OPERATOR, portal, anew=True)
    assert code(sent(portal, pressed=True)) == ""
    assert Counter(bool(row["deleted"]) for row in there.state.datasets.values()) == {True: 1, False: 1}


def test_an_account_that_left_the_organisation_or_may_not_edit_is_told_so(portal, there, commune):
    make_act(commune)
    there.state.member = False
    assert code(sent(portal, dry=True)) == "republication-member"
    there.state.member = True
    sent(portal)
    make_act(commune, "Autre")
    there.state.may_edit = False
    assert code(sent(portal)) == "republication-403"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[1]",
        b"[" * 100_000,
        b'{"organizations": [{"id": "../../me", "slug": "ville-de-grigny"}]}',
        b'{"organizations": {"a": 1}}',
        b"\xff\x00",
    ],
)
def test_a_server_that_lies_is_not_believed(portal, there, commune, body):
    make_act(commune)
    there.state.answers.append((200, {}, body))
    assert code(sent(portal)) in {"republication-odd", "republication-member"}
    assert there.state.writes == []


def test_a_lying_answer_to_a_creation_is_neither_followed_nor_shown(portal, there, commune):
    make_act(commune)
    portal.copies.create(dataset_id=next(packages(commune)).key, remote_id="abc")
    facts = {"id": "other", "page": "https://evil.example/", "resources": 3, "extras": []}
    me = (200, {}, json.dumps({"organizations": [{"id": ORGANISATION, "slug": SLUG}]}).encode())
    there.state.answers += [me, (200, {}, json.dumps(facts).encode())]
    assert code(sent(portal)) == "republication-odd"
    facts = {**facts, "id": "abc"}
    there.state.answers += [me, *[(200, {}, json.dumps(facts).encode())] * 3]
    sent(portal, pressed=True)
    assert portal.copies.get().page == ""


def test_a_slow_server_holds_nothing_for_ever(portal, there, commune, monkeypatch):
    make_act(commune)
    monkeypatch.setattr(udata, "SECONDS", 0.1)
    there.state.seconds = 0.5
    assert code(sent(portal)) == "republication-unavailable"
    assert portal.busy_until is None


def test_two_sendings_at_once_are_one_and_the_other_comes_after(portal, there, commune):
    make_act(commune)
    Portal.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    sent(portal)
    assert there.state.requests == []
    assert Job.objects.filter(kind="republication.send").count() == 1
    Portal.objects.update(busy_until=timezone.now() - timedelta(minutes=1))
    sent(portal)
    assert len(there.state.datasets) == 1


def test_the_key_goes_to_the_portal_alone_and_private_addresses_are_refused(portal, there, commune, monkeypatch):
    make_act(commune)
    sent(portal)
    assert {headers.get("X-API-KEY") for headers in there.state.headers} == {API_KEY, None}, "proof is read without it"
    monkeypatch.setattr(udata, "send", send)
    make_act(commune, "Autre")
    assert code(sent(portal)) == "fetch-private"


def test_without_acts_nothing_is_made_there(portal, there):
    sent(portal)
    assert there.state.writes == []


def test_each_day_all_that_are_in_service_are_looked_at(portal):
    other = make_portal(make_organisation("Lieusaint"), "https://x.example", API_KEY, SLUG, active=False)
    assert ask_for_all() == 1
    assert Job.objects.filter(arguments__portal=other.pk).count() == 0


def test_an_operation_error_of_the_network_tells_the_host(portal, there, commune, monkeypatch):
    make_act(commune)

    def broken(*_words, **_options):
        raise OperationError

    monkeypatch.setattr(udata, "send", broken)
    sent(portal)
    assert "127.0.0.1" in portal.error["message"]
