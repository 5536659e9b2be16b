"""Owners are told once of what became late, stale or broken, in one mail a day at most, as they chose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import unpublish
from parvis.hub.datastore.models import Import
from parvis.hub.jobs.services import run_here
from parvis.hub.notifications import outbox
from parvis.hub.notifications.models import Change, Outgoing
from parvis.hub.notifications.outbox import post_due
from parvis.hub.quality.kinds import TELL
from parvis.hub.quality.messages import notice_sentence
from parvis.hub.quality.models import Digest, Notice, SourceCheck
from parvis.hub.quality.notices import choose_notices, feed_of, observe_all, send_digests
from parvis.hub.quality.selectors import notices_for, owners_of
from parvis.hub.sites.rules import DEFAULT_COLOURS
from parvis.hub.ui.tests.markup import tight
from parvis.hub.validation.models import DatasetSchema
from parvis.hub.validation.services import dismiss_newer

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def open_mail(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    mail.outbox = []


@pytest.fixture
def dataset(organisation) -> Dataset:
    return make_dataset(organisation, dataset_id="arbres", title="Arbres", frequency="monthly")


def told() -> list[tuple[str, str]]:
    return [(notice.event, notice.mark) for notice in Notice.objects.filter(closed=None)]


def fails(dataset: Dataset, **facts) -> Import:
    error = {"code": "x", "message": "Le fichier est vide.", "message_en": "The file is empty."}
    facts = {"state": Import.State.FAILED, "error": error, "finished": timezone.now(), **facts}
    return Import.objects.create(dataset=dataset, **facts)


def test_fresh_data_is_no_news(dataset, steward, aged):
    aged(40)
    assert observe_all() == 0
    assert send_digests(DAY) == 0


def test_late_data_is_told_once(dataset, steward, aged):
    aged(50)
    assert observe_all() == 1
    assert observe_all() == 0
    assert [event for event, _mark in told()] == ["late"]
    assert Change.objects.get().kind == "silent", "who follows it is told as well"
    assert send_digests(DAY) == 1
    assert send_digests(DAY) == 0
    assert send_digests(DAY + timedelta(days=1)) == 0
    post_due()
    [message] = mail.outbox
    assert Digest.objects.get().sent
    assert message.to == ["responsable@lisses.example"]
    assert message.subject == "Parvis : un jeu de données demande votre attention"
    assert "Arbres\n  - En retard. Les données datent du" in message.body
    assert "/explore/dataset/arbres/quality/" in message.body
    assert "/admin/avis/" in message.body
    html = tight(message.alternatives[0].content)
    assert "<strong>En retard.</strong> Les données datent du" in html
    assert f"color: {DEFAULT_COLOURS['accent']}" in html
    assert message.extra_headers["List-Unsubscribe"] == "<http://127.0.0.1:8000/admin/avis/>"
    assert "List-Unsubscribe-Post" not in message.extra_headers, "one click must stop it, and this page asks who comes"


def test_data_twice_as_old_as_promised_is_told_as_stale(dataset, steward, aged):
    aged(50)
    observe_all()
    aged(81)
    observe_all()
    assert [event for event, _mark in told()] == ["stale"]
    assert send_digests(DAY) == 1
    post_due()
    assert "Périmé" in mail.outbox[0].body


def test_a_new_version_closes_the_notice_and_a_new_delay_opens_another(dataset, steward, aged):
    aged(50)
    observe_all()
    send_digests(DAY)
    post_due()
    aged(0)
    observe_all()
    assert told() == []
    aged(45)
    assert observe_all() == 1
    assert send_digests(DAY + timedelta(days=60)) == 1
    post_due()
    assert len(mail.outbox) == 2


def test_a_failed_import_is_broken_until_one_succeeds(dataset, steward):
    failed = fails(dataset)
    observe_all()
    assert told() == [("broken", f"import-{failed.pk}")]
    assert notice_sentence(Notice.objects.get()) == "Le dernier import n’a pas abouti. Le fichier est vide."
    fails(dataset, state=Import.State.DONE, error=None)
    observe_all()
    assert told() == []


def test_an_old_failure_is_old_news(dataset, steward):
    failed = fails(dataset)
    Import.objects.filter(pk=failed.pk).update(created=timezone.now() - timedelta(days=31))
    assert observe_all() == 0


def test_a_source_is_told_from_the_second_day_of_silence(dataset, steward):
    today = timezone.localdate()
    check = SourceCheck.objects.create(
        dataset=dataset, url="https://s.example/", answered=False, checked=timezone.now(), failing_since=today
    )
    assert observe_all() == 0
    check.failing_since = today - timedelta(days=1)
    check.save()
    assert observe_all() == 1
    assert observe_all(timezone.now() + timedelta(days=3)) == 0


def test_a_newer_schema_is_told_once_until_it_is_put_away(dataset, steward):
    DatasetSchema.objects.create(
        dataset=dataset, origin="bundled", name="scdl/deliberations", version="2.1.5", newer="2.2.0"
    )
    assert observe_all() == 1
    assert observe_all() == 0
    assert send_digests(DAY) == 1
    post_due()
    (sent,) = mail.outbox
    assert "La version 2.2.0 du schéma scdl/deliberations est parue" in sent.body
    assert send_digests(DAY + timedelta(days=1)) == 0
    dismiss_newer(OPERATOR, dataset)
    observe_all()
    assert told() == []


def test_who_does_not_want_to_hear_of_schemas_does_not(dataset, steward):
    DatasetSchema.objects.create(dataset=dataset, origin="bundled", name="scdl/deliberations", version="1", newer="2")
    choose_notices(actor_of(steward), steward, schema=False)
    observe_all()
    assert send_digests(DAY) == 0


def test_a_withdrawn_dataset_bothers_nobody(dataset, steward, aged):
    aged(50)
    observe_all()
    unpublish(OPERATOR, dataset)
    observe_all()
    assert told() == []
    assert send_digests(DAY) == 0


def test_several_datasets_make_one_mail(dataset, steward, aged, organisation):
    aged(50)
    other = make_dataset(organisation, title="Écoles", frequency="daily")
    Dataset.objects.filter(pk=other.pk).update(data_modified=timezone.now() - timedelta(days=5))
    fails(dataset)
    observe_all()
    assert send_digests(DAY) == 1
    post_due()
    assert mail.outbox[0].subject == "Parvis : 2 jeux de données demandent votre attention"
    assert mail.outbox[0].body.count("Arbres\n") == 1


def test_each_person_chooses_what_they_are_told(dataset, steward, aged):
    aged(50)
    choose_notices(actor_of(steward), steward, late=False)
    observe_all()
    assert send_digests(DAY) == 0
    choose_notices(actor_of(steward), steward, late=True, mail=False)
    assert send_digests(DAY) == 0
    choose_notices(actor_of(steward), steward, mail=True)
    assert send_digests(DAY) == 1


def test_nobody_chooses_for_another(dataset, steward):
    with pytest.raises(Forbidden):
        choose_notices(actor_of(make_person()), steward, mail=False)


def test_owners_are_those_who_may_publish_or_failing_them_edit(organisation):
    reader = make_member(organisation, Role.READER)
    contributor = make_member(organisation, Role.CONTRIBUTOR)
    assert list(owners_of(organisation.pk)) == [contributor]
    steward = make_member(organisation, Role.STEWARD)
    assert list(owners_of(organisation.pk)) == [steward]
    steward.is_active = False
    steward.save()
    assert list(owners_of(organisation.pk)) == [contributor]
    assert reader not in owners_of(organisation.pk)


def test_a_stranger_sees_no_notice(dataset, steward, aged):
    aged(50)
    observe_all()
    stranger = make_person()
    assert not notices_for(stranger, feed_of(actor_of(stranger), stranger)).exists()
    assert notices_for(steward, feed_of(actor_of(steward), steward)).count() == 1


def test_a_mail_that_cannot_leave_is_tried_again_and_once_given_up_told_anew(dataset, steward, aged, monkeypatch):
    aged(50)
    observe_all()
    send_digests(DAY)

    def refuse(*_args):
        raise ConnectionRefusedError("no server")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "send", refuse)
        for _try in range(len(outbox.WAITS) + 1):
            assert Digest.objects.exists()
            Outgoing.objects.update(due=timezone.now())
            assert post_due() == 0
    assert not Outgoing.objects.exists()
    assert not Digest.objects.exists()
    assert send_digests(DAY) == 1


def test_a_process_killed_while_it_sends_makes_nobody_write_twice(dataset, steward, aged, monkeypatch):
    aged(50)
    observe_all()
    send_digests(DAY)

    def die(*_args):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(outbox, "send", die)
        with pytest.raises(SystemExit):
            post_due()
    assert send_digests(DAY) == 0
    assert post_due() == 0, "another process may be sending it"


def test_what_is_settled_before_the_mail_leaves_is_not_told(dataset, steward, aged):
    aged(50)
    observe_all()
    send_digests(DAY)
    aged(0)
    observe_all()
    post_due()
    assert mail.outbox == []


def test_without_a_mail_server_all_waits_for_one_mail(dataset, steward, aged, settings):
    opened = settings.PARVIS
    settings.PARVIS = {**opened, "PARVIS_MAIL_URL": ""}
    aged(50)
    observe_all()
    assert send_digests(DAY) == 0
    settings.PARVIS = opened
    assert send_digests(DAY + timedelta(days=1)) == 1


def test_no_mail_leaves_when_the_operator_forbids_them(dataset, steward, aged, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_NOTICE_MAILS": False}
    aged(50)
    observe_all()
    assert send_digests(DAY) == 0


def test_a_title_cannot_forge_a_header(dataset, steward, aged):
    Dataset.objects.filter(pk=dataset.pk).update(title="Arbres\nBcc: tous@exemple.fr")
    aged(50)
    observe_all()
    send_digests(DAY)
    post_due()
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["responsable@lisses.example"]


def test_the_job_of_the_day_observes_and_sends(dataset, steward, aged):
    aged(50)
    run_here(OPERATOR, TELL, day=DAY.isoformat())
    run_here(OPERATOR, TELL, day=DAY.isoformat())
    post_due()
    assert len(mail.outbox) == 1


def test_a_feed_address_is_secret_and_can_be_renewed(steward):
    first = feed_of(actor_of(steward), steward).feed_key
    assert len(first) >= 43
    assert feed_of(actor_of(steward), steward).feed_key == first
    assert feed_of(actor_of(steward), steward, renew=True).feed_key != first
