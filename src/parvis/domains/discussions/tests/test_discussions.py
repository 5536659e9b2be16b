"""Discussions of a dataset: written without an account, answered, moderated by two at once, erased without a trace."""

from __future__ import annotations

import re
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from parvis.domains.discussions.models import DatasetDiscussions, Message
from parvis.domains.discussions.models import Thread as Discussion
from parvis.domains.discussions.rules import MOST_MESSAGES, DiscussionFull, DiscussionsClosed, State
from parvis.domains.discussions.services import close_dataset, decide, erase, open_thread, receive, write_message
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.charts.factories import make_stands
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import confirm, subscribe
from parvis.hub.search.everything import search_everything
from parvis.hub.search.models import Change
from parvis.hub.search.writing import write_changes
from parvis.hub.ui.tests.queries import queries_of
from parvis.hub.visitors.models import Receipt
from parvis.hub.visitors.receipt_rules import DecidedMeanwhile
from parvis.hub.visitors.receipts import erase_unconfirmed
from parvis.hub.visitors.rules import MOST_PER_CALLER

pytestmark = pytest.mark.django_db
QUESTION = {"title": "La hauteur est-elle mesurée ?", "text": "Bonjour, en mètres ?", "preuve": "faite"}
NAMING = "Madame Claire Fontaine, 06 12 34 56 78, claire.fontaine@example.org, a vu l’arbre tomber."


@pytest.fixture(autouse=True)
def _browser_worked(monkeypatch, settings):
    """The work of a browser is tested beside it: here « faite » stands for it."""
    monkeypatch.setattr("parvis.hub.visitors.forms.is_proof", lambda text: text == "faite")
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}


@pytest.fixture
def dataset(home):
    return make_stands()


@pytest.fixture
def steward(dataset):
    return make_member(dataset.organisation, Role.STEWARD)


def place(dataset) -> str:
    return f"/explore/dataset/{dataset.dataset_id}/discussions/"


def asked_by(dataset, **fields):
    return Client().post(place(dataset), {**QUESTION, **fields})


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_question_is_read_at_once_and_answered_by_the_organisation_which_is_marked(dataset, steward):
    answer = asked_by(dataset, signature="Une voisine")
    assert answer.status_code == 302 and "/compte/envois/" in answer["Location"]
    page = Client().get(place(dataset)).content.decode()
    assert "La hauteur est-elle mesurée" in page
    discussion = Discussion.objects.get()
    assert signed_in(steward).post(discussion.get_absolute_url(), {"text": "Oui, en mètres."}).status_code == 302
    page = Client().get(discussion.get_absolute_url()).content.decode()
    assert "réponse de l’organisation" in page and "Oui, en mètres." in page and "Une voisine" in page
    assert "l’organisation a répondu" in Client().get(place(dataset)).content.decode()
    assert Entry.objects.filter(action="discussion.answer", person=steward).exists()


def test_what_names_somebody_waits_and_is_masked_until_a_moderator_decides(dataset, steward):
    asked_by(dataset, text=NAMING)
    message = Message.objects.get()
    assert message.state == State.WAITING
    assert "hauteur" not in Client().get(place(dataset)).content.decode().split("Poser une question")[0]
    queue = signed_in(steward).get("/admin/discussions/").content.decode()
    assert "Claire Fontaine" in queue and "claire.fontaine@example.org" not in queue
    signed_in(steward).post("/admin/discussions/", {"choix": f"{message.pk}-1", "acte": "montrer"})
    page = Client().get(message.thread.get_absolute_url()).content.decode()
    assert "a vu l’arbre tomber" in page and "Fontaine" not in page and "06 12" not in page
    message.refresh_from_db()
    assert message.original == ""


def test_a_moderator_may_show_a_text_whole_but_never_a_mail_address(dataset, steward):
    asked_by(dataset, text=NAMING)
    message = Message.objects.get()
    signed_in(steward).post("/admin/discussions/", {"choix": f"{message.pk}-1", "acte": "entier"})
    page = Client().get(message.thread.get_absolute_url()).content.decode()
    assert "Claire Fontaine" in page and "@example.org" not in page


def test_a_message_is_hidden_with_a_reason_that_is_shown(dataset, steward):
    asked_by(dataset)
    discussion = Discussion.objects.get()
    second = write_message(ANONYMOUS, discussion, "Insulte")
    receive(second)
    client = signed_in(steward)
    refused = client.post("/admin/discussions/", {"choix": f"{second.pk}-1", "acte": "masquer"})
    assert refused.status_code == 422 and "Dites pourquoi" in refused.content.decode()
    client.post("/admin/discussions/", {"choix": f"{second.pk}-1", "acte": "masquer", "raison": "propos injurieux"})
    page = Client().get(discussion.get_absolute_url()).content.decode()
    assert "propos injurieux" in page and "Insulte" not in page


def test_the_second_of_two_moderators_is_told_and_changes_nothing(dataset, steward):
    asked_by(dataset, text=NAMING)
    message = Message.objects.select_related("thread__dataset__organisation").get()
    decide(actor_of(steward), message, State.HIDDEN, revision=1, reason="nomme une personne")
    with pytest.raises(DecidedMeanwhile):
        decide(actor_of(steward), message, State.SHOWN, revision=1)
    answer = signed_in(steward).post(
        "/admin/discussions/", {"choix": f"{message.pk}-1", "acte": "montrer"}, follow=True
    )
    assert "pendant que vous le lisiez" in answer.content.decode()
    assert Message.objects.get().state == State.HIDDEN


def test_a_moderator_erases_what_should_not_be_kept(dataset, steward):
    asked_by(dataset, text="À effacer")
    message = Message.objects.get()
    address = f"/admin/discussions/messages/{message.pk}/"
    signed_in(steward).post(address, {"choix": f"{message.pk}-9", "acte": "effacer"})
    assert Message.objects.exists()
    signed_in(steward).post(address, {"choix": f"{message.pk}-1", "acte": "effacer"})
    assert not Message.objects.exists() and not Receipt.objects.exists()
    assert Entry.objects.filter(action="discussion.erase").exists()


def test_strangers_decide_nothing_and_see_no_queue_of_others(dataset):
    asked_by(dataset, text=NAMING)
    message = Message.objects.get()
    stranger = signed_in(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert "Claire" not in stranger.get("/admin/discussions/").content.decode()
    assert stranger.post("/admin/discussions/", {"choix": f"{message.pk}-1", "acte": "montrer"}).status_code == 403
    assert stranger.post("/admin/discussions/jeux/", {"jeu": dataset.dataset_id, "acte": "fermer"}).status_code == 403
    assert Message.objects.get().state == State.WAITING


def test_closed_discussions_are_read_and_take_nothing_more(dataset, steward):
    asked_by(dataset)
    signed_in(steward).post("/admin/discussions/jeux/", {"jeu": dataset.dataset_id, "acte": "fermer"})
    assert DatasetDiscussions.objects.get().closed
    page = Client().get(place(dataset)).content.decode()
    assert "sont fermées" in page and "La hauteur" in page
    assert asked_by(dataset, title="Encore").status_code == 422
    with pytest.raises(DiscussionsClosed):
        write_message(ANONYMOUS, Discussion.objects.get(), "Encore")


def test_one_discussion_is_closed_and_opened_again_by_the_organisation_alone(dataset, steward):
    asked_by(dataset)
    discussion = Discussion.objects.get()
    assert Client().post(discussion.get_absolute_url(), {"acte": "clore"}).status_code == 403
    signed_in(steward).post(discussion.get_absolute_url(), {"acte": "clore"})
    assert "Discussion close" in Client().get(discussion.get_absolute_url()).content.decode()
    signed_in(steward).post(discussion.get_absolute_url(), {"acte": "rouvrir"})
    assert "Participer" in Client().get(discussion.get_absolute_url()).content.decode()


def test_who_wrote_finds_the_state_at_a_secret_address_and_erases_everything(dataset, steward):
    asked_by(dataset, signature="Camille", email="camille@example.org")
    receipt = Receipt.objects.get()
    confirm(Subscription.objects.get().key)
    page = Client().get(receipt.get_absolute_url())
    assert "en ligne" in page.content.decode() and page["X-Robots-Tag"] == "noindex"
    Client().post(receipt.get_absolute_url(), {"acte": "signature"})
    assert Message.objects.get().signature == ""
    assert "Tout est effacé" in Client().post(receipt.get_absolute_url(), {"acte": "tout"}).content.decode()
    rows = (Message, Discussion, Receipt, Subscription, Recipient)
    assert [model.objects.count() for model in rows] == [0] * 5
    assert not Outgoing.objects.exclude(subscription=None).exists()
    assert Client().get(receipt.get_absolute_url()).status_code == 404


def test_an_erased_question_leaves_the_answer_without_its_title(dataset, steward):
    asked_by(dataset, title="Question de Camille")
    discussion = Discussion.objects.get()
    signed_in(steward).post(discussion.get_absolute_url(), {"text": "Voici la réponse."})
    Client().post(Receipt.objects.get().get_absolute_url(), {"acte": "tout"})
    page = Client().get(discussion.get_absolute_url()).content.decode()
    assert "Voici la réponse." in page and "Camille" not in page and "Discussion sans titre" in page


def test_erasing_leaves_no_word_in_any_table(dataset, steward):
    asked_by(dataset, title="Motrare un", text="Motrare deux " + NAMING, signature="Motrare trois")
    message = Message.objects.get()
    signed_in(steward).post("/admin/discussions/", {"choix": f"{message.pk}-1", "acte": "entier"})
    Client().post(Receipt.objects.get().get_absolute_url(), {"acte": "tout"})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "Motrare" not in repr(cursor.fetchall()), table


def test_without_javascript_nothing_is_read_before_the_address_is_confirmed(dataset):
    answer = asked_by(dataset, preuve="", email="camille@example.org")
    assert answer.status_code == 302
    assert Message.objects.get().state == State.UNCONFIRMED
    assert "La hauteur" not in Client().get(place(dataset)).content.decode()
    assert "confirmez" in Client().get(answer["Location"]).content.decode()
    post_due()
    link = re.search(r"http\S+/confirmer/", mail.outbox[-1].body).group(0)
    Client().post("/" + link.split("/", 3)[3])
    assert Message.objects.get().state == State.SHOWN


def test_what_nobody_confirms_is_erased(dataset):
    asked_by(dataset, preuve="", email="camille@example.org")
    assert erase_unconfirmed() == 0
    Receipt.objects.update(created="2026-01-01T00:00:00Z")
    assert erase_unconfirmed() == 1
    assert not Message.objects.exists() and not Discussion.objects.exists()


def test_the_same_form_sent_twice_is_one(dataset):
    first, second = (asked_by(dataset, jeton="abc") for _ in range(2))
    assert first["Location"].split("?")[0] == second["Location"].split("?")[0]
    assert Message.objects.count() == 1


def test_a_flood_is_bounded_and_nothing_typed_is_lost(dataset):
    for rank in range(MOST_PER_CALLER):
        assert asked_by(dataset, title=f"Question {rank}").status_code == 302
    answer = asked_by(dataset, text="Ce que j’avais tapé")
    assert answer.status_code == 422
    assert "Trop de messages" in answer.content.decode() and "Ce que j’avais tapé" in answer.content.decode()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ settings.SECRET_KEY }}{% load x %}",
        "javascript:alert(1)",
        "\u202eretourné\u0000 zéro",
        "=cmd|' /C calc'!A0",
        "mot " * 2_000,
    ],
)
def test_hostile_words_are_shown_as_words(dataset, hostile):
    asked_by(dataset, title=hostile[:150], text=hostile, signature=hostile[:60])
    page = Client().get(place(dataset)).content.decode()
    discussion = Discussion.objects.first()
    if discussion is not None:
        page += Client().get(discussion.get_absolute_url()).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "\u202e" not in page


@pytest.mark.parametrize("text", ["", " \u200b\u202e ", "\n\n"])
def test_a_message_without_a_word_is_refused(dataset, text):
    assert asked_by(dataset, text=text).status_code == 422
    assert not Discussion.objects.exists()


@pytest.mark.parametrize("signature", ["a@example.org", "www.exemple.fr", "06 12 34 56 78", "https://x.example"])
def test_a_signature_that_reaches_somebody_is_refused(dataset, signature):
    answer = asked_by(dataset, signature=signature)
    assert answer.status_code == 422 and "La signature est montrée" in answer.content.decode()


def test_a_reported_message_stays_and_waits_for_a_moderator(dataset, steward):
    asked_by(dataset)
    message = Message.objects.get()
    Client().post(f"{message.thread.get_absolute_url()}signaler/{message.pk}/")
    assert "Signalé 1 fois" in signed_in(steward).get("/admin/discussions/").content.decode()
    assert "La hauteur" in Client().get(place(dataset)).content.decode()


def test_followers_and_who_asked_are_told_of_answers_by_mail(dataset, steward):
    follower = subscribe("somebody", "abonnee@example.org", "dataset", str(dataset.pk))
    confirm(follower.key)
    asked_by(dataset, email="camille@example.org")
    confirm(Subscription.objects.get(kind="discussion").key)
    post_due()
    mail.outbox.clear()
    signed_in(steward).post(Discussion.objects.get().get_absolute_url(), {"text": "En mètres."})
    post_due()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert "En mètres." in letters["abonnee@example.org"].body
    assert "répondu par l’organisation" in letters["camille@example.org"].body
    assert "/compte/envois/" in letters["camille@example.org"].body


def test_owners_are_told_once_a_day_however_many_messages(dataset, steward):
    for rank in range(3):
        asked_by(dataset, title=f"Question {rank}")
    post_due()
    letters = [letter for letter in mail.outbox if letter.to == [steward.email]]
    assert len(letters) == 1
    assert "3 discussions sur vos jeux" in letters[0].body


def test_the_feed_of_a_dataset_tells_its_messages_and_its_versions(dataset):
    asked_by(dataset)
    feed = Client().get(f"/explore/dataset/{dataset.dataset_id}/suivre/flux.atom").content.decode()
    assert "Bonjour, en mètres" in feed and "Nouvelle version" in feed


def test_a_full_discussion_takes_nothing_more(dataset, monkeypatch):
    monkeypatch.setattr("parvis.domains.discussions.services.MOST_MESSAGES", 1)
    message = open_thread(ANONYMOUS, dataset, "Sujet", "Texte")
    with pytest.raises(DiscussionFull):
        write_message(ANONYMOUS, message.thread, "Encore")
    assert MOST_MESSAGES > 100


def test_the_list_costs_the_same_questions_whatever_its_length(dataset):
    def count(times: int) -> int:
        for rank in range(times):
            receive(open_thread(ANONYMOUS, dataset, f"Sujet {rank}", "Texte"))
        return queries_of(Client(), place(dataset))

    assert count(1) == count(12) <= 100


def test_messages_are_taken_away_as_a_table(dataset, steward):
    asked_by(dataset)
    answer = signed_in(steward).get("/admin/discussions/messages/?export=csv")
    body = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "Bonjour, en mètres" in body


def test_discussions_of_data_that_is_not_public_are_closed_to_others(dataset):
    receive(open_thread(OPERATOR, dataset, "Secret", "Texte"))
    dataset.access = "internal"
    dataset.save()
    assert Client().get(place(dataset)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_copies_of_a_form_at_once_are_one(home):
    dataset, barrier, places = make_stands(), Barrier(2), []

    def send() -> None:
        barrier.wait()
        places.append(asked_by(dataset, jeton="abc")["Location"].split("?")[0])
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(places)) == 1 and Message.objects.count() == 1


def test_closing_is_for_who_publishes(dataset):
    contributor = make_member(dataset.organisation, Role.CONTRIBUTOR)
    with pytest.raises(Exception, match="fermer les discussions"):
        close_dataset(actor_of(contributor), dataset, closed=True)


def found_by(words, actor=ANONYMOUS):
    write_changes()
    return [
        hit.title for group in search_everything(actor, words) if group.kind.name == "discussion" for hit in group.hits
    ]


def test_a_search_finds_what_anybody_reads_of_discussions_until_it_is_erased(dataset, steward):
    asked_by(dataset, text="Le xylophone est-il public ?")
    message = Message.objects.get()
    assert found_by("xylophone") == ["La hauteur est-elle mesurée ?"]
    decide(actor_of(steward), message, State.HIDDEN, revision=message.revision, reason="Hors sujet.")
    assert Change.objects.filter(kind="discussion", key=message.thread_id).exists(), "the index forgets its words too"
    assert found_by("xylophone") == []
    message.refresh_from_db()
    decide(actor_of(steward), message, State.SHOWN, revision=message.revision)
    assert found_by("xylophone") != []
    dataset.access = "internal"
    dataset.save()
    assert (found_by("xylophone"), len(found_by("xylophone", actor_of(steward)))) == ([], 1)
    erase(Message.objects.get())
    assert found_by("xylophone", OPERATOR) == []


def test_what_waits_is_found_by_nobody(dataset):
    asked_by(dataset, text=f"{NAMING} Un xylophone.")
    assert Message.objects.get().state == State.WAITING
    assert found_by("xylophone") == []
