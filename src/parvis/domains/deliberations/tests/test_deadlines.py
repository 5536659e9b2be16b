"""What the law asks of sittings, and acts that wait, are told until when, to who may do them, once each by mail."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.domains.deliberations.deadlines.mails import tell_what_is_due
from parvis.domains.deliberations.deadlines.rules import Duty, Task
from parvis.domains.deliberations.deadlines.selectors import duties
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.notifications.models import Outgoing
from parvis.hub.notifications.outbox import post_due

TODAY = date(2026, 3, 20)


def duty(task, since):
    return Duty(task, 1, "Grigny", 1, "Séance", since)


@pytest.mark.parametrize(
    ("since", "left", "is_late", "mark"),
    [
        (date(2026, 3, 19), 6, False, ""),
        (date(2026, 3, 15), 2, False, "list-soon-2026-03-22"),
        (date(2026, 3, 13), 0, False, "list-soon-2026-03-20"),
        (date(2026, 3, 12), -1, True, "list-late-2026-03-19"),
    ],
)
def test_the_list_of_a_sitting_is_due_within_the_week(since, left, is_late, mark):
    row = duty(Task.LIST, since)
    assert (row.days_left(TODAY), row.is_late(TODAY), row.mark(TODAY)) == (left, is_late, mark)


def test_what_no_law_asks_is_told_once_it_is_late_alone():
    assert duty(Task.CONFIRM, date(2026, 3, 13)).mark(TODAY) == ""
    assert duty(Task.CONFIRM, date(2026, 3, 12)).mark(TODAY) == "confirm-late-2026-03-19"


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860")


@pytest.fixture
def council(commune):
    return make_assembly(commune)


def tasks(actor=OPERATOR):
    return [(row.task, row.due) for row in duties(actor, TODAY)]


@pytest.mark.django_db
def test_sittings_are_asked_their_list_then_their_minutes(commune, council):
    sitting = make_session(council, date(2026, 3, 10), online=False)
    make_session(council, date(2026, 3, 27), online=False, minutes_approved_on=None)
    cancelled = make_session(council, date(2026, 3, 11), online=False)
    Session.objects.filter(pk=cancelled.pk).update(state=Session.State.CANCELLED)
    make_session(make_assembly(commune, "Commission", kind=Assembly.Kind.COMMISSION), date(2026, 3, 12), online=False)
    make_session(council, date(2010, 3, 10), online=False)
    assert tasks() == [(Task.LIST, date(2026, 3, 17))]
    Session.objects.filter(pk=sitting.pk).update(list_published_on=TODAY, minutes_approved_on=date(2026, 3, 18))
    assert tasks() == [(Task.MINUTES, date(2026, 3, 25))]
    make_act(commune, "Procès-verbal", session=sitting, kind=Act.Kind.MINUTES)
    assert tasks() == []


@pytest.mark.django_db
def test_acts_wait_to_be_read_again_then_to_go_online(commune):
    act = make_act(commune, online=False)
    Act.objects.filter(pk=act.pk).update(confirmed_at=None, created=noon(date(2026, 3, 2)))
    assert tasks() == [(Task.CONFIRM, date(2026, 3, 9))]
    ActFile.objects.filter(act=act).update(reading=ActFile.Reading.WAITING)
    assert tasks() == [], "what is being read asks nobody for anything"
    Act.objects.filter(pk=act.pk).update(confirmed_at=noon(date(2026, 3, 4)))
    assert tasks() == [(Task.ONLINE, date(2026, 3, 11))]
    make_act(commune)
    assert len(tasks()) == 1, "what is online asks nothing more"


def noon(day):
    return datetime.combine(day, time(12), tzinfo=UTC)


@pytest.mark.django_db
def test_the_screen_says_what_is_late_to_who_may_do_it(commune, council):
    today = timezone.localdate()
    make_session(council, today - timedelta(days=10), online=False)
    client, stranger = Client(), Client()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    stranger.force_login(make_member(make_organisation(), Role.STEWARD))
    page = client.get(reverse("acts:to-do")).content.decode()
    assert "1 chose est en retard" in page
    assert "en retard de 3 jours" in page
    assert "Conseil municipal" not in stranger.get(reverse("acts:to-do")).content.decode()


@pytest.mark.django_db
def test_the_screen_asks_the_same_number_of_questions_whatever_there_is(
    commune, council, django_assert_max_num_queries
):
    def count(sittings):
        for rank in range(sittings):
            make_session(council, TODAY - timedelta(days=rank + 1), online=False)
            Act.objects.filter(pk=make_act(commune, online=False).pk).update(confirmed_at=None)
        with django_assert_max_num_queries(4):
            return len(duties(OPERATOR, TODAY))

    assert (count(1), count(5)) == (2, 12)


@pytest.mark.django_db(transaction=True)
def test_each_thing_is_told_once_by_mail_to_who_publishes(commune, council, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    person = make_member(commune, Role.STEWARD)
    today = timezone.localdate()
    session = make_session(council, today - timedelta(days=10), online=False)
    for _rank in range(3):
        act = make_act(commune, online=False)
        Act.objects.filter(pk=act.pk).update(confirmed_at=timezone.now() - timedelta(days=9))
    assert tell_what_is_due(today) == 1
    assert tell_what_is_due(today) == 0
    post_due()
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert session.title in letter.body
    assert "en retard de 3 jours" in letter.body
    assert letter.body.count("mettre en ligne l’acte confirmé") == 3
    later = make_session(council, today - timedelta(days=6), online=False)
    assert tell_what_is_due(today) == 1
    Session.objects.filter(pk__in=[session.pk, later.pk]).update(list_published_on=today)
    Act.objects.update(withdrawn_at=timezone.now())
    post_due()
    assert len(mail.outbox) == 1, "what was done meanwhile is not told"
    assert not Outgoing.objects.exists()
