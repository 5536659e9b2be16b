"""Applications answer with a key what people answer on the page, within the same bounds, and follow it; what is too large is told."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.surveys.answers import judge
from parvis.core.surveys.tests.test_answers import EVERYTHING
from parvis.domains.surveys.api import AnswerRequest, _sending
from parvis.domains.surveys.models import Answer, Photo
from parvis.domains.surveys.rules import BadEntry, State
from parvis.domains.surveys.services import decide
from parvis.domains.surveys.tests.test_surveys import make_survey, picture, send
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.visitors import services as visitors

QUESTIONS = [field.name for field in EVERYTHING.every_field()]

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(town):
    return make_survey(town.organisation, is_moderated=True)


def key_of(person, scope=Scope.PROPOSE):
    return create_key(OPERATOR, person, "relevés", scope=scope)[1]


def post(survey, secret, **body):
    return Client().post(
        f"/api/parvis/v1/collectes/{survey.slug}/reponses",
        {"uuid": str(uuid4()), "answers": {"espece": "Chêne"}, **body},
        content_type="application/json",
        headers={"authorization": f"Apikey {secret}"} if secret else {},
    )


def test_an_application_answers_once_and_follows_what_becomes_of_it(survey, town):
    secret = key_of(town.reader)
    body = {
        "uuid": str(uuid4()),
        "answers": {
            "espece": "Chêne",
            "hauteur": 12.5,
            "etat": "bon",
            "ou": {"latitude": 48.63, "longitude": 2.55},
            "photo": "devant",
            "oiseaux": [{"nom": "Pie"}, {"nom": "Merle", "vue": "nid"}],
            "ancienne": "ronce",
        },
        "photos": {name: base64.b64encode(picture().read()).decode() for name in ("devant", "nid")},
    }
    first, second = (post(survey, secret, **body) for _time in range(2))
    assert (first.status_code, second.status_code) == (200, 200), first.content
    facts = first.json()
    assert facts["receipt"] == second.json()["receipt"]
    assert facts["state"] == "received"
    answer = Answer.objects.get()
    assert answer.values["hauteur"] == 12.5
    assert answer.values["ou"] == {"longitude": 2.55, "latitude": 48.63}
    assert [row["nom"] for row in answer.values["oiseaux"]] == ["Pie", "Merle"]
    assert answer.values["anciennes_questions"] == {"ancienne": "ronce"}
    assert Photo.objects.count() == 2
    assert answer.person == town.reader
    decide(actor_of(town.steward), survey, [answer.pk], State.REFUSED, "En double.")
    followed = Client().get(f"/api/parvis/v1/collectes/{survey.slug}/reponses/{facts['uid']}").json()
    assert (followed["state"], followed["reason"]) == ("refused", "En double.")
    assert Client().get(f"/api/parvis/v1/collectes/{survey.slug}/reponses/{facts['uid']}x").status_code == 404


def test_what_an_application_needs_to_ask_is_read_with_the_form(survey):
    survey.consents.create(number=1, text="D’accord ?")
    type(survey).objects.filter(pk=survey.pk).update(consent="D’accord ?")
    facts = Client().get(f"/api/parvis/v1/collectes/{survey.slug}").json()
    assert facts["form"] == survey.form.as_json()
    assert facts["consent"] == {"number": 1, "text": "D’accord ?"}


@pytest.mark.parametrize(
    "body, status, words",
    [
        ({"answers": {"hauteur": 99}}, 422, "espece : Une réponse est nécessaire. hauteur : "),
        ({"answers": {"espece": "a", "photo": "absente"}}, 400, "forme attendue"),
        ({"answers": {"espece": "a", "photo": "a"}, "photos": {"a": "é"}}, 400, "forme attendue"),
        ({"answers": {"espece": "a", "photo": "a"}, "photos": {"a": "PHN2Zz4="}}, 422, "image"),
        ({"answers": {"espece": ["a" * 300]}}, 422, "255"),
        ({"uuid": "deux"}, 400, "forme attendue"),
        ({"answers": {"espece": "a", "oiseaux": [{"nom": "b"}] * 60}}, 422, "50"),
        ({"answers": {"espece": {"a": [1]}}}, 422, "espece"),
    ],
)
def test_what_will_not_do_is_told_by_the_name_of_the_question(survey, town, body, status, words):
    answer = post(survey, key_of(town.reader), **body)
    assert answer.status_code == status, answer.content
    assert words in answer.json()["message"] + answer.json().get("hint", "")
    assert not Answer.objects.exists()


_JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["oui", "bon"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*QUESTIONS, "type", "coordinates", "latitude", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(QUESTIONS), _JSON, max_size=len(QUESTIONS)))
def test_whatever_an_application_sends_is_judged_or_refused(answers):
    with suppress(BadEntry):
        sending = _sending(EVERYTHING, AnswerRequest(uuid=str(uuid4()), answers=answers, photos={"x": "QQ=="}))
        assert json.dumps(judge(EVERYTHING, sending.answers).values, allow_nan=False)
        assert len(sending.key) == 64


def test_a_key_for_reading_no_key_and_a_form_for_others_answer_nothing(survey, town):
    assert post(survey, key_of(town.reader, Scope.READ)).status_code == 403
    assert post(survey, "").status_code == 403
    for audience in ("members", "invited"):
        type(survey).objects.update(audience=audience)
        assert post(survey, key_of(town.other)).status_code == 403
    assert not Answer.objects.exists()


def test_an_account_has_its_bound_by_key_as_on_the_page(survey, town, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_PER_PERSON", 2)
    secret = key_of(town.reader)
    assert [post(survey, secret).status_code for _time in range(2)] == [200, 200]
    refused = send(survey, town.reader, {"entree": str(uuid4()), "q-espece": "Orme"})
    assert refused.json()["error_code"] == "visitor-limit"
    assert post(survey, secret).json()["error_code"] == "visitor-limit"


def test_more_than_a_request_may_hold_is_told_to_scripts_and_on_a_page(survey, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    fields = {f"q-{number}": "a" for number in range(5)}
    address = f"/collectes/{survey.slug}/envoyer/"
    answer = Client(raise_request_exception=False).post(address, fields, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (413, "request-too-much")
    page = Client(raise_request_exception=False).post(address, fields)
    assert page.status_code == 413
    assert "trop grand" in page.content.decode()


def test_a_form_that_no_page_gave_is_refused_in_words(survey):
    client = Client(enforce_csrf_checks=True)
    address = f"/collectes/{survey.slug}/envoyer/"
    page = client.post(address, {"q-espece": "Chêne"})
    assert (page.status_code, "acceptez les cookies" in page.content.decode()) == (403, True)
    answer = client.post(address, {"q-espece": "Chêne"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (403, "request-forged")


def test_who_sent_an_answer_follows_it_and_erases_it_in_two_presses(
    survey, town, home, django_capture_on_commit_callbacks
):
    facts = send(survey, town.reader, {"entree": str(uuid4()), "q-espece": "Chêne", "q-photo": picture()}).json()
    answer, address, client = Answer.objects.get(), facts["address"], Client()
    assert "relue avant" in client.get(address).content.decode()
    decide(actor_of(town.steward), survey, [answer.pk], State.REFUSED, "En double.")
    assert "En double." in client.get(address).content.decode()
    assert "effacées pour toujours" in client.post(address, {"acte": "effacer"}).content.decode()
    assert "effacées pour toujours" not in client.post(address, {"acte": "garder"}).content.decode()
    path = answer.photos.get().file.path
    with django_capture_on_commit_callbacks(execute=True):
        assert "est effacée" in client.post(address, {"acte": "effacer-vraiment"}).content.decode()
    assert (Answer.objects.count(), Path(path).exists(), client.get(address).status_code) == (0, False, 404)
    assert client.post(address, {"acte": "effacer-vraiment"}).status_code == 404
    assert Client(enforce_csrf_checks=True).post(address, {"acte": "effacer-vraiment"}).status_code == 403
