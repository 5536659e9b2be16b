"""Requests for data: the month of the law, answers and refusals, supports counted once, letters, erasure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.requests.models import DataRequest, Letter, Vote
from parvis.domains.requests.presentation import lines_for_sender
from parvis.domains.requests.publication import rows
from parvis.domains.requests.rules import (
    AnsweredAlready,
    NothingGiven,
    ReasonsMissing,
    Stage,
    answer_due,
    is_silent,
    months_after,
    names_article,
    remedy_due,
    reminds,
)
from parvis.domains.requests.services import accept, answer, pass_day
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access
from parvis.hub.charts.factories import make_stands
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import confirm
from parvis.hub.records.rules import Status
from parvis.hub.ui.tests.queries import queries_of
from parvis.hub.visitors.models import Receipt
from parvis.hub.visitors.receipt_rules import DecidedMeanwhile

pytestmark = pytest.mark.django_db
FORM = "/demandes/nouvelle/"
QUEUE = "/admin/demandes-de-donnees/"
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _browser_worked(monkeypatch, settings):
    monkeypatch.setattr("parvis.hub.visitors.forms.is_proof", lambda text: text == "faite")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}


@pytest.fixture
def dataset(home):
    return make_stands()


@pytest.fixture
def owner(dataset):
    return dataset.organisation


@pytest.fixture
def person(owner):
    return make_member(owner, Role.STEWARD)


@pytest.fixture
def steward(person):
    return signed_in(person)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(owner, query: str = "", **fields):
    usual = {
        "title": "La fréquentation des bus",
        "text": "Par arrêt et par mois.",
        "organisation": owner.slug,
        "preuve": "faite",
    }
    return Client().post(f"{FORM}{query}", {**usual, **fields})


def received(owner, days: int = 0, **fields) -> DataRequest:
    """A request shown to all, received some days ago."""
    send(owner, **fields)
    request = DataRequest.objects.latest("pk")
    DataRequest.objects.filter(pk=request.pk).update(received=TODAY - timedelta(days=days))
    request.refresh_from_db()
    accept(OPERATOR, request, revision=request.revision)
    request.refresh_from_db()
    return request


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_months_are_those_of_another_calendar(day, months):
    assert months_after(day, months) == day + relativedelta(months=months)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_month_of_the_law_never_ends_before_its_days(day):
    due = answer_due(day)
    assert 28 <= (due - day).days <= 31
    assert not is_silent(day, due) and is_silent(day, due + timedelta(days=1))
    assert remedy_due(due) > due + timedelta(days=58)
    assert due.day == min(day.day, calendar.monthrange(due.year, due.month)[1])


def test_who_must_answer_is_reminded_four_times():
    day = date(2026, 3, 15)
    reminders = [when for when in (day + timedelta(days=n) for n in range(60)) if reminds(day, when)]
    assert reminders == [date(2026, 4, 8), date(2026, 4, 12), date(2026, 4, 14), date(2026, 4, 15)]


def test_a_request_is_made_read_shown_and_granted_with_its_dataset(dataset, owner, steward):
    place = send(owner, signature="Une voisine")["Location"]
    request = DataRequest.objects.get()
    assert request.received == TODAY and request.status == Status.DRAFT
    assert Client().get(request.get_absolute_url()).status_code == 404
    assert "réponse au plus tard le" in Client().get(place).content.decode()
    steward.post(QUEUE, {"choix": f"{request.pk}-{request.revision}", "acte": "montrer"})
    for address in ("/demandes/", request.get_absolute_url()):
        assert "La fréquentation des bus" in Client().get(address).content.decode()
    page = steward.get(f"{QUEUE}repondre/{request.pk}/").content.decode()
    assert "La fréquentation des bus" in page
    request.refresh_from_db()
    sent = {"stage": "granted", "datasets": dataset.get_absolute_url(), "text": "Voici.", "revision": request.revision}
    assert steward.post(f"{QUEUE}repondre/{request.pk}/", sent).status_code == 302
    page = Client().get(request.get_absolute_url()).content.decode()
    assert "Acceptée le" in page and dataset.title in page and "Voici." in page
    card = Client().get(f"/explore/dataset/{dataset.dataset_id}/information/").content.decode()
    assert "La fréquentation des bus" in card
    assert Entry.objects.filter(action="request.answer", target=request.slug).exists()
    body = Client().get(f"/api/parvis/v1/demandes/{request.slug}").json()
    assert (body["stage"], body["datasets"]) == ("granted", [dataset.dataset_id])


def test_a_refusal_has_a_ground_words_and_the_remedies(owner, steward):
    request = received(owner)
    address = f"{QUEUE}repondre/{request.pk}/"
    refused = {"stage": "refused", "revision": request.revision}
    page = steward.post(address, {**refused, "text": "Non."})
    assert page.status_code == 422 and "L311-14" in page.content.decode()
    assert "Non." in page.content.decode()
    request.refresh_from_db()
    assert request.revision == refused["revision"]
    steward.post(address, {**refused, "text": "Elle dit la vie de personnes.", "ground": "privacy"})
    page = Client().get(request.get_absolute_url()).content.decode()
    assert "L311-6" in page and "CADA" in page and "R343-1" in page and "Elle dit la vie" in page
    assert "<details open>" in page and "forme d’une décision écrite motivée" in page


def test_a_refusal_for_no_reason_of_the_list_names_its_article(owner, steward):
    request = received(owner)
    address = f"{QUEUE}repondre/{request.pk}/"
    refused = {"stage": "refused", "revision": request.revision, "ground": "other"}
    page = steward.post(address, {**refused, "text": "Parce que."})
    assert (page.status_code, "cite l’article" in page.content.decode()) == (422, True)
    steward.post(address, {**refused, "text": "L’article L124-4 du code de l’environnement le permet."})
    request.refresh_from_db()
    assert request.stage == "refused"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("article L. 124-4", True),
        ("L124-4", True),
        ("R*311-12", True),
        ("l’article 6 du règlement", True),
        ("dans la rue D", False),
        ("cet article est clair", False),
        ("Levallois 2020", False),
    ],
)
def test_articles_of_the_law_are_told_from_other_words(text, expected):
    assert names_article(text) is expected


@pytest.mark.parametrize("kind, number", [("data", "R*311-12"), ("licence", "R*322-4")])
def test_who_waited_for_a_month_reads_the_law_itself(owner, kind, number):
    request = received(owner, days=40)
    DataRequest.objects.filter(pk=request.pk).update(stage="silent", kind=kind)
    request.refresh_from_db()
    lines = "\n".join(lines_for_sender(request))
    assert f"article {number})" in lines and "article R343-1)" in lines
    page = Client().get("/demandes/nouvelle/").content.decode()
    assert "Le texte de ces articles" in page and "sont tenues de publier en ligne ou de communiquer" in page


def test_silence_for_a_month_is_a_refusal_that_an_answer_breaks(owner, person):
    request = received(owner, days=40, email="camille@example.org")
    confirm(Subscription.objects.get().key)
    post_due()
    mail.outbox.clear()
    for _twice in range(2):
        pass_day(TODAY)
    post_due()
    letters = [letter for letter in mail.outbox if letter.to == ["camille@example.org"]]
    assert len(letters) == 1
    assert "CADA" in letters[0].body and "R311-13" in letters[0].body
    page = Client().get(request.get_absolute_url()).content.decode()
    assert "Sans réponse dans le mois" in page and "CADA" in page
    request.refresh_from_db()
    answer(actor_of(person), request, Stage.GRANTED, "Les voici.", revision=request.revision)
    request.refresh_from_db()
    assert request.stage == Stage.GRANTED


def test_a_month_that_runs_is_not_silent(owner):
    request = received(owner, days=27)
    pass_day(TODAY)
    request.refresh_from_db()
    assert request.stage == Stage.OPEN


def test_what_is_not_shown_is_answered_all_the_same(owner, steward, person):
    place = send(owner)["Location"]
    request = DataRequest.objects.get()
    steward.post(QUEUE, {"choix": f"{request.pk}-{request.revision}", "acte": "refuser", "raison": "nomme un agent"})
    page = Client().get(place).content.decode()
    assert "nomme un agent" in page and "répond tout de même" in page
    request.refresh_from_db()
    answer(actor_of(person), request, Stage.GRANTED, "Réponse privée.", revision=request.revision)
    assert "Réponse privée." in Client().get(place).content.decode()
    assert Client().get(request.get_absolute_url()).status_code == 404


def test_the_second_of_two_who_answer_is_told_and_changes_nothing(owner, person, steward):
    request = received(owner)
    opened = request.revision
    answer(actor_of(person), request, Stage.GRANTED, "Les voici.", revision=opened)
    again = DataRequest.objects.get()
    with pytest.raises(DecidedMeanwhile):
        answer(actor_of(person), again, Stage.REFUSED, "Non.", revision=opened, ground="secret")
    sent = {"stage": "refused", "ground": "secret", "text": "Non.", "revision": opened}
    page = steward.post(f"{QUEUE}repondre/{request.pk}/", sent)
    assert page.status_code == 422 and "pendant que vous le lisiez" in page.content.decode()
    with pytest.raises(AnsweredAlready):
        again.refresh_from_db()
        answer(actor_of(person), again, Stage.REFUSED, "Non.", revision=again.revision, ground="secret")
    assert DataRequest.objects.get().answer == "Les voici."


def test_what_grants_nothing_is_refused(owner, person):
    request = received(owner)
    with pytest.raises(NothingGiven):
        answer(actor_of(person), request, Stage.GRANTED, " ", revision=request.revision)
    with pytest.raises(ReasonsMissing):
        answer(actor_of(person), request, Stage.PARTLY, "Une partie.", revision=request.revision)


def test_strangers_and_contributors_answer_nothing(owner):
    request = received(owner)
    sent = {"stage": "granted", "text": "Voici.", "revision": request.revision}
    address = f"{QUEUE}repondre/{request.pk}/"
    stranger = signed_in(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert stranger.get(address).status_code == 404 and stranger.post(address, sent).status_code == 404
    assert signed_in(make_member(owner, Role.CONTRIBUTOR)).post(address, sent).status_code == 403
    assert DataRequest.objects.get().stage == Stage.OPEN


def test_a_support_counts_once_and_who_they_were_goes_with_the_answer(owner, person):
    request = received(owner)
    for _twice in range(2):
        answer_page = Client().post(f"{request.get_absolute_url()}soutenir/")
        assert answer_page.status_code == 302
    Client().post(f"{request.get_absolute_url()}soutenir/", REMOTE_ADDR="192.0.2.9")
    request.refresh_from_db()
    assert request.votes == 2
    assert all("192.0.2" not in vote.mark for vote in Vote.objects.all())
    answer(actor_of(person), request, Stage.GRANTED, "Voici.", revision=request.revision)
    assert not Vote.objects.exists()
    Client().post(f"{request.get_absolute_url()}soutenir/", REMOTE_ADDR="192.0.2.10")
    request.refresh_from_db()
    assert request.votes == 2


def test_marks_of_supports_go_after_some_weeks(owner):
    request = received(owner)
    Client().post(f"{request.get_absolute_url()}soutenir/")
    Vote.objects.update(at=timezone.now() - timedelta(days=91))
    pass_day(TODAY)
    request.refresh_from_db()
    assert not Vote.objects.exists() and request.votes == 1


def test_another_licence_is_asked_for_from_the_page_of_a_dataset(dataset, owner, steward):
    dataset.licence = "other"
    dataset.save()
    card = Client().get(f"/explore/dataset/{dataset.dataset_id}/information/").content.decode()
    assert "Demander une licence ouverte" in card
    query = f"?jeu={dataset.dataset_id}&objet=licence"
    assert "D323-2-1" in Client().get(f"{FORM}{query}").content.decode()
    send(owner, query=query)
    request = DataRequest.objects.get()
    assert (request.kind, request.about) == ("licence", dataset.dataset_id)


def test_owners_are_told_at_once_and_reminded_once_a_day(owner, person):
    send(owner)
    send(owner, title="Une autre")
    post_due()
    letters = [letter for letter in mail.outbox if letter.to == [person.email]]
    assert len(letters) == 1 and "La fréquentation des bus" in letters[0].body and "Une autre" in letters[0].body


def test_erasing_leaves_no_word_in_any_table(owner, person, steward):
    words = {
        "title": "Motrare titre",
        "text": "Motrare texte",
        "signature": "Motrare nom",
        "email": "motrare@example.org",
    }
    request = received(owner, **words)
    confirm(Subscription.objects.get().key)
    answer(actor_of(person), request, Stage.GRANTED, "Cher Motrare, voici.", revision=request.revision)
    Client().post(Receipt.objects.get().get_absolute_url(), {"acte": "tout"})
    assert not DataRequest.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "motrare" not in repr(cursor.fetchall()).lower(), table


def test_a_letter_goes_by_mail_to_the_organisation_and_is_answered_directly(owner, steward):
    owner.email = "contact@commune.example"
    owner.save()
    place = f"/organisations/{owner.slug}/contact/"
    assert place in Client().get(owner.get_absolute_url()).content.decode()
    sent = {
        "subject": "Une erreur",
        "text": "Bonjour Madame Fontaine.",
        "email": "camille@example.org",
        "preuve": "faite",
    }
    assert Client().post(place, sent).status_code == 302
    post_due()
    letter = next(letter for letter in mail.outbox if letter.to == ["contact@commune.example"])
    assert letter.reply_to == ["camille@example.org"] and "Bonjour Madame Fontaine." in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "Une erreur" in steward.get(f"{QUEUE}messages/").content.decode()
    assert "Madame Fontaine" in steward.get(f"{QUEUE}messages/{Letter.objects.get().pk}/").content.decode()
    stranger = signed_in(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert stranger.get(f"{QUEUE}messages/{Letter.objects.get().pk}/").status_code == 404
    assert "Une erreur" not in stranger.get(f"{QUEUE}messages/").content.decode()


def test_without_an_address_a_letter_goes_to_those_who_answer(owner, person):
    Client().post(f"/organisations/{owner.slug}/contact/", {"subject": "Objet", "text": "Bonjour.", "preuve": "faite"})
    post_due()
    assert any(letter.to == [person.email] and letter.subject == "Objet" for letter in mail.outbox)


def test_headers_of_a_letter_are_not_for_its_author_to_write(owner, person):
    sent = {"subject": "Objet\r\nBcc: tous@example.org", "text": "Bonjour.", "preuve": "faite"}
    Client().post(f"/organisations/{owner.slug}/contact/", sent)
    post_due()
    for letter in mail.outbox:
        assert "Bcc" not in letter.message() and "\n" not in letter.subject


def test_letters_go_after_six_months_and_when_who_wrote_asks(owner):
    place = f"/organisations/{owner.slug}/contact/"
    for _twice in range(2):
        Client().post(place, {"subject": "Objet", "text": "Bonjour.", "email": "c@example.org", "preuve": "faite"})
    first, second = Letter.objects.order_by("pk")
    Client().post(Receipt.objects.get(target=str(first.pk)).get_absolute_url(), {"acte": "tout"})
    Letter.objects.filter(pk=second.pk).update(created=timezone.now() - timedelta(days=181))
    pass_day(TODAY)
    assert not Letter.objects.exists() and not Receipt.objects.exists()
    assert not Subscription.objects.exists() and not Recipient.objects.exists()
    assert not Outgoing.objects.exclude(subscription=None).exists()


def test_a_letter_waits_for_the_address_to_be_confirmed_without_javascript(owner, person):
    place = f"/organisations/{owner.slug}/contact/"
    Client().post(place, {"subject": "Objet", "text": "Bonjour.", "email": "c@example.org"})
    post_due()
    assert not any(letter.subject == "Objet" for letter in mail.outbox)
    confirm(Subscription.objects.get().key)
    post_due()
    assert any(letter.subject == "Objet" for letter in mail.outbox)


def test_the_month_begins_when_the_address_is_confirmed(owner, steward):
    send(owner, preuve="", email="c@example.org")
    assert DataRequest.objects.get().received is None
    assert "La fréquentation" not in steward.get("/admin/demandes/").content.decode()
    confirm(Subscription.objects.get().key)
    assert DataRequest.objects.get().received == TODAY


def test_hostile_words_are_words_everywhere(owner, person, steward):
    hostile = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    request = received(owner, title=hostile, text=hostile, signature=hostile[:60])
    answer(actor_of(person), request, Stage.GRANTED, hostile, revision=request.revision)
    for address in ("/demandes/", request.get_absolute_url(), f"{request.get_absolute_url()}integrer/"):
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address
    for address in ("/admin/demandes/", f"{QUEUE}repondre/{request.pk}/"):
        assert "<script>alert" not in steward.get(address).content.decode(), address


def test_the_published_dataset_has_dates_and_no_words_of_who_asked(owner, person):
    request = received(owner, days=5, title="Motrare", text="Motrare", signature="Motrare")
    answer(actor_of(person), request, Stage.GRANTED, "Motrare", revision=request.revision)
    lines = list(rows(TODAY))
    assert len(lines) == 1 and "Motrare" not in repr(lines)
    assert TODAY.isoformat() in lines[0] and 5 in lines[0]


def test_letters_and_requests_are_taken_away_as_tables(owner, steward):
    received(owner)
    Client().post(f"/organisations/{owner.slug}/contact/", {"subject": "Objet", "text": "Bonjour.", "preuve": "faite"})
    for address, words in (("/admin/demandes/", "La fréquentation des bus"), (f"{QUEUE}messages/", "Bonjour.")):
        answer_page = steward.get(f"{address}?export=csv")
        body = b"".join(answer_page.streaming_content) if answer_page.streaming else answer_page.content
        assert words in body.decode(), address


def test_without_a_mail_server_nothing_piles_up(owner, person, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": ""}
    send(owner, email="c@example.org")
    assert DataRequest.objects.get().received == TODAY and not Outgoing.objects.exists()
    answer_page = send(owner, preuve="", email="c@example.org")
    assert answer_page.status_code == 422 and "n’envoie pas de courriels" in answer_page.content.decode()


def test_the_list_costs_the_same_questions_whatever_its_length(owner):
    def count(times: int) -> int:
        for rank in range(times):
            received(owner, title=f"Demande {rank}")
        return queries_of(Client(), "/demandes/")

    assert count(1) == count(7) <= 120


def test_who_asks_for_closed_data_reads_why_it_is(client):
    dataset = make_dataset(access=Access.INTERNAL, dataset_id="aides")
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [], announced=True, closure=["business"])
    page = client.get(reverse("request-ask"), {"jeu": "aides"}).content.decode()
    assert "Secret des affaires" in page and "article L311-6 (1°)" in page
