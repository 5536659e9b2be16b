"""Links of cards, columns and documents are asked over time; one is broken after several failures over days, and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.quality import links
from parvis.hub.quality.links import MOST_ANSWERS, addresses_in, check_links
from parvis.hub.quality.messages import notice_sentence
from parvis.hub.quality.models import Link, LinkAnswer, Notice
from parvis.hub.quality.notices import observe_all

pytestmark = pytest.mark.django_db
GONE = "https://a.example/notice.pdf"


def failure(status: int = 404) -> dict:
    words = {"sentence": "{host} répond {status}.", "values": {"host": "a.example", "status": status}}
    return {"code": "fetch-status", "message": "a.example répond 404.", "hint": "", "sentence": words}


@pytest.fixture
def answers(monkeypatch):
    """What each address answers; one that is not named answers well. What was asked, in order."""
    errors: dict[str, dict | None] = {}
    questions: list[str] = []

    def answer(url, _work):
        questions.append(url)
        return errors.get(url)

    monkeypatch.setattr(links, "ask", answer)
    monkeypatch.setattr(links, "PAUSE", 0.0)
    errors["__asked__"] = questions
    return errors


@pytest.fixture
def owner():
    return make_member(make_organisation("Ville"), Role.STEWARD)


@pytest.fixture
def dataset(owner):
    words = f'<p>La <a href="{GONE}">notice</a>, et le site (https://b.example/?a=1&amp;b=2).</p>'
    return make_dataset(owner.memberships.get().organisation, title="Arbres", description=words)


def test_addresses_are_found_in_texts_without_their_punctuation():
    text = 'Voir https://a.example/x, <a href="https://b.example/?a=1&amp;b=2">là</a> et (http://c.example/).'
    assert addresses_in(text) == ["https://a.example/x", "https://b.example/?a=1&b=2", "http://c.example/"]


def test_a_link_is_broken_after_three_failures_over_days_asked_less_and_less_and_told_once(dataset, answers, owner):
    now, requests = timezone.now(), answers["__asked__"]
    answers[GONE] = failure()
    for days, broken in ((0, False), (1, False), (2, True)):
        check_links(now + timedelta(days=days))
        assert Link.objects.get(url=GONE).broken is broken, days
    assert requests.count(GONE) == 3
    assert requests.count("https://b.example/?a=1&b=2") == 1, "what answers is asked once a week"
    check_links(now + timedelta(days=3))
    assert requests.count(GONE) == 3, "what fails is asked less and less"
    observe_all(now + timedelta(days=3))
    observe_all(now + timedelta(days=4))
    assert GONE in notice_sentence(Notice.objects.get(closed=None))
    client = Client()
    client.force_login(owner)
    page = client.get(reverse("links_admin:links")).content.decode()
    assert GONE in page
    assert "rompu" in page
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.ADMINISTRATOR))
    assert GONE not in stranger.get(reverse("links_admin:links")).content.decode()
    answers[GONE] = None
    check_links(now + timedelta(days=9))
    observe_all(now + timedelta(days=9))
    assert not Notice.objects.filter(closed=None).exists()


def test_a_server_that_refuses_programs_is_held_to_answer(dataset, answers):
    answers[GONE] = failure(403)
    check_links()
    assert Link.objects.get(url=GONE).failures == 0


def test_a_machine_cut_off_accuses_no_link(owner, answers):
    words = " ".join(f"https://{name}.example/" for name in "abc")
    make_dataset(owner.memberships.get().organisation, description=words)
    for name in "abc":
        answers[f"https://{name}.example/"] = failure(500)
    assert check_links() == 0
    assert not LinkAnswer.objects.exists()


def test_history_is_bounded_and_forgotten_links_go(dataset, answers):
    now = timezone.now()
    for week in range(MOST_ANSWERS + 5):
        check_links(now + timedelta(days=8 * week))
    assert Link.objects.get(url=GONE).answers.count() == MOST_ANSWERS
    dataset.description = "<p>Rien.</p>"
    dataset.save()
    check_links(now)
    assert not Link.objects.exists()
