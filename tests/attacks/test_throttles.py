"""Sign-in throttles: what strangers can fill empties none, and behind a proxy one caller does not close it for others."""

from __future__ import annotations

import ipaddress

import pytest
from django.core.cache import cache
from django.test import Client

from parvis.hub.accounts.factories import make_person
from parvis.hub.ui.derived import derived

pytestmark = pytest.mark.django_db
PASSWORD = "le parvis est pavé 91"
OWNER, STRANGER = "198.51.100.7", "203.0.113.5"


@pytest.fixture(autouse=True)
def person(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make_person("agent@evry.example", PASSWORD, is_superuser=True)


@pytest.fixture
def proxy(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_TRUSTED_PROXIES": (ipaddress.ip_network("127.0.0.1/32"),)}


def sign_in(password: str, login: str = "agent@evry.example", **headers: str):
    return Client().post("/compte/login/", {"login": login, "password": password}, **headers)


def test_pictures_do_not_make_a_closed_account_open_again():
    for _rank in range(5):
        sign_in("faux")
    assert sign_in(PASSWORD).status_code != 302
    for rank in range(700):  # one each for any title that is asked: the counters were among them
        derived.set(f"picture-{rank}", b"<svg/>", 3600)
    assert sign_in(PASSWORD).status_code != 302
    assert cache is not derived


def test_behind_a_proxy_a_stranger_closes_sign_in_for_themselves_only(proxy):
    for rank in range(11):
        sign_in("faux", f"agent{rank}@evry.example", HTTP_X_FORWARDED_FOR=STRANGER)
    assert sign_in(PASSWORD, HTTP_X_FORWARDED_FOR=STRANGER).status_code != 302
    assert sign_in(PASSWORD, HTTP_X_FORWARDED_FOR=OWNER).status_code == 302


def test_a_forged_header_gives_no_fresh_attempts(proxy):
    """The proxy adds the address it sees at the end of what the caller wrote."""
    for rank in range(11):
        forged = f"192.0.2.{rank}, {STRANGER}"
        sign_in("faux", f"agent{rank}@evry.example", HTTP_X_FORWARDED_FOR=forged)
    assert sign_in(PASSWORD, HTTP_X_FORWARDED_FOR=f"192.0.2.99, {STRANGER}").status_code != 302


def test_without_a_trusted_proxy_the_header_is_not_read():
    for rank in range(11):
        sign_in("faux", f"agent{rank}@evry.example", HTTP_X_FORWARDED_FOR=f"192.0.2.{rank}")
    assert sign_in(PASSWORD, HTTP_X_FORWARDED_FOR=OWNER).status_code != 302
