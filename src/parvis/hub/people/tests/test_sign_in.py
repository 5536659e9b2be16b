"""Signing in: rate limit, password rules, optional second factor, no sign-up."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.selectors import person_by_email
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db
PASSWORD = "le parvis est pavé 91"


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    """Each test starts with no failure counted, and mails stay in memory."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person():
    return make_person("agent@evry.example", PASSWORD, is_superuser=True)


def sign_in(client, password=PASSWORD, login="agent@evry.example", **more):
    return client.post("/compte/login/", {"login": login, "password": password, **more})


def test_signing_in_leads_to_the_back_office(person):
    client = Client()
    page = tight(client.get("/compte/login/").content.decode())
    assert "Se connecter" in page
    response = sign_in(client)
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_wagtails_own_sign_in_leads_to_ours(person):
    client = Client()
    assert client.get("/admin/login/?next=/admin/jeux/")["Location"] == "/compte/login/?next=/admin/jeux/"
    assert client.get("/admin/password_reset/")["Location"] == "/compte/password/reset/"
    refused = client.post("/admin/login/", {"username": "agent@evry.example", "password": PASSWORD})
    assert refused.status_code == 302
    assert client.get("/admin/").status_code == 302


def test_the_eleventh_failure_is_refused_whoever_is_tried(person):
    client = Client()
    answers = [sign_in(client, "faux", login=f"agent{n}@evry.example") for n in range(11)]
    assert all(answer.status_code == 200 for answer in answers[:10])
    assert "incorrect" in answers[0].content.decode()
    last = answers[10]
    assert last.status_code == 429 or "Trop de tentatives" in last.content.decode()
    right = sign_in(client)
    assert right.status_code != 302, "even the right password waits"


def test_one_account_is_shut_for_a_while_after_five_failures(person):
    for _time in range(5):
        sign_in(Client(), "faux")
    assert sign_in(Client()).status_code != 302


def test_the_message_does_not_tell_whether_the_account_exists(person):
    existing = tight(sign_in(Client(), "faux").content.decode())
    unknown = tight(sign_in(Client(), "faux", login="nul@evry.example").content.decode())
    error = re.compile(r'class="message error".*?</div>', re.S)
    assert error.search(existing)[0] == error.search(unknown)[0]


def test_nobody_signs_up_alone():
    page = Client().get("/compte/signup/")
    assert "Pas d’inscription ici" in page.content.decode()
    Client().post("/compte/signup/", {"email": "moi@exemple.fr", "password1": PASSWORD})
    assert person_by_email("moi@exemple.fr") is None


def test_a_closed_account_does_not_enter(person):
    person.is_active = False
    person.save()
    assert Client().get("/admin/").status_code == 302
    client = Client()
    sign_in(client)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("court 91", "au minimum 12"),
        ("1q2w3e4r5t6y", "trop courant"),
        ("918273645546372819", "numérique"),
        ("agent@evry.example", "semblable"),
    ],
)
def test_a_weak_password_is_refused_in_french(person, password, reason):
    client = Client()
    sign_in(client)
    response = client.post(
        "/compte/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    page = tight(response.content.decode())
    assert response.status_code == 200
    assert 'class="error"' in page
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert reason in page


def test_a_forgotten_password_is_set_again_by_mail(person):
    client = Client()
    response = client.post("/compte/password/reset/", {"email": "agent@evry.example"})
    assert "Regardez vos messages" in client.get(response["Location"]).content.decode()
    link = re.search(r"http://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(client.get(link)["Location"])
    new = "une autre phrase 4567"
    client.post(form.wsgi_request.path, {"password1": new, "password2": new})
    assert sign_in(Client(), new)["Location"] == "/admin/"


def test_an_unknown_address_gets_the_same_page(person):
    response = Client().post("/compte/password/reset/", {"email": "inconnu@exemple.fr"})
    assert response["Location"] == "/compte/password/reset/done/"


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_second_factor_is_set_up_then_asked(person):
    client = Client()
    sign_in(client)
    location = client.get("/compte/2fa/totp/activate/")["Location"]
    assert location.startswith("/compte/reauthenticate/")
    assert "Confirmez que c’est vous" in client.get(location).content.decode()
    page = client.post(
        location, {"password": PASSWORD, "next": "/compte/2fa/totp/activate/"}, follow=True
    ).content.decode()
    secret = re.search(r"<code class=\"bo-breakable\">(\w+)</code>", page)[1]
    assert "data:image/svg+xml" in page
    response = client.post("/compte/2fa/totp/activate/", {"code": current_code(secret)})
    assert response.status_code == 302
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    codes = tight(client.get("/compte/2fa/recovery-codes/", follow=True).content.decode())
    recovery = re.findall(r"<li><code>(\w+)</code></li>", codes)
    assert len(recovery) == 10
    for url in ("/compte/2fa/", "/compte/2fa/totp/deactivate/", "/compte/2fa/recovery-codes/generate/"):
        assert client.get(url).status_code == 200

    later = Client()
    assert sign_in(later)["Location"].startswith("/compte/2fa/authenticate/")
    assert later.get("/admin/").status_code == 302
    assert "Code d’authentification" in later.get("/compte/2fa/authenticate/").content.decode()
    assert later.post("/compte/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert later.post("/compte/2fa/authenticate/", {"code": recovery[0]})["Location"] == "/admin/"
    again = Client()
    sign_in(again)
    assert again.post("/compte/2fa/authenticate/", {"code": recovery[0]}).status_code == 200


@pytest.mark.parametrize(
    "url", ["/compte/logout/", "/compte/password/change/", "/compte/reauthenticate/", "/compte/2fa/"]
)
def test_the_account_pages_open_in_french(person, url):
    client = Client()
    sign_in(client)
    page = client.get(url, follow=True)
    assert page.status_code == 200
    assert 'lang="fr"' in page.content.decode()


def test_leaving_asks_first_then_leaves(person):
    client = Client()
    sign_in(client)
    client.get("/compte/logout/")
    assert client.get("/admin/").status_code == 200
    client.post("/compte/logout/")
    assert client.get("/admin/").status_code == 302
