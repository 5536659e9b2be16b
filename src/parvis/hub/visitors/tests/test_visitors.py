"""What keeps robots out, and what bounds people who send much."""

from __future__ import annotations

from datetime import timedelta

import altcha
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.utils import timezone

from parvis.hub.visitors.forms import VisitorForm
from parvis.hub.visitors.models import Sending
from parvis.hub.visitors.proof import is_proof, new_challenge
from parvis.hub.visitors.rules import MOST_PER_CALLER, TooManySent, Visitor
from parvis.hub.visitors.services import count_sending, forget_sendings
from parvis.hub.visitors.texts import LONGEST_TEXT, searched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_use_before():
    caches["default"].clear()


def solved(body: dict) -> str:
    """The answer of a browser to a challenge."""
    challenge = altcha.Challenge.from_dict(body)
    solution = altcha.solve_challenge(challenge, altcha.derive_key_pbkdf2)
    return altcha.Payload(challenge, solution).to_base64()


def form(**fields: str) -> VisitorForm:
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    request.user = AnonymousUser()
    return VisitorForm(request, fields)


def test_the_answer_to_a_challenge_opens_once():
    answer = solved(Client().get("/compte/preuve.json").json())
    assert is_proof(answer)
    assert not is_proof(answer)


@pytest.mark.parametrize("text", ["", "x", "e30=", "bnVsbA==", "W10=", "é" * 40, "A" * 5_000])
def test_what_is_no_answer_opens_nothing(text):
    assert not is_proof(text)


def test_a_cheaper_challenge_of_somebody_else_opens_nothing():
    cheap = altcha.create_challenge(
        algorithm="SHA-256", cost=1, key_prefix="0", derive_key=altcha.derive_key_sha, hmac_secret="mine"
    )
    solution = altcha.solve_challenge(cheap, altcha.derive_key_sha)
    assert not is_proof(altcha.Payload(cheap, solution).to_base64())


def test_a_challenge_made_dearer_costs_the_server_nothing():
    body = new_challenge()
    body["parameters"]["cost"] = 10**9
    payload = altcha.Payload(altcha.Challenge.from_dict(body), altcha.Solution(1, "00" * 32))
    assert not is_proof(payload.to_base64())


def test_a_form_without_proof_nor_address_is_refused_in_french():
    sent = form()
    assert not sent.is_valid()
    assert "adresse électronique" in sent.problems[0]


def test_an_address_is_enough_without_proof_and_remains_to_be_confirmed():
    sent = form(email="claire@example.org")
    assert sent.is_valid()
    assert not sent.visitor.proven


def test_a_proof_is_enough_without_address():
    sent = form(preuve=solved(new_challenge()))
    assert sent.is_valid()
    assert sent.visitor.proven
    assert "192.0.2" not in sent.visitor.caller


def test_a_hidden_field_that_is_filled_is_refused():
    assert not form(email="claire@example.org", site_internet="http://spam.example").is_valid()


def test_an_address_sends_no_more_than_its_bound_in_a_day():
    visitor = Visitor("address:1")
    for _ in range(MOST_PER_CALLER):
        count_sending(visitor, "proposal")
    with pytest.raises(TooManySent):
        count_sending(visitor, "proposal")
    count_sending(Visitor("address:2"), "proposal")
    assert Sending.objects.filter(mark__contains="address").count() == 0


def test_what_is_known_of_addresses_goes_after_two_days():
    count_sending(Visitor("address:1"), "proposal")
    assert forget_sendings() == 0
    Sending.objects.update(at=timezone.now() - timedelta(days=2, minutes=1))
    assert forget_sendings() == 1


def test_a_text_of_a_visitor_is_searched_and_masked():
    look = searched("Le banc est cassé.\r\nMadame Claire Fontaine, 06 12 34 56 78, l’a vu.\u202e")
    assert look.is_held
    assert "06 12" not in look.masked
    assert "Le banc est cassé.\n" in look.masked
    assert "\u202e" not in look.text


def test_a_text_of_a_visitor_is_cut():
    assert len(searched("mot " * 5_000).text) <= LONGEST_TEXT
