"""Secrets of second factors at rest: rows of an older release, keys that change, keys that are lost."""

from __future__ import annotations

import importlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache

from parvis.hub.accounts.encryption import MARK, decrypt, decrypted, encrypt, encrypted_data
from parvis.hub.accounts.factories import make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.second_factor import encrypt_again
from parvis.hub.accounts.services import add_person

pytestmark = pytest.mark.django_db
SECRET, SEED = "JBSWY3DPEHPK3PXP", "ab" * 20
migration = importlib.import_module("parvis.hub.accounts.migrations.0003_people_and_secrets")


@pytest.fixture
def person():
    cache.clear()
    return make_person("agent@evry.example")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_rows_of_an_older_release_are_encrypted_and_still_work(person):
    totp = Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    codes = Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": SEED, "used_mask": 1})
    passkey = Authenticator.objects.create(user=person, type="webauthn", data={"name": "clé", "credential": {}})
    before = RecoveryCodes(codes).get_unused_codes()
    for _twice in range(2):
        migration.encrypt_factors(apps, None)
    for row in (totp, codes, passkey):
        row.refresh_from_db()
    assert totp.data["secret"].startswith(MARK)
    assert codes.data["seed"].startswith(MARK)
    assert codes.data["used_mask"] == 1
    assert passkey.data == {"name": "clé", "credential": {}}
    assert TOTP(totp).validate_code(code_of(SECRET))
    assert RecoveryCodes(codes).get_unused_codes() == before


def test_codes_brought_from_another_tool_are_encrypted_one_by_one():
    data = encrypted_data({"migrated_codes": ["abc", "def"]}, ("clé",))
    assert all(code.startswith(MARK) for code in data["migrated_codes"])
    assert [decrypt(code, ("clé",)) for code in data["migrated_codes"]] == ["abc", "def"]


def test_a_former_key_is_read_until_everything_is_encrypted_again(person, settings):
    totp = TOTP.activate(person, SECRET).instance
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.PARVIS_FORMER_KEYS = "une autre clé", (former,)
    assert TOTP(totp).validate_code(code_of(SECRET))
    assert encrypt_again() == 1
    settings.PARVIS_FORMER_KEYS = ()
    cache.clear()
    totp.refresh_from_db()
    assert TOTP(totp).validate_code(code_of(SECRET))


def test_a_lost_key_closes_the_account_and_says_so_without_any_secret(person, settings, caplog):
    totp = TOTP.activate(person, SECRET).instance
    settings.SECRET_KEY = "une autre clé"
    assert not TOTP(totp).validate_code(code_of(SECRET))
    assert not TOTP(totp).validate_code(code_of(""))
    assert "cannot be read" in caplog.text
    assert SECRET not in caplog.text
    unread = totp.data["secret"]
    encrypt_again()
    totp.refresh_from_db()
    assert totp.data["secret"] == unread, "what no key reads is left for whoever finds the key again"


def test_the_same_secret_is_never_written_twice_alike():
    assert encrypt(SECRET) != encrypt(SECRET)
    assert decrypt(encrypt(SECRET)) == SECRET


def test_what_is_encrypted_for_one_purpose_is_read_for_no_other():
    text = encrypt(SECRET, purpose="webhook")
    assert decrypted(text, purpose="webhook") == SECRET
    assert decrypted(text) is None
    assert decrypted(text, ("une autre clé",), purpose="webhook") is None


def test_who_invited_whom_is_found_in_the_journal():
    organisation = make_organisation("Évry")
    invited = add_person(OPERATOR, organisation, "nouvelle@evry.example", Role.READER)
    own = make_person("seule@evry.example")
    type(invited).objects.update(invited_by=None)
    migration.find_inviters(apps, None)
    for account in (invited, own):
        account.refresh_from_db()
    assert invited.invited_by == organisation
    assert own.invited_by is None


def test_sessions_of_an_older_release_end_with_it():
    SessionStore().create()
    session = SessionStore()
    session["a"] = 1
    session.create()
    migration.end_sessions(apps, None)
    assert not Session.objects.exists()
