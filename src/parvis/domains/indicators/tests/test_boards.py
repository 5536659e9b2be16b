"""Scoreboards: an address says everything, members keep theirs, nobody sees or changes those of others."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from parvis.core.errors import Forbidden, NotFound
from parvis.domains.indicators import boards, mails, selectors
from parvis.domains.indicators.models import Board
from parvis.domains.indicators.rules import BoardChanged, TooManyBoards
from parvis.domains.indicators.tests.test_views import places, published, words
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.charts.factories import make_stands
from parvis.hub.notifications.models import Recipient, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import confirm
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(home):
    """Two published indicators."""
    make_stands()
    return published(), published(
        slug="prix", title="Prix moyen", parts={"prix": {"dataset": "arceaux", "select": "avg(prix)"}}
    )


def member() -> Client:
    client = Client()
    client.force_login(make_member(make_organisation(), Role.READER))
    return client


def titles(response) -> list[str]:
    return re.findall(r'data-slug="([\w-]+)"', response.content.decode())


def test_the_address_gives_the_tiles_and_their_order(client, two):
    assert titles(client.get("/indicateurs/tableau/?i=prix&i=places")) == ["prix", "places"]
    assert titles(client.get("/indicateurs/tableau/?i=places&i=prix&i=places&i=inconnu")) == ["places", "prix"]
    empty = client.get("/indicateurs/tableau/")
    assert "Ce tableau est vide" in words(empty)
    assert empty["X-Robots-Tag"] == "noindex"


def test_tiles_move_by_links(client, two):
    text = tight(client.get("/indicateurs/tableau/?i=prix&i=places").content.decode())
    later = re.search(r'href="([^"]+)" rel="nofollow">Reculer', text)[1].replace("&amp;", "&")
    assert titles(client.get(later.partition("#")[0])) == ["places", "prix"]


def test_it_is_seen_from_a_territory(client, two):
    page = client.get("/indicateurs/tableau/?i=places&territoire=Grigny")
    assert f"{places('2023', 'Grigny')} places" in words(page)
    assert "Grigny · 2023" in words(page)
    assert '<option value="Grigny" selected>' in page.content.decode()


def test_a_member_keeps_it_changes_it_and_drops_it(two):
    client = member()
    saved = client.post("/indicateurs/tableau/", {"i": ["prix", "places"], "nom": "Mon mandat", "acte": "garder"})
    assert saved.status_code == 302
    assert "Mon mandat" in words(client.get(saved.url))
    board = Board.objects.get()
    changed = {"i": ["places"], "nom": "Mon mandat", "acte": "changer", "t": board.key, "revision": 1}
    client.post("/indicateurs/tableau/", changed)
    board.refresh_from_db()
    assert (board.slugs, board.revision) == (["places"], 2)
    refused = client.post("/indicateurs/tableau/", changed)
    assert refused.status_code == 400
    assert "enregistré ailleurs" in words(refused)
    assert "Mon mandat" in words(client.get("/compte/tableaux/"))
    stranger = member()
    assert "Mon mandat" not in words(stranger.get("/compte/tableaux/"))
    assert stranger.post("/compte/tableaux/", {"tableau": board.key}).status_code == 404
    client.post("/compte/tableaux/", {"tableau": board.key})
    assert not Board.objects.exists()


def test_nobody_in_particular_keeps_none(client, two):
    assert client.post("/indicateurs/tableau/", {"i": ["prix"], "nom": "Rien"}).status_code == 400
    assert client.get("/compte/tableaux/").status_code == 302
    with pytest.raises(Forbidden):
        boards.save_board(ANONYMOUS, "Rien", ["prix"])
    with pytest.raises(NotFound):
        selectors.board_of(ANONYMOUS, "")


def test_bounds_hold(two):
    actor = actor_of(make_member(make_organisation(), Role.READER))
    first = boards.save_board(actor, "Tableau", [f"i{n}" for n in range(40)])
    assert len(first.slugs) == boards.MOST_ON_BOARD
    with pytest.raises(BoardChanged):
        boards.save_board(actor, "Autre", [], key=first.key, revision=7)
    for _ in range(boards.MOST_BOARDS - 1):
        boards.save_board(actor, "Tableau", [])
    with pytest.raises(TooManyBoards):
        boards.save_board(actor, "Un de trop", [])


def test_the_digest_follows_a_saved_scoreboard(two, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    person = make_member(make_organisation(), Role.READER)
    client = Client()
    client.force_login(person)
    board = boards.save_board(actor_of(person), "Mon mandat", ["prix"])
    client.post("/indicateurs/semaine/", {"email": person.email, "t": board.key, "i": ["prix"]})
    subscription = confirm(Subscription.objects.get().key)
    boards.save_board(actor_of(person), "Mon mandat", ["places"], key=board.key, revision=1)
    _actor, slugs, _place = mails.reader_of(Subscription.objects.get())
    assert slugs == ["places"]
    post_due()
    mail.outbox.clear()
    boards.delete_board(actor_of(person), board.key)
    assert not Subscription.objects.filter(pk=subscription.pk).exists()
    assert not Recipient.objects.exists()
