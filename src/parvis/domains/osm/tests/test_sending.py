"""Edits and notes sent to an OpenStreetMap of this machine: nothing without a decision, nothing twice, nothing but what was looked at."""

from __future__ import annotations

import logging
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from parvis.core.errors import ParvisError
from parvis.domains.osm import remote
from parvis.domains.osm.rules import OsmClosed
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.models import Entry
from parvis.hub.records.services import withdraw

pytestmark = pytest.mark.django_db
SEND = {"envoyer": "1", "commentaire": "Relevé des arceaux", "source": "Lieusaint, 2026", "motdiese": "#lieusaint"}


def sign_in(client: Client, server) -> None:
    """Allow it there, and come back."""
    page = client.get("/openstreetmap/compte/", {"retour": "/openstreetmap/envoi/"}).content.decode()
    parts = urlsplit(unescape(re.search(rf'href="({server.url}/oauth2/authorize[^"]+)"', page)[1]))
    facts = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert facts["scope"] == "read_prefs write_api write_notes"
    server.state.codes["code"] = facts
    back = client.get("/openstreetmap/compte/retour/", {"code": "code", "state": facts["state"]})
    assert (back.status_code, back["Location"]) == (302, "/openstreetmap/envoi/")


def choose(client: Client, finding, *tags: str, **more: str):
    return client.post(finding.get_absolute_url(), {"envoi": "1", "etiquette": list(tags), **more})


def writes(server) -> list[tuple[str, str]]:
    return [row for row in server.state.requests if row[0] != "GET" and "oauth2" not in row[1]]


def test_nothing_is_offered_nor_sent_until_the_settings_say_so(client, conflation):
    finding = conflation.findings.get(ours='["L2"]')
    text = client.get(finding.get_absolute_url()).content.decode()
    assert "Ajouter à mon envoi" not in text
    assert "Relier mon compte" not in text
    assert choose(client, finding, "capacity").status_code == 400
    assert client.get("/openstreetmap/compte/").status_code == 400
    with pytest.raises(OsmClosed):
        remote.thing_at("n1")


def test_a_review_is_one_changeset_of_exactly_what_was_approved(client, conflation, osm):
    sign_in(client, osm)
    there, different, moved, way = (conflation.findings.get(ours=f'["L{n}"]') for n in (3, 2, 4, 6))
    before = {key: dict(value) for key, value in osm.state.things.items()}
    for finding, tags, more in (
        (there, ("capacity", "covered"), {}),
        (different, ("capacity",), {}),
        (moved, (), {"deplacer": "1"}),
        (way, ("capacity",), {}),
    ):
        assert choose(client, finding, *tags, **more).status_code == 302
    assert writes(osm) == []
    page = client.get("/openstreetmap/envoi/").content.decode()
    assert "4 objets, et rien d’autre" in page
    assert "Cartographe d’essai" in page
    assert writes(osm) == []
    answer = client.post("/openstreetmap/envoi/", SEND)
    assert answer.status_code == 200
    assert [path.rpartition("/")[2] for _method, path in writes(osm)] == ["create", "upload", "close"]
    (changeset,) = osm.state.changesets.values()
    assert not changeset["open"]
    assert changeset["tags"] == {
        "created_by": "Parvis",
        "comment": "Relevé des arceaux",
        "source": "Lieusaint, 2026",
        "hashtags": "#lieusaint",
        "locale": "fr",
        "host": "http://127.0.0.1:8000",
    }
    (new,) = set(osm.state.things) - set(before)
    assert changeset["changed"] == sorted([new, "n102", "n104", "w108"])
    assert osm.state.things[new]["tags"] == {"amenity": "bicycle_parking", "capacity": "4", "covered": "yes"}
    assert osm.state.things[new]["place"] == (2.56, 48.64)
    assert osm.state.things["n102"]["tags"] == {**before["n102"]["tags"], "capacity": "8"}
    assert osm.state.things["n104"]["place"] == (2.57, 48.65)
    assert osm.state.things["n104"]["tags"] == before["n104"]["tags"]
    assert osm.state.things["w108"]["nodes"] == [1, 2, 3, 1]
    rows = conflation.findings.exclude(decision="").values_list("decision", "reference", "decider")
    assert set(rows) == {("edited", "changeset/501", "Cartographe d’essai (OpenStreetMap)")}
    assert len(rows) == 4
    assert Entry.objects.filter(action="osm-review.send").count() == 4
    assert "Rien n’est choisi" in client.get("/openstreetmap/envoi/").content.decode()


def test_what_was_not_approved_is_not_sent(client, conflation, osm):
    sign_in(client, osm)
    assert choose(client, conflation.findings.get(ours='["L2"]')).status_code == 400
    assert choose(client, conflation.findings.get(ours='["L2"]'), "name", "access").status_code == 400
    assert choose(client, conflation.findings.get(theirs="n107"), "capacity").status_code == 400
    assert client.post("/openstreetmap/envoi/", SEND).status_code == 200
    assert writes(osm) == []


def test_what_is_there_by_now_is_not_created_again(client, conflation, osm):
    sign_in(client, osm)
    osm.state.put("n300", {"amenity": "bicycle_parking"}, (2.56001, 48.64001))
    answer = choose(client, conflation.findings.get(ours='["L3"]'), "capacity")
    assert answer.status_code == 409
    assert "node/300" in answer.content.decode()
    osm.state.put("n300", {"amenity": "bench"}, (2.56001, 48.64001))
    assert choose(client, conflation.findings.get(ours='["L3"]'), "capacity").status_code == 302


def test_a_node_of_a_line_is_not_moved(client, conflation, osm):
    sign_in(client, osm)
    osm.state.put("w400", {"highway": "footway"}, None, (104, 2, 3))
    answer = choose(client, conflation.findings.get(ours='["L4"]'), deplacer="1")
    assert answer.status_code == 400
    assert "la déformerait" in answer.content.decode()


def test_another_version_there_sends_nothing_and_shows_what_it_is_now(client, conflation, osm):
    sign_in(client, osm)
    finding, other = (conflation.findings.get(ours=f'["L{n}"]') for n in (2, 6))
    choose(client, finding, "capacity")
    choose(client, other, "capacity")
    osm.state.put("n102", {**osm.state.things["n102"]["tags"], "capacity": "7"}, (2.551, 48.63), version=4)
    answer = client.post("/openstreetmap/envoi/", SEND)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "entre-temps" in text
    assert "version 4" in text
    assert "7 →" in text
    assert osm.state.things["w108"]["version"] == 3  # all or nothing
    assert not osm.state.changesets[501]["open"]
    assert set(conflation.findings.values_list("decision", flat=True)) == {""}
    assert client.post("/openstreetmap/envoi/", SEND).status_code == 200
    assert (osm.state.things["n102"]["tags"]["capacity"], osm.state.things["n102"]["version"]) == ("8", 5)


def test_of_two_who_send_the_same_one_sends_it(client, conflation, osm):
    finding = conflation.findings.get(ours='["L3"]')
    second = Client()
    for visitor in (client, second):
        sign_in(visitor, osm)
        choose(visitor, finding, "capacity")
    assert client.post("/openstreetmap/envoi/", SEND).status_code == 200
    answer = second.post("/openstreetmap/envoi/", SEND)
    assert answer.status_code == 409
    assert "a déjà décidé" in answer.content.decode()
    assert "retirez-le pour envoyer les autres" in answer.content.decode()
    assert len(osm.state.changesets) == 1


def test_an_answer_that_does_not_come_is_told_and_nothing_is_sent_twice(client, conflation, osm):
    sign_in(client, osm)
    finding = conflation.findings.get(ours='["L3"]')
    choose(client, finding, "capacity")
    osm.state.drop_upload = True
    answer = client.post("/openstreetmap/envoi/", SEND)
    assert answer.status_code == 503
    assert "501" in answer.content.decode()
    finding.refresh_from_db()
    assert (finding.decision, finding.reference) == ("sending", "changeset/501")
    assert client.post("/openstreetmap/envoi/", SEND).status_code == 409
    assert len(osm.state.changesets) == 1
    client.force_login(make_member(conflation.organisation, Role.CONTRIBUTOR))
    client.post(finding.get_absolute_url(), {"rouvrir": "1"})
    finding.refresh_from_db()
    assert finding.decision == ""


@pytest.mark.parametrize("arrived", [True, False])
def test_what_became_of_a_sending_without_answer_is_asked_and_settled(client, conflation, osm, arrived):
    sign_in(client, osm)
    rows = [conflation.findings.get(ours=key) for key in ('["L3"]', '["L2"]')]
    for finding in rows:
        choose(client, finding, "capacity")
    osm.state.drop_upload, osm.state.lose_upload = arrived, not arrived
    assert client.post("/openstreetmap/envoi/", SEND).status_code == 503
    before = dict(osm.state.things)
    address = rows[0].get_absolute_url()
    assert "Demander à OpenStreetMap" not in client.get(address).content.decode()
    assert client.post(address, {"verifier": "1"}).status_code in (302, 403), "a passer-by settles nothing"
    assert {row.decision for row in conflation.findings.filter(pk__in=[row.pk for row in rows])} == {"sending"}

    client.force_login(make_member(conflation.organisation, Role.CONTRIBUTOR))
    assert "Demander à OpenStreetMap" in client.get(address).content.decode()
    if not arrived:
        assert client.post(address, {"verifier": "1"}).status_code == 503, "it may still be on its way"
        osm.state.changesets[501]["open"] = False
    assert client.post(address, {"verifier": "1"}).status_code == 302
    decisions = {(row.decision, row.reference) for row in conflation.findings.filter(pk__in=[r.pk for r in rows])}
    assert decisions == ({("edited", "changeset/501")} if arrived else {("", "")})
    assert client.post(address, {"verifier": "1"}).status_code == 400
    assert osm.state.things == before
    assert len(osm.state.changesets) == 1


def test_a_token_is_kept_in_the_session_alone_and_forgotten(client, conflation, osm):
    sign_in(client, osm)
    (token,) = osm.state.tokens
    assert client.session["osm_account"]["token"] == token
    for model in (Entry, type(conflation), type(conflation.findings.first())):
        assert not any(token in str(row) for row in model.objects.values())
    assert token not in client.get("/openstreetmap/envoi/").content.decode()
    client.post("/openstreetmap/compte/quitter/")
    assert "osm_account" not in client.session


def test_a_token_is_in_no_log_whatever_goes_wrong(client, conflation, osm, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in(client, osm)
    (token,) = osm.state.tokens
    for key, trouble in (('["L3"]', "drop_upload"), ('["L2"]', "lose_upload")):
        choose(client, conflation.findings.get(ours=key), "capacity")
        setattr(osm.state, trouble, True)
        assert token not in client.post("/openstreetmap/envoi/", SEND).content.decode()
        client.post("/openstreetmap/envoi/", {"vider": "1"})
    osm.state.tokens.clear()  # taken back on the other side
    choose(client, conflation.findings.get(ours='["L6"]'), "capacity")
    assert token not in client.post("/openstreetmap/envoi/", SEND).content.decode()
    text = " ".join(f"{record.getMessage()} {record.exc_text} {record.__dict__}" for record in caplog.records)
    assert token not in text
    assert "code_verifier" not in text


def test_a_code_that_somebody_else_asked_for_is_refused(client, conflation, osm):
    client.get("/openstreetmap/compte/")
    state = client.session["osm_sign_in"]["state"]
    assert client.get("/openstreetmap/compte/retour/", {"code": "code", "state": "autre"}).status_code == 400
    client.get("/openstreetmap/compte/")
    assert client.get("/openstreetmap/compte/retour/", {"code": "code", "state": state}).status_code == 400
    client.get("/openstreetmap/compte/")
    osm.state.codes["vol"] = {"code_challenge": "autre", "redirect_uri": "x", "scope": ""}
    facts = {"code": "vol", "state": client.session["osm_sign_in"]["state"]}
    assert client.get("/openstreetmap/compte/retour/", facts).status_code == 400
    assert not osm.state.tokens


def test_one_is_led_back_to_this_subject_alone(client, conflation, osm):
    for address in (
        "https://ailleurs.example/",
        "//ailleurs.example/openstreetmap/",
        "/admin/",
        "/openstreetmap//ailleurs.example",
    ):
        client.get("/openstreetmap/compte/", {"retour": address})
        assert client.session["osm_sign_in"]["back"] == "/openstreetmap/envoi/"


def test_a_scope_that_was_not_given_is_told(client, conflation, osm):
    osm.state.scopes = ("read_prefs",)
    sign_in(client, osm)
    answer = choose(client, conflation.findings.get(ours='["L3"]'), "capacity")
    assert answer.status_code == 400
    assert "Reliez-le de nouveau" in answer.content.decode()
    assert writes(osm) == []


def test_a_review_of_what_is_gone_is_given_up(client, conflation, osm):
    sign_in(client, osm)
    choose(client, conflation.findings.get(ours='["L3"]'), "capacity")
    withdraw(OPERATOR, conflation)
    assert client.get("/openstreetmap/envoi/", follow=True).status_code == 200
    assert "osm_review" not in client.session


def test_a_note_is_written_once_and_names_nobody(client, conflation, osm):
    finding = conflation.findings.get(theirs="n107")
    address = f"{finding.get_absolute_url()}note/"
    assert client.post(address, {"texte": "À vérifier."}).status_code == 400
    sign_in(client, osm)
    for text in ("Appelez Mme Durand au 06 12 34 56 78.", "Écrire à jeanne.durand@exemple.fr", ""):
        assert client.post(address, {"texte": text}).status_code == 400
    assert osm.state.notes == []
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "node/107 n’est pas dans le fichier public" in page
    assert client.post(address, {"texte": "Existe-t-il encore ?"}).status_code == 302
    finding.refresh_from_db()
    assert (finding.decision, finding.reference) == ("noted", "note/901")
    assert [(row["lon"], row["lat"], row["text"]) for row in osm.state.notes] == [(2.59, 48.62, "Existe-t-il encore ?")]
    client.force_login(make_member(conflation.organisation, Role.CONTRIBUTOR))
    client.post(finding.get_absolute_url(), {"rouvrir": "1"})
    again = client.post(address, {"texte": "Existe-t-il encore ?"})
    assert again.status_code in (400, 409)
    assert len(osm.state.notes) == 1


def test_a_portal_that_cannot_be_reached_says_so(client, conflation, osm):
    sign_in(client, osm)
    choose(client, conflation.findings.get(ours='["L3"]'), "capacity")
    osm.shutdown()
    osm.server_close()
    try:
        answer = client.post("/openstreetmap/envoi/", SEND)
    except ParvisError:
        pytest.fail("an error reached nobody")
    assert answer.status_code == 503
    assert conflation.findings.get(ours='["L3"]').decision == ""
