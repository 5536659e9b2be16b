"""A source that is read when somebody calls: proved, once, bounded, told; and one Parvis that wakes another."""

import functools
import hashlib
import hmac
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.config.cli.main import main
from parvis.core.errors import Forbidden
from parvis.core.fetching import post
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting import hooks
from parvis.hub.harvesting.hook_rules import BODY_BYTES, CALLS_A_MINUTE, OVERLAP, REFUSALS_A_MINUTE, RUNS_AN_HOUR
from parvis.hub.harvesting.hooks import hook_address, hook_of, make_hook, open_hook, renew_hook
from parvis.hub.harvesting.models import Hook, HookCall, Run
from parvis.hub.harvesting.rules import State, Trigger
from parvis.hub.harvesting.selectors import next_due
from parvis.hub.harvesting.sources import encrypt_secrets_again, stop_run
from parvis.hub.harvesting.tests.catalogue_server import dataset
from parvis.hub.jobs.daily import ask_for_due
from parvis.hub.notifications import deliveries
from parvis.hub.notifications.deliveries import announce, deliver
from parvis.hub.notifications.models import Delivery
from parvis.hub.notifications.webhook_rules import headers
from parvis.hub.notifications.webhooks import create_webhook


@pytest.fixture
def hook(source):
    """One that wants signed calls, and its secret."""
    return make_hook(OPERATOR, source, signed=True)


def ring(address: str, secret: str = "", name: str = "msg_1", moment: float | None = None, body: bytes = b"{}", **more):
    """Call as a program does; the answer."""
    signed = headers([secret], name, int(moment or time.time()), body.decode()) if secret else {}
    path = address.partition("://")[2].partition("/")[2]
    return Client().post(f"/{path}", body, content_type="application/json", headers={**signed, **more})


def test_a_signed_call_begins_a_run_once_whoever_sends_it_again(hook, source, portal, work):
    row, secret = hook
    portal.datasets = [dataset("a")]
    answer = ring(hook_address(row), secret)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "begun")
    assert answer.json()["address"].endswith(f"/admin/sources/lecture/{answer.json()['run']}/")
    again = ring(hook_address(row), secret)
    assert (again.status_code, again.json()["repeated"], again.json()["run"]) == (202, True, answer.json()["run"])
    assert ring(hook_address(row), secret, "msg_2").json()["outcome"] == "joined"
    work()
    run = Run.objects.get()
    assert (run.trigger, run.state, run.counts["created"]) == (Trigger.CALL, State.DONE, 1)
    assert ring(hook_address(row), secret).json()["run"] == run.pk, "sent again an hour later, it is the same call"
    assert Run.objects.count() == 1


def test_a_call_that_nothing_proves_is_refused_and_counted(hook, source):
    row, secret = hook
    address = hook_address(row)
    late = ring(address, secret, moment=time.time() - 301)
    assert (late.status_code, late.json()["error_code"]) == (401, "hook-time")
    assert ring(address, "whsec_eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=").status_code == 401
    assert [ring(address).status_code for _n in range(2)] == [401, 401]
    assert ring(address + ".AAAA", secret).status_code == 404
    assert ring(address.replace(row.uid, "0" * 24), secret).status_code == 404
    assert ring(address, secret, body=b"x" * (BODY_BYTES + 1)).status_code == 413
    assert Client().get(f"/api/parvis/v1/hooks/{row.uid}").status_code == 405
    assert list(HookCall.objects.values_list("outcome", "count")) == [("unsigned", 3), ("late", 1)]
    assert not Run.objects.exists()


def test_github_and_gitlab_call_as_they_do(hook):
    row, secret = hook
    signature = hmac.new(secret.encode(), b"{}", hashlib.sha256).hexdigest()
    github = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Delivery": "72d3162e-cc78-11e3"}
    assert ring(hook_address(row), **github).json()["outcome"] == "begun"
    assert ring(hook_address(row), **github).json()["repeated"] is True
    assert ring(hook_address(row), **{"X-Gitlab-Token": secret}).json()["outcome"] == "joined"


def test_who_cannot_sign_has_an_address_that_nobody_guesses(source, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    hook, secret = make_hook(OPERATOR, source, signed=False)
    address = hook_address(hook, secret)
    assert secret not in hook.secret
    assert ring(address, Authorization="Bearer something").json()["outcome"] == "begun"
    assert ring(address[:-1]).status_code == 404
    assert ring(hook_address(hook)).status_code == 404
    renewed = hook_address(hook, renew_hook(OPERATOR, hook))
    assert [ring(renewed).status_code, ring(address).status_code] == [202, 202]
    Hook.objects.update(former_until=timezone.now() - OVERLAP)
    assert [ring(renewed).status_code, ring(address).status_code] == [202, 404]


def test_a_call_during_a_run_has_one_more_begin_after_it(hook, source, work):
    row, secret = hook
    first = Run.objects.create(source=source, state=State.RUNNING, started=timezone.now())
    answers = [ring(hook_address(row), secret, f"msg_{n}").json() for n in range(3)]
    assert [(answer["outcome"], answer["run"]) for answer in answers] == [("after", first.pk)] * 3
    assert next_due() is None, "not while it reads"
    first.state = State.DONE
    first.save()
    ask_for_due()
    work()
    assert [run.trigger for run in Run.objects.exclude(pk=first.pk)] == [Trigger.CALL]
    work()
    ask_for_due()
    assert next_due() is None
    assert Run.objects.count() == 2


def test_who_stops_a_run_stops_what_was_to_follow(hook, source):
    row, secret = hook
    run = Run.objects.create(source=source, state=State.RUNNING, started=timezone.now())
    ring(hook_address(row), secret)
    stop_run(OPERATOR, run)
    assert next_due() is None


def test_a_flood_is_bounded_by_source_and_by_caller_and_nothing_is_lost(hook, source, monkeypatch):
    row, secret = hook
    monkeypatch.setattr(hooks, "CALLS_A_MINUTE", 3)
    monkeypatch.setattr(hooks, "REFUSALS_A_MINUTE", 2)
    assert (CALLS_A_MINUTE, REFUSALS_A_MINUTE) > (3, 2)
    statuses = [ring(hook_address(row), secret, f"msg_{n}").status_code for n in range(5)]
    assert statuses == [202, 202, 202, 429, 429]
    assert ring(hook_address(row), secret, "msg_9").headers["Retry-After"] == "60"
    assert HookCall.objects.get(outcome="flood").count == 3
    assert [ring(hook_address(row)).status_code for _n in range(4)] == [401, 401, 429, 429]
    Run.objects.update(state=State.DONE)
    Run.objects.bulk_create(Run(source=source, state=State.DONE, trigger=Trigger.CALL) for _n in range(RUNS_AN_HOUR))
    run = hooks.begin_by_call(row)
    assert run is not None
    run.refresh_from_db()
    assert timedelta(minutes=59) < run.resumes - timezone.now() <= timedelta(hours=1)


def test_out_of_service_it_refuses_and_says_so(hook, source):
    row, secret = hook
    open_hook(OPERATOR, row, active=False)
    assert ring(hook_address(row), secret).json()["error_code"] == "hook-closed"
    open_hook(OPERATOR, row, active=True)
    source.active = False
    source.save()
    assert ring(hook_address(row), secret).status_code == 409
    assert HookCall.objects.get().count == 2


def test_a_renewed_key_of_the_instance_reads_it_still(hook, settings):
    row, secret = hook
    settings.PARVIS_FORMER_KEYS, settings.SECRET_KEY = (settings.SECRET_KEY,), "another key of the instance, quite long"
    encrypt_secrets_again()
    settings.PARVIS_FORMER_KEYS = ()
    assert ring(hook_address(row), secret).status_code == 202


def test_the_screen_makes_shows_once_renews_and_removes(source, town):
    client, page = client_of(town.steward), f"/admin/sources/{source.slug}/appel/"
    assert client_of(town.other).get(page).status_code == 404
    short = client.post(page, {"acte": "creer", "way": "signed", "secret": "court"})
    assert (short.status_code, "il en faut de 16 à 200" in short.content.decode()) == (422, True)
    made = client.post(page, {"acte": "creer", "way": "address"}).content.decode()
    address = made.partition('id="adresse">')[2].partition("<")[0]
    assert ring(address).status_code == 202
    shown = client.get(page).content.decode()
    assert address not in shown
    assert "une lecture part" in shown
    assert "Lue aussi à l’appel" in client.get(f"/admin/sources/{source.slug}/").content.decode()
    renewed = client.post(page, {"acte": "renouveler"}).content.decode().partition('id="adresse">')[2].partition("<")[0]
    assert renewed != address
    client.post(page, {"acte": "basculer"})
    assert ring(renewed).status_code == 409
    client.post(page, {"acte": "retirer"})
    assert ring(renewed).status_code == 404
    with pytest.raises(Forbidden):
        make_hook(actor_of(town.contributor), source, signed=True)


def test_the_command_makes_shows_and_removes(source, monkeypatch, capsys):
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def command(*words):
        status = main(["harvest", "hook", source.slug, *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    assert command() == (0, None)
    assert command("--renew")[0] == 1
    _status, facts = command("--make", "signed")
    assert ring(facts["address"], facts["secret"]).status_code == 202
    assert command()[1]["calls"][0]["outcome"] == "begun"
    assert command("--stop")[1]["active"] is False
    assert command("--start")[1]["secret"] == ""
    assert command("--remove") == (0, None)
    assert hook_of(source) is None


def test_the_webhook_of_one_parvis_wakes_the_other(
    transactional_db, source, town, portal, live_server, monkeypatch, work
):
    """Over real sockets: the call that a portal makes when it publishes, as it is, is taken by the hook of another."""
    monkeypatch.setattr(deliveries, "post", functools.partial(post, allowed=lambda _address, _port: True))
    portal.datasets = [dataset("a")]
    webhook, secret = create_webhook(OPERATOR, town.organisation, name="Voisin", url="", events=["dataset.published"])
    hook, _secret = make_hook(OPERATOR, source, signed=True, secret=secret)
    address = live_server.url + "/api/parvis/v1/hooks/" + hook.uid
    type(webhook).objects.update(url=address)
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", "https://voisin.example/a/", version="v1")
    deliver(Delivery.objects.get().pk, 0)
    assert (Delivery.objects.get().state, Delivery.objects.get().status) == ("delivered", 202)
    Run.objects.get()
    work()
    assert Dataset.objects.get().title == "Jeu a"

    def call(rank: int) -> str:
        signed = headers([secret], f"msg_{rank}", int(time.time()), "{}")
        request = urllib.request.Request(address, b"{}", {**signed, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["outcome"]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(call, range(4))) == ["begun", "joined", "joined", "joined"]
    assert Run.objects.count() == 2
