"""Accounts at the command line: links, sessions, passwords to renew."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from parvis.hub.accounts import mails
from parvis.hub.accounts.factories import make_person
from parvis.hub.audit.models import Entry

PASSWORD = "le parvis est pavé 91"


@pytest.fixture
def people(db):
    return [make_person(f"{name}@evry.example", PASSWORD) for name in ("une", "deux")]


def test_a_reset_mails_a_link_to_each_and_makes_the_former_password_worthless(parvis, people):
    assert parvis("user", "reset", "--all").status == 0
    assert sorted(message.to[0] for message in mail.outbox) == ["deux@evry.example", "une@evry.example"]
    for person in people:
        person.refresh_from_db()
        assert not person.check_password(PASSWORD)
    assert "reset/key" not in parvis("user", "reset", "une@evry.example").out


def test_without_a_mail_server_links_are_printed(parvis, people, settings):
    settings.MAILERS = {"default": {"BACKEND": mails.CONSOLE}}
    rows = parvis("user", "reset", "une@evry.example", "--json").facts
    assert [row["email"] for row in rows] == ["une@evry.example"]
    assert rows[0]["link"].startswith("http://127.0.0.1:8000/compte/password/reset/key/")
    people[1].refresh_from_db()
    assert people[1].check_password(PASSWORD)


def test_a_link_shown_leaves_a_trace_and_works_once(parvis, people):
    link = parvis("user", "link", "une@evry.example", "--json").facts["link"]
    assert Entry.objects.filter(person=people[0], action="auth.link-sent").exists()
    client, new = Client(), "une autre phrase 4567"
    form = client.get(client.get(link.removeprefix("http://127.0.0.1:8000"))["Location"])
    client.post(form.wsgi_request.path, {"password1": new, "password2": new})
    people[0].refresh_from_db()
    assert people[0].check_password(new)


def test_sessions_end_for_one_or_for_all(parvis, people):
    clients = []
    for person in people:
        client = Client()
        client.force_login(person)
        clients.append(client)
    assert parvis("user", "end-sessions", "une@evry.example", "--json").facts == {"ended": 1}
    assert [client.get("/compte/").status_code for client in clients] == [302, 200]
    assert parvis("user", "end-sessions", "--all", "--json").facts == {"ended": 1}
    assert clients[1].get("/compte/").status_code == 302


@pytest.mark.parametrize(
    "words", [("end-sessions",), ("reset",), ("reset", "nul@evry.example"), ("link", "nul@evry.example")]
)
def test_nobody_or_somebody_unknown_is_told(parvis, people, words):
    assert parvis("user", *words).status == 1
