"""Webhooks: who may make them, what they are told, how it is signed, what becomes of calls that fail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue import services as catalogue
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import run_job
from parvis.hub.notifications import deliveries
from parvis.hub.notifications.deliveries import announce, ask_for_late, forget_deliveries, send_again, send_test
from parvis.hub.notifications.kinds import DELIVER
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.webhook_rules import (
    MOST_FAILURES,
    MOST_WEBHOOKS,
    OVERLAP,
    WAITS,
    TooManyWebhooks,
    signature,
)
from parvis.hub.notifications.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    encrypt_secrets_again,
    rotate_secret,
    secrets_of,
    webhook_of,
    webhooks_administered_by,
)

pytestmark = pytest.mark.django_db
PUBLISHED = ["dataset.published"]


@pytest.fixture
def town():
    return make_organisation("Lisses")


@pytest.fixture
def administrator(town):
    return actor_of(make_member(town, Role.ADMINISTRATOR, email="dsi@lisses.example"))


@pytest.fixture
def made(town, administrator, receiver):
    """A webhook and its secret."""
    return create_webhook(administrator, town, name="Agenda", url=receiver.address, events=PUBLISHED)


def call() -> None:
    """Run the calls that wait, once each, as a worker does when their moment has come."""
    for job in Job.objects.filter(kind=DELIVER, state=Job.State.QUEUED):
        run_job.call(job.pk)


def tell(town, event="dataset.published", **details) -> int:
    details = {"version": "v1", **details} if event == "dataset.published" else details
    return announce(event, town.pk, "dataset", "arbres", "Arbres", "https://opendata.example/explore/", **details)


def expected(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature as the specification words it, apart from the code of the room."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def test_signatures_are_those_of_the_reference_implementation():
    """The example that libraries of Standard Webhooks are tested with."""
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_happens_is_posted_signed_and_noted(town, made, receiver):
    _webhook, secret = made
    receiver.status, receiver.text = 200, "merci\0" + "é" * 900
    assert tell(town, version="v7") == 1
    call()
    [(path, headers, body)] = receiver.calls
    assert path == "/crochet"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-signature"] == expected(secret, headers, body)
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    message = json.loads(body)
    assert message["type"] == "dataset.published"
    assert message["timestamp"].endswith("Z")
    assert message["data"] == {
        "kind": "dataset",
        "identifier": "arbres",
        "title": "Arbres",
        "address": "https://opendata.example/explore/",
        "organisation": town.slug,
        "version": "v7",
    }
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts, delivery.due) == ("delivered", 200, 1, None)
    assert delivery.answer.startswith("mercié")
    assert len(delivery.answer) == 500
    assert delivery.milliseconds >= 0
    call()
    assert len(receiver.calls) == 1


def test_only_webhooks_of_the_organisation_in_service_that_wish_it_are_called(town, made, receiver, administrator):
    webhook, _secret = made
    elsewhere = make_organisation("Lieusaint")
    create_webhook(OPERATOR, elsewhere, name="Autre", url=receiver.address, events=PUBLISHED)
    assert tell(town, "dataset.withdrawn") == 0
    change_webhook(administrator, webhook, name="Agenda", url=webhook.url, events=PUBLISHED, active=False)
    assert tell(town) == 0
    with pytest.raises(KeyError):
        tell(town, "dataset.eaten")


def test_nothing_is_told_of_what_is_rolled_back(town, made):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(town)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()
    assert not Job.objects.filter(kind=DELIVER).exists()


def test_a_call_that_fails_is_made_again_later_and_later_under_the_same_identifier(town, made, receiver):
    receiver.status = 503
    tell(town)
    waits = []
    for _attempt in range(len(WAITS) + 1):
        call()
        due = Delivery.objects.get().due
        waits += [round((due - timezone.now()).total_seconds() / 60)] if due else []
    assert tuple(waits) == WAITS
    assert timedelta(hours=20) < timedelta(minutes=sum(waits)) < timedelta(hours=36)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == ("failed", 503, len(WAITS) + 1)
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.calls}) == 1
    call()
    assert len(receiver.calls) == len(WAITS) + 1


@pytest.mark.parametrize("status", [204, 503])
def test_a_call_that_was_made_is_not_made_again_by_a_job_that_runs_twice(town, made, receiver, status):
    receiver.status = status
    tell(town)
    delivery = Delivery.objects.get()
    deliveries.deliver(delivery.pk, 0)
    deliveries.deliver(delivery.pk, 0)
    assert len(receiver.calls) == 1
    assert Delivery.objects.get().attempts == 1


def test_a_redirect_is_not_followed(town, made, receiver):
    receiver.status, receiver.location = 302, receiver.address + "/ailleurs"
    tell(town)
    call()
    assert [path for path, _headers, _body in receiver.calls] == ["/crochet"]
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://169.254.169.254/", "http://[::1]:8000/", "http://10.0.0.7/"]
)
def test_no_private_address_is_called(town, administrator, url):
    create_webhook(administrator, town, name="Dedans", url=url, events=PUBLISHED)
    tell(town)
    call()
    delivery = Delivery.objects.get()
    assert delivery.status is None
    assert delivery.error["code"] == "fetch-private"


def test_a_server_that_is_not_there_is_said_in_words(town, made, receiver):
    Webhook.objects.update(url="http://127.0.0.1:9/")
    tell(town)
    call()
    message = "« 127.0.0.1 » n’a pas pris l’appel : la connexion a été refusée."
    assert Delivery.objects.get().error["message"] == message


def test_too_many_failures_in_a_row_stop_it_and_tell_administrators(town, made, receiver, settings, administrator):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    make_member(town, Role.CONTRIBUTOR)
    webhook, _secret = made
    receiver.status = 500
    Webhook.objects.update(failures=MOST_FAILURES - 2)
    tell(town)
    call()
    assert Webhook.objects.get().active
    call()
    stopped = Webhook.objects.get()
    assert not stopped.active
    assert stopped.disabled
    assert Entry.objects.filter(action="webhook.disable", target=str(webhook.pk)).exists()
    call()
    assert len(receiver.calls) == 2
    assert Delivery.objects.get().state == "failed"
    post_due()
    assert [sent.to for sent in mail.outbox] == [["dsi@lisses.example"]]
    assert mail.outbox[0].subject == "Webhook arrêté : Agenda"
    assert f"/admin/webhooks/{webhook.pk}/" in mail.outbox[0].body
    change_webhook(administrator, stopped, name="Agenda", url=stopped.url, events=PUBLISHED, active=True)
    again = Webhook.objects.get()
    assert (again.active, again.failures, again.disabled) == (True, 0, None)


def test_one_success_forgets_the_failures_before_it(town, made, receiver):
    Webhook.objects.update(failures=MOST_FAILURES - 1)
    tell(town)
    call()
    assert Webhook.objects.get().failures == 0


def test_a_receiver_that_is_gone_says_so_and_is_left_alone(town, made, receiver):
    receiver.status = 410
    tell(town)
    call()
    assert not Webhook.objects.get().active
    assert Delivery.objects.get().state == "failed"


def test_a_test_is_called_once_even_when_stopped_and_counts_for_nothing(town, made, receiver, administrator):
    webhook, secret = made
    Webhook.objects.update(active=False)
    webhook.refresh_from_db()
    receiver.status = 500
    send_test(administrator, webhook)
    call()
    [(_path, headers, body)] = receiver.calls
    assert json.loads(body)["type"] == "webhook.test"
    assert headers["webhook-signature"] == expected(secret, headers, body)
    assert Delivery.objects.get().state == "failed"
    assert Webhook.objects.get().failures == 0


def test_a_message_sent_again_keeps_its_identifier_and_its_body(town, made, receiver, administrator):
    tell(town)
    call()
    send_again(administrator, Delivery.objects.get())
    call()
    first, second = receiver.calls
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert Delivery.objects.count() == 2


def test_both_secrets_sign_for_a_day_after_a_rotation(town, made, receiver, administrator):
    webhook, former = made
    new = rotate_secret(administrator, webhook)
    tell(town)
    call()
    [(_path, headers, body)] = receiver.calls
    assert headers["webhook-signature"].split(" ") == [expected(secret, headers, body) for secret in (new, former)]
    Webhook.objects.update(former_until=timezone.now() - OVERLAP)
    assert secrets_of(Webhook.objects.get()) == [new]


def test_the_database_holds_no_secret_and_a_renewed_key_still_reads_it(made, settings, town, administrator):
    _webhook, secret = made
    row = str(list(Webhook.objects.values()))
    assert secret not in row
    assert secret.removeprefix("whsec_") not in row
    assert secret not in str(list(Entry.objects.values()))
    keys = ("une nouvelle clé", settings.SECRET_KEY)
    assert encrypt_secrets_again(keys) == 1
    settings.SECRET_KEY = "une nouvelle clé"
    assert secrets_of(Webhook.objects.get()) == [secret]
    settings.SECRET_KEY = "perdue"
    tell(town)
    call()
    assert Delivery.objects.get().error["code"] == "webhook-secret"


def test_only_who_administers_the_organisation_makes_changes_tries_or_removes(town, made, receiver, administrator):
    webhook, _secret = made
    steward = actor_of(make_member(town, Role.STEWARD))
    stranger = actor_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    tell(town)
    for actor in (steward, stranger):
        for act in (
            lambda who: create_webhook(who, town, name="x", url=receiver.address, events=PUBLISHED),
            lambda who: change_webhook(who, webhook, name="x", url="http://x.fr/", events=[], active=True),
            lambda who: rotate_secret(who, webhook),
            lambda who: send_test(who, webhook),
            lambda who: send_again(who, Delivery.objects.get()),
            lambda who: delete_webhook(who, webhook),
        ):
            with pytest.raises(Forbidden):
                act(actor)
        assert not webhooks_administered_by(actor).exists()
        with pytest.raises(NotFound):
            webhook_of(actor, webhook.pk)
    assert webhook_of(administrator, webhook.pk) == webhook
    delete_webhook(administrator, webhook)
    assert not Delivery.objects.exists()


def test_an_organisation_has_so_many_and_no_more(town, made, administrator, receiver):
    for number in range(MOST_WEBHOOKS - 1):
        create_webhook(administrator, town, name=str(number), url=receiver.address, events=[])
    with pytest.raises(TooManyWebhooks):
        create_webhook(administrator, town, name="x", url=receiver.address, events=[])


def test_the_journal_is_kept_thirty_days(town, made):
    tell(town)
    tell(town)
    old = Delivery.objects.first()
    Delivery.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=31))
    assert forget_deliveries() == 1


def test_a_call_whose_job_was_lost_is_made_the_next_day(town, made, receiver):
    tell(town)
    Job.objects.all().delete()
    assert ask_for_late() == 0
    Delivery.objects.update(due=timezone.now() - timedelta(hours=2))
    assert ask_for_late() == 1
    call()
    assert Delivery.objects.get().state == "delivered"
    assert ask_for_late() == 0


def events() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


def test_publications_and_withdrawals_of_datasets_are_told(
    town, made, administrator, receiver, django_capture_on_commit_callbacks
):
    webhook, _secret = made
    wished = ["dataset.published", "dataset.withdrawn"]
    change_webhook(administrator, webhook, name="Agenda", url=webhook.url, events=wished, active=True)
    dataset = make_dataset(town, dataset_id="arbres", status=Status.DRAFT)
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.publish(OPERATOR, dataset)
    catalogue.unpublish(OPERATOR, dataset)
    catalogue.delete(OPERATOR, dataset)
    catalogue.restore(OPERATOR, dataset)
    assert events() == ["dataset.published", "dataset.withdrawn"]
    data = json.loads(Delivery.objects.last().body)["data"]
    assert data["version"] == dataset.current.name
    assert data["address"] == "http://127.0.0.1:8000/explore/dataset/arbres/"


def test_a_draft_that_is_deleted_was_never_there(town, made, administrator):
    webhook, _secret = made
    change_webhook(administrator, webhook, name="x", url=webhook.url, events=["dataset.withdrawn"], active=True)
    catalogue.delete(OPERATOR, make_dataset(town, status=Status.DRAFT))
    assert events() == []
