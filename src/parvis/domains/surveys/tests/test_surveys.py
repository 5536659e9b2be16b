"""Collection forms: answered once however often they are sent, by whom they are for, moderated, and made a dataset."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from parvis.core.surveys.model import Choice, Field, Form, Kind, Section
from parvis.domains.surveys.entries import _SIGNER
from parvis.domains.surveys.guests import guest_of, invite, link_of, token_of
from parvis.domains.surveys.kinds import ANSWER_NOTICE
from parvis.domains.surveys.models import Answer, Consent, Photo, Survey
from parvis.domains.surveys.outputs import write_answers
from parvis.domains.surveys.rules import QuestionsMissing, ReasonNeeded, State
from parvis.domains.surveys.services import decide, erase, forget_old, publish_survey
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.rules import notice_kinds
from parvis.hub.records.services import create, move, update, withdraw
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.queries import queries_of

FORM = Form(
    (
        Section(
            fields=(
                Field("espece", "Quelle espèce ?", required=True),
                Field("hauteur", "Hauteur (m)", Kind.DECIMAL, minimum="0", maximum="60"),
                Field("etat", "État", Kind.ONE, choices=(Choice("bon", "Bon"), Choice("malade", "Malade"))),
                Field("signes", "Quels signes ?", Kind.LONG_TEXT, condition="${etat} = 'malade'", required=True),
                Field("ou", "Où ?", Kind.POINT),
                Field("photo", "Photo", Kind.PHOTO),
                Field(
                    "oiseaux", "Oiseaux vus", Kind.REPEAT, fields=(Field("nom", "Nom"), Field("vue", "Vue", Kind.PHOTO))
                ),
            )
        ),
    )
)


def make_survey(organisation, *, live=True, **facts):
    facts = {"title": "Arbres de nos rues", "questions": FORM.as_json(), "is_moderated": False, **facts}
    survey = create(OPERATOR, Survey(organisation=organisation, **facts))
    return publish_survey(OPERATOR, survey) if live else survey


@pytest.fixture
def survey(town):
    return make_survey(town.organisation)


def entry(**facts):
    return {"entree": str(uuid4()), "q-espece": "Chêne", **facts}


def send(survey, person, fields, *, as_json=True):
    headers = {"accept": "application/json"} if as_json else {}
    return client_of(person).post(f"/collectes/{survey.slug}/envoyer/", fields, headers=headers)


def picture(size=(80, 60)):
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "chez Zoé"
    Image.new("RGB", size, "green").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("chez Zoé.jpg", buffer.getvalue(), content_type="image/jpeg")


def test_the_page_is_the_form_and_says_each_question(survey):
    page = Client().get(survey.get_absolute_url()).content.decode()
    for words in ("Quelle espèce ?", "Hauteur (m)", "Envoyer ma réponse", 'name="q-oiseaux-0-nom"', "Me localiser"):
        assert words in page
    assert "Arbres de nos rues" in Client().get("/collectes/").content.decode()


def test_an_answer_is_received_once_however_many_times_it_is_sent(survey, town):
    fields = entry(**{"q-hauteur": "12,5", "q-etat": "malade", "q-signes": "Taches", "q-oiseaux-1-nom": "Pie"})
    first, second = (send(survey, town.reader, fields) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() | {"address": first.json()["address"]}
    answer = Answer.objects.get()
    assert answer.values == {
        "espece": "Chêne",
        "hauteur": 12.5,
        "etat": "malade",
        "signes": "Taches",
        "oiseaux": [{"nom": "Pie"}],
    }
    assert (answer.state, answer.receipt) == (State.ACCEPTED, first.json()["receipt"])


def test_who_goes_back_and_changes_a_word_sends_another_answer(survey, town):
    fields = entry()
    send(survey, town.reader, fields)
    send(survey, town.reader, {**fields, "q-espece": "Hêtre"})
    assert sorted(answer.values["espece"] for answer in Answer.objects.all()) == ["Chêne", "Hêtre"]


def test_without_scripts_the_form_comes_back_as_it_was_filled_then_a_page_gives_the_number(survey, town):
    fields = entry(
        **{
            "q-espece": "",
            "q-hauteur": "haut",
            "q-oiseaux-0-nom": "Pie",
            "q-ou-latitude": "48,6",
            "q-ou-longitude": "2,5",
        }
    )
    response = send(survey, town.reader, fields, as_json=False)
    page = response.content.decode()
    assert response.status_code == 422
    for words in ('value="haut"', 'value="Pie"', 'value="48,6"', "Écrivez un nombre", "Une réponse est nécessaire"):
        assert words in page
    assert not Answer.objects.exists()
    good = send(survey, town.reader, {**fields, "q-espece": "Orme", "q-hauteur": "3"}, as_json=False)
    page = client_of(town.reader).get(good["Location"]).content.decode()
    assert Answer.objects.get().receipt in page


def test_without_scripts_a_button_gives_more_of_a_group_and_keeps_what_was_typed(survey, town):
    fields = entry(**{f"q-oiseaux-{rank}-nom": f"Oiseau {rank}" for rank in range(3)}, ajouter="1")
    response = send(survey, town.reader, fields, as_json=False)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="Oiseau 2"' in page
    assert 'name="q-oiseaux-5-nom"' in page
    assert not Answer.objects.exists()


def test_scripts_are_told_which_answer_is_wrong(survey, town):
    response = send(survey, town.reader, entry(**{"q-hauteur": "99"}))
    assert response.status_code == 422
    assert [fault["name"] for fault in response.json()["faults"]] == ["q-hauteur"]


def test_photos_are_written_again_and_shown_to_who_may_see_them(survey, town, home):
    fields = entry(**{"q-photo": picture(), "q-oiseaux-0-vue": picture((40, 30)), "q-oiseaux-0-nom": "Pie"})
    assert send(survey, town.reader, fields).status_code == 201
    answer = Answer.objects.get()
    keys = {answer.values["photo"], answer.values["oiseaux"][0]["vue"]}
    assert {photo.key for photo in Photo.objects.all()} == keys
    body = Photo.objects.get(key=answer.values["photo"]).file.read()
    assert b"chez" not in body
    assert Image.open(BytesIO(body)).size == (80, 60)
    address = f"/collectes/{survey.slug}/photos/{answer.values['photo']}/"
    assert Client().get(address).status_code == 404
    assert client_of(town.contributor).get(address).status_code == 200
    assert client_of(town.other).get(address).status_code == 404


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_kept(survey, town):
    upload = SimpleUploadedFile("arbre.jpg", b"<svg onload=alert(1)>" * 50, content_type="image/jpeg")
    response = send(survey, town.reader, entry(**{"q-photo": upload}))
    assert 400 <= response.status_code < 500
    assert (Answer.objects.count(), Photo.objects.count()) == (0, 0)


@pytest.mark.parametrize("uuid", ["", "x", "../../etc"])
def test_an_entry_without_a_name_of_its_own_is_refused(survey, town, uuid):
    assert send(survey, town.reader, entry(entree=uuid)).json()["error_code"] == "survey-entry"


def test_somebody_unknown_without_scripts_confirms_by_mail(survey, settings):
    assert send(survey, None, entry()).json()["error_code"] == "survey-visitor"
    assert (
        send(survey, None, entry(email="zoe@exemple.fr")).json()["error_code"] == "visitor-proof"
    )  # no mail leaves here
    assert not Answer.objects.exists()
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    assert send(survey, None, entry(email="zoe@exemple.fr")).status_code == 201
    answer, subscription = Answer.objects.get(), Subscription.objects.get()
    assert answer.state == State.UNCONFIRMED
    assert decide(OPERATOR, survey, [answer.pk], State.ACCEPTED) == 0
    Client().post(f"/compte/alertes/{subscription.key}/confirmer/")
    answer.refresh_from_db()
    assert answer.state == State.ACCEPTED
    decide(OPERATOR, survey, [answer.pk], State.REFUSED, "hors sujet")
    letter = notice_kinds()[ANSWER_NOTICE].message(Outgoing.objects.get(kind=ANSWER_NOTICE))
    assert letter.facts["reason"] == "hors sujet"
    erase(OPERATOR, survey, [answer.pk])
    assert not Recipient.objects.exists()


def test_a_form_for_members_or_guests_is_answered_by_them_alone(town):
    members = make_survey(town.organisation, audience="members")
    assert send(members, town.other, entry()).status_code == 403
    assert send(members, None, entry()).status_code == 403
    assert send(members, town.reader, entry()).status_code == 201
    guests = make_survey(town.organisation, audience="invited", title="Écoles")
    assert invite(OPERATOR, guests, ["École Jaurès", "École Jaurès", " "]) == 1
    guest = guests.guests.get()
    page = Client().get(link_of(guest))
    assert page.status_code == 200
    assert "École Jaurès" in page.content.decode()
    assert send(guests, town.reader, entry()).status_code == 403
    assert send(guests, None, entry(invitation=token_of(guest))).status_code == 201
    assert Answer.objects.get(survey=guests).guest == guest
    assert guest_of(members, token_of(guest)) is None
    assert guest_of(guests, f"{guest.pk}-faux") is None
    client_of(town.contributor).post(f"/admin/collectes-reponses/{guests.slug}/invitations/", {"retirer": guest.pk})
    assert send(guests, None, entry(invitation=token_of(guest))).status_code == 403
    assert Client().get(link_of(guest)).status_code == 404


def test_dates_and_quota_close_a_form_but_what_was_begun_in_time_is_taken(town):
    now = timezone.now()
    survey = make_survey(town.organisation, closes=now + timedelta(hours=1), quota=2)
    opened = _SIGNER.sign(str(int((now - timedelta(minutes=10)).timestamp())))
    assert send(survey, town.reader, entry()).status_code == 201
    Survey.objects.filter(pk=survey.pk).update(closes=now - timedelta(minutes=1), opens=now - timedelta(days=1))
    assert send(survey, town.reader, entry()).json()["error_code"] == "survey-closed"
    assert send(survey, town.reader, entry(ouverture=opened + "x")).json()["error_code"] == "survey-closed"
    assert send(survey, town.reader, entry(ouverture=opened)).status_code == 201
    assert Answer.objects.order_by("-pk").first().is_late
    assert send(survey, town.reader, entry(ouverture=opened)).json()["error_code"] == "survey-full"
    Survey.objects.filter(pk=survey.pk).update(closes=now - timedelta(days=15), quota=None)
    assert send(survey, town.reader, entry(ouverture=opened)).json()["error_code"] == "survey-closed"


def test_a_page_says_to_the_minute_when_it_opens_and_closes_in_the_time_of_paris(town):
    closes = datetime(2030, 7, 3, 16, 5, tzinfo=UTC)
    survey = make_survey(town.organisation, closes=closes)

    def page():
        return Client().get(survey.get_absolute_url()).content.decode().replace("\u00a0", " ").replace("\u202f", " ")

    assert "Jusqu’au 3 juillet 2030 à 18 h 05" in page()
    Survey.objects.filter(pk=survey.pk).update(opens=datetime(2030, 1, 3, 8, tzinfo=UTC))
    assert "Ouvre le 3 janvier 2030 à 9 h" in page()
    assert "n’est perdu" not in page()


def test_what_waited_while_a_form_was_withdrawn_is_told_and_kept_by_the_browser(survey, town):
    withdraw(OPERATOR, survey)
    answer = send(survey, town.other, entry())
    assert (answer.status_code, answer.json()["error_code"]) == (410, "survey-withdrawn")
    assert send(survey, town.other, entry(), as_json=False).status_code == 404


def test_the_text_agreed_to_is_kept_as_it_was(town):
    survey = make_survey(town.organisation, consent="Je suis d’accord.")
    assert send(survey, town.reader, entry()).json()["error_code"] == "survey-consent"
    send(survey, town.reader, entry(accord="1"))
    send(survey, town.reader, entry(accord="1"))
    update(OPERATOR, survey, {"consent": "Je suis vraiment d’accord."}, revision=survey.revision)
    assert 'name="accord" value="2"' in Client().get(survey.get_absolute_url()).content.decode()
    send(survey, town.reader, entry(accord="2"))
    send(survey, town.reader, entry(accord="1"))  # a page that was opened before, and waited
    assert send(survey, town.reader, entry(accord="3")).json()["error_code"] == "survey-consent"
    assert list(Consent.objects.order_by("number").values_list("number", "text")) == [
        (1, "Je suis d’accord."),
        (2, "Je suis vraiment d’accord."),
    ]
    assert [answer.consent.number for answer in Answer.objects.order_by("pk")] == [1, 1, 2, 1]


def test_an_entry_that_waited_while_the_form_moved_is_received(survey, town):
    former = survey.slug
    move(OPERATOR, survey, "arbres")
    response = client_of(town.reader).post(
        f"/collectes/{former}/envoyer/", entry(), headers={"accept": "application/json"}
    )
    assert response.status_code == 201
    assert Client().get(f"/collectes/{former}/", follow=True).redirect_chain == [("/collectes/arbres/", 301)]


def test_what_was_answered_to_a_question_that_is_gone_is_kept_and_read(survey, town):
    send(survey, town.reader, entry(**{"q-couleur": "Vert", "q-fleurs-0-nom": "Rose"}))
    answer = Answer.objects.get()
    assert answer.values["anciennes_questions"] == {"couleur": "Vert", "fleurs-0-nom": "Rose"}
    page = client_of(town.contributor).get(f"/admin/collectes-reponses/{survey.slug}/{answer.pk}/").content.decode()
    assert "Rose" in page
    assert write_answers(OPERATOR, survey) is not None


def test_an_answer_that_names_somebody_is_read_before_it_is_accepted(survey, town):
    send(survey, town.reader, entry(**{"q-etat": "malade", "q-signes": "Appelez Mme Jeanne Durand au 06 12 34 56 78"}))
    answer = Answer.objects.get()
    assert (answer.state, answer.names_persons) == (State.RECEIVED, True)


def test_who_decides_is_told_once_a_day_that_answers_wait(town, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    survey = make_survey(town.organisation, is_moderated=True)
    make_survey(town.other_organisation, title="D’ailleurs", is_moderated=True)
    for _time in range(3):
        send(survey, town.reader, entry())
    post_due()
    letters = [letter for letter in mail.outbox if letter.to == [town.steward.email]]
    assert [letter.subject for letter in letters] == ["Des réponses à vos formulaires de collecte vous attendent"]
    assert "Arbres de nos rues : 3" in letters[0].body.replace("\u00a0", " ")
    assert "D’ailleurs" not in letters[0].body
    assert not [letter for letter in mail.outbox if town.reader.email in letter.to]


def test_only_who_may_publish_decides_and_a_refusal_has_its_reason(town):
    survey = make_survey(town.organisation, is_moderated=True)
    for _rank in range(3):
        send(survey, town.reader, entry())
    keys = list(Answer.objects.values_list("pk", flat=True))
    address = f"/admin/collectes-reponses/{survey.slug}/"
    assert client_of(town.contributor).post(address, {"reponse": keys, "acte": "accepter"}).status_code == 403
    assert client_of(town.other).get(address).status_code == 404
    with pytest.raises(ReasonNeeded):
        decide(actor_of(town.steward), survey, keys, State.REFUSED)
    client = client_of(town.steward)
    client.post(address, {"reponse": keys[:1], "acte": "refuser", "motif": "hors sujet"})
    client.post(address, {"reponse": keys[1:], "acte": "accepter"})
    assert sorted(Answer.objects.values_list("state", flat=True)) == ["accepted", "accepted", "refused"]
    assert decide(actor_of(town.steward), survey, keys[1:], State.ACCEPTED) == 0
    page = client.get(f"{address}?etat=refused").content.decode()
    assert Answer.objects.get(state="refused").receipt in page
    assert "hors sujet" in client.get(f"{address}{keys[0]}/").content.decode()


def test_what_is_erased_is_gone_with_its_photos_and_its_rows(survey, town, home, django_capture_on_commit_callbacks):
    send(survey, town.reader, entry(**{"q-photo": picture()}))
    photo = Photo.objects.get()
    storage, path = photo.file.storage, photo.file.name
    assert storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        erase(OPERATOR, survey, [Answer.objects.get().pk])
    assert not Answer.objects.exists()
    assert not storage.exists(path)


def test_answers_go_when_their_time_is_over(town):
    survey = make_survey(town.organisation, keeps_months=6)
    send(survey, town.reader, entry())
    send(survey, town.reader, entry())
    Answer.objects.filter(pk=Answer.objects.first().pk).update(received=timezone.now() - timedelta(days=200))
    assert forget_old() == 1
    assert Answer.objects.count() == 1


def test_a_photo_that_a_killed_process_left_goes_and_those_of_answers_stay(survey, town, home, monkeypatch):
    send(survey, town.reader, entry(**{"q-photo": picture()}))
    monkeypatch.setattr("parvis.domains.surveys.services.ORPHANS", timedelta(seconds=-1))
    left = default_storage.save(Photo.objects.get().file.name.replace(".jpg", "-left.jpg"), ContentFile(b"x"))
    forget_old()
    assert not default_storage.exists(left)
    assert default_storage.exists(Photo.objects.get().file.name)


def test_answers_are_taken_away_as_a_spreadsheet_where_nothing_is_a_formula(survey, town):
    send(survey, town.reader, entry(**{"q-espece": "=1+1", "q-oiseaux-0-nom": "Pie", "q-oiseaux-1-nom": "Merle"}))
    response = client_of(town.contributor).get(f"/admin/collectes-reponses/{survey.slug}/telecharger/")
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    main, birds = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert "=1+1" in main[1]
    assert [row[2] for row in birds] == ["Nom", "Pie", "Merle"]
    assert client_of(town.other).get(f"/admin/collectes-reponses/{survey.slug}/telecharger/").status_code == 404


def test_a_list_costs_the_same_whatever_its_length(survey, town):
    client = client_of(town.steward)
    address = f"/admin/collectes-reponses/{survey.slug}/"
    send(survey, town.reader, entry())
    few = queries_of(client, address)
    for _rank in range(8):
        send(survey, town.reader, entry())
    assert queries_of(client, address) == few


def test_a_form_that_makes_no_sense_is_not_put_online(town):
    survey = make_survey(town.organisation, live=False, questions={})
    with pytest.raises(QuestionsMissing):
        publish_survey(OPERATOR, survey)
    assert Client().get(survey.get_absolute_url()).status_code == 404
    assert "n’est pas prêt" in client_of(town.contributor).get(survey.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("survey")
def test_programs_read_what_a_form_is():
    facts = Client().get("/api/parvis/v1/collectes").json()
    assert facts["results"][0]["is_open"] is True


def at_once(number, work):
    """Do it in so many threads at the same moment; what each gives."""
    barrier = Barrier(number)

    def begin(rank):
        barrier.wait()
        try:
            return work(rank)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))


@pytest.mark.django_db(transaction=True)
def test_the_same_entry_sent_by_six_tabs_at_once_makes_one_answer(town, home):
    survey = make_survey(town.organisation)
    fields, content = entry(), picture().read()

    def press(_rank):
        photo = SimpleUploadedFile("arbre.jpg", content, content_type="image/jpeg")
        return send(survey, town.reader, {**fields, "q-photo": photo})

    answers = at_once(6, press)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert (Answer.objects.count(), Photo.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_not_given_twice(town, home):
    survey = make_survey(town.organisation, quota=3)
    answers = at_once(8, lambda _rank: send(survey, town.reader, entry()))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [400] * 5
    assert Answer.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_leave_one_decision_and_both_in_the_journal(town, home):
    survey = make_survey(town.organisation, is_moderated=True)
    send(survey, town.reader, entry())
    keys = [Answer.objects.get().pk]
    states = (State.ACCEPTED, State.REFUSED)
    counts = at_once(2, lambda rank: decide(actor_of(town.steward), survey, keys, states[rank], "hors sujet"))
    assert counts == [1, 1]
    last = Entry.objects.filter(action__in=("survey.accepted", "survey.refused")).order_by("-pk")
    assert last.count() == 2
    assert Answer.objects.get().state == last[0].action.removeprefix("survey.")


def test_the_map_of_a_form_begins_with_the_territory_of_who_asks(town):
    square = [[2.4, 48.6], [2.5, 48.6], [2.5, 48.7], [2.4, 48.7], [2.4, 48.6]]
    contour = {"type": "Polygon", "coordinates": [square]}
    town.organisation.territory = Territory.objects.create(kind="commune", code="91340", name="Lisses", contour=contour)
    town.organisation.save()
    page = Client().get(make_survey(town.organisation).get_absolute_url())
    assert page.status_code == 200 and page.context["settings"]["map"]["box"] == (2.4, 48.6, 2.5, 48.7)
