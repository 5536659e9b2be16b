"""Who may send files and rows is known by the headers alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from parvis.config.serving.bodies import body_rules
from parvis.config.serving.gates import require_sender
from parvis.core.rowlog.received import MOST_BYTES
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import KeyCannotWrite, Scope, WrongKey
from parvis.hub.apikeys.services import create_key
from parvis.hub.rowlog.rules import KeyCannotPush

ROWS = "/api/parvis/v1/datasets/boucles/rows"

pytestmark = pytest.mark.django_db


def environ(path: str = ROWS, **headers: str) -> dict:
    return RequestFactory().post(path, b"[]", content_type="application/json", headers=headers).environ


@pytest.fixture
def steward():
    return make_member(make_organisation("Voirie"), Role.STEWARD)


def test_nobody_in_particular_sends_rows_nor_files_and_anybody_sends_elsewhere():
    for path in ("/api/parvis/v1/uploads/7", "/api/parvis/v1/datasets/rows/file"):
        with pytest.raises(KeyCannotWrite):
            require_sender(environ(path))
    for path in (ROWS, "/ville" + ROWS, ROWS + "/undo"):  # where a key that writes drafts would not do
        with pytest.raises(KeyCannotPush):
            require_sender(environ(path))
    for path in ("/api/parvis/v1/validate", "/compte/login/", "/api/parvis/v1/sql"):
        require_sender(environ(path))


def test_a_key_that_opens_nothing_or_only_reads_sends_nothing(steward):
    with pytest.raises(WrongKey):
        require_sender(environ(Authorization="ApiKey parvis_inconnue"))
    secret = create_key(actor_of(steward), steward, "lecture", scope=Scope.READ)[1]
    with pytest.raises(KeyCannotPush):
        require_sender(environ(Authorization=f"ApiKey {secret}"))
    organisation, end = steward.memberships.get().organisation, timezone.now() + timedelta(days=9)
    for scope in (Scope.PUSH, Scope.PUBLISH):
        key = create_key(actor_of(steward), steward, scope, scope=scope, organisation=organisation, expires=end)[1]
        require_sender(environ(Authorization=f"ApiKey {key}"))


def test_who_is_signed_in_sends_and_a_cookie_made_up_does_not(steward):
    client = Client()
    client.force_login(steward)
    require_sender(environ(Cookie="; ".join(f"{name}={row.value}" for name, row in client.cookies.items())))
    with pytest.raises(KeyCannotPush):
        require_sender(environ(Cookie="; ".join(f"{name}=invente" for name in client.cookies)))


def test_rows_are_received_up_to_their_own_bound_and_files_up_to_theirs():
    def most(path: str) -> int:
        return next(rule for rule in body_rules(1_000, 10**9) if rule.fits(path)).most

    assert most(ROWS) == most("/ville" + ROWS) == MOST_BYTES
    assert most("/api/parvis/v1/datasets/rows/file") > 10**9
