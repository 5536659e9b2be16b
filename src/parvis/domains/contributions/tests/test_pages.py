"""Pages and forms as visitors, moderators and programs meet them, hostile ones too."""

from __future__ import annotations

import json

import altcha
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from attacks import hostile_pictures
from parvis.domains.contributions.decisions import accept
from parvis.domains.contributions.models import Ambassador, Correction, Opening, Proposal
from parvis.domains.contributions.proposing import propose
from parvis.domains.contributions.rules import Kind, Laid, State
from parvis.domains.contributions.tests.conftest import RACKS
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.notifications.models import Outgoing, Subscription
from parvis.hub.notifications.services import confirm
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.queries import queries_of
from parvis.hub.visitors.proof import new_challenge

pytestmark = pytest.mark.django_db

BASE = "/explore/dataset/arceaux/contribuer/"
ROW = f'{BASE}ligne/?cle=["A1"]'


def proof() -> str:
    """What a browser computes."""
    challenge = altcha.Challenge.from_dict(new_challenge())
    return altcha.Payload(challenge, altcha.solve_challenge(challenge, altcha.derive_key_pbkdf2)).to_base64()


def typed(**changes: str) -> dict[str, str]:
    """The form of row A1 as it is shown, with some values typed otherwise."""
    values = {
        "nom": "Gare",
        "places": "12",
        "couvert": "true",
        "pose": "2021-02-03",
        "latitude": "48,6501",
        "longitude": "2,3801",
        **changes,
    }
    return {f"valeur.{name}": value for name, value in values.items()}


def test_a_visitor_corrects_a_row_and_follows_it(table, client):
    table()
    page = client.get(ROW).content.decode()
    assert 'name="valeur.places"' in page
    assert 'name="valeur.id"' not in page, "another key is another row"
    answer = client.post(ROW, {**typed(places="14"), "acte": "corriger", "preuve": proof()})
    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.changes, proposal.state) == ({"places": "14"}, State.RECEIVED)
    followed = client.get(answer["Location"])
    assert "Gardez l’adresse" in followed.content.decode()
    assert followed["Referrer-Policy"] == "same-origin"
    assert followed["X-Robots-Tag"] == "noindex"


def test_nothing_typed_is_lost_when_a_value_is_wrong(table, client):
    table()
    answer = client.post(ROW, {**typed(places="douze", nom="Gare RER"), "acte": "corriger", "preuve": proof()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "douze" in page
    assert "Gare RER" in page
    assert "Écrivez un nombre" in page
    assert not Proposal.objects.exists()


def test_a_form_sent_as_it_was_shown_proposes_nothing(table, client):
    table()
    answer = client.post(ROW, {**typed(), "acte": "corriger", "preuve": proof()})
    assert answer.status_code == 422
    assert "Rien n’est changé" in answer.content.decode()


def test_values_are_shown_chosen_and_typed_by_their_labels_and_kept_as_files_write_them(table, dataset, client):
    dataset.fields |= {"nom": {"annotations": {"labels": {"Gare": "Gare RER", "Stade": "Stade municipal"}}}}
    dataset.save()
    table()
    page = client.get(ROW).content.decode()
    assert 'value="Gare RER"' in page
    assert '<option value="Stade municipal">' in page
    assert '<option value="Piscine">' in page
    untouched = client.post(ROW, {**typed(nom="Gare RER"), "acte": "corriger", "preuve": proof()})
    assert "Rien n’est changé" in untouched.content.decode()
    client.post(ROW, {**typed(nom="stade municipal"), "acte": "corriger", "preuve": proof()})
    assert Proposal.objects.get().changes == {"nom": "Stade"}


def test_a_row_that_moved_on_is_told_with_what_was_typed(table, client, publish):
    table()
    seen = json.dumps(table().row_at(("A1",)))
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    answer = client.post(ROW, {**typed(places="14"), "vu": seen, "acte": "corriger", "preuve": proof()})
    assert answer.status_code == 422
    assert "vaut maintenant « 13 »" in answer.content.decode()


def test_without_scripts_an_address_confirms(table, client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://mail.example"}
    table()
    answer = client.post(ROW, {**typed(places="14"), "acte": "corriger", "email": "lea@example.org"})
    assert answer.status_code == 302
    assert Proposal.objects.get().state == State.UNCONFIRMED
    confirm(Subscription.objects.get().key)
    assert Proposal.objects.get().state == State.RECEIVED


def test_without_scripts_nor_mail_server_the_form_says_so(table, client):
    table()
    answer = client.post(ROW, {**typed(places="14"), "acte": "corriger", "email": "lea@example.org"})
    assert answer.status_code == 422
    assert "n’envoie pas de courriels" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_who_asked_is_told_of_the_decision(table, client, settings, decider):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://mail.example"}
    table()
    client.post(ROW, {**typed(places="14"), "acte": "corriger", "email": "lea@example.org", "preuve": proof()})
    confirm(Subscription.objects.get().key)
    accept(decider, Proposal.objects.get(), answer="Merci.")
    assert Outgoing.objects.filter(kind="contribution-follow").count() == 1


def test_a_row_is_removed_added_and_duplicates_are_proposed_first(table, client):
    table()
    assert client.post(ROW, {"acte": "retirer", "preuve": proof()}).status_code == 302
    assert Proposal.objects.get().kind == Kind.REMOVE
    new = {**typed(nom="Gare de Lisses"), "valeur.id": "B1"}
    answer = client.post(f"{BASE}ajouter/", {**new, "preuve": proof()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Est-ce l’une de celles-ci" in page
    assert "Gare" in page
    answer = client.post(f"{BASE}ajouter/", {**new, "nouvelle": "oui", "preuve": proof()})
    assert answer.status_code == 302
    assert client.get(f"{BASE}semblables.json", new).json()["rows"][0]["title"] == "Gare"


def test_a_remark_is_shown_masked_once_it_is_answered(table, client, decider):
    table()
    answer = client.post(
        f"{BASE}remarque/",
        {"message": "Madame Claire Fontaine, 06 12 34 56 78, habite en face.", "colonne": "nom", "preuve": proof()},
    )
    assert answer.status_code == 302
    assert "Claire" not in client.get(BASE).content.decode()
    accept(decider, Proposal.objects.get(), answer="Nous irons voir.")
    page = client.get(BASE).content.decode()
    assert "Nous irons voir." in page
    assert "06 12" not in page
    accept_shown = Proposal.objects.get()
    accept_shown.shows_text = True
    accept_shown.save()
    assert "Claire Fontaine" in client.get(BASE).content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ settings.SECRET_KEY }}",
        "\u202eabc",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_strangers_write_is_only_ever_text(table, client, decider, apply, words):
    table()
    client.post(ROW, {**typed(nom=words), "message": words, "acte": "corriger", "preuve": proof()})
    accept(decider, Proposal.objects.get())
    apply()
    for address in ("/explore/dataset/arceaux/table/", ROW, Proposal.objects.get().get_absolute_url(), "/contribuer/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


@pytest.mark.parametrize(
    "key", ["", "[]", '["A9"]', '["A1","x"]', "{}", "[[]]", "[" * 5_000, '["\u0000"]', '[{"a":1}]', "null"]
)
def test_a_key_that_is_none_is_not_found(table, client, key):
    table()
    assert client.get(f"{BASE}ligne/", {"cle": key}).status_code == 404


def test_hostile_photos_are_refused_and_nothing_is_kept(table, client):
    table()
    for name, (file, make) in hostile_pictures.REFUSED.items():
        photo = SimpleUploadedFile(file, make(), content_type="image/jpeg")
        answer = client.post(ROW, {**typed(places="14"), "photo": photo, "acte": "corriger", "preuve": proof()})
        assert answer.status_code == 422, name
        assert 'value="14"' in answer.content.decode(), name
    assert not Proposal.objects.exists()


def test_a_photo_is_written_again_without_what_it_said_of_its_place(table, client, decider):
    table()
    photo = SimpleUploadedFile("vélo.jpg", hostile_pictures.located(), content_type="image/jpeg")
    answer = client.post(ROW, {**typed(places="14"), "photo": photo, "acte": "corriger", "preuve": proof()})
    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    answer = client.get(f"{proposal.get_absolute_url()}photo")
    body = b"".join(answer.streaming_content)
    assert b"Exif" not in body
    assert b"GPS" not in body
    shared = f"/contributions/photos/{proposal.pk}"
    assert client.get(shared).status_code == 404, "nobody looked at it yet"
    accept(decider, proposal, shows_photo=True)
    assert client.get(shared).status_code == 200
    assert shared in client.get(BASE).content.decode()


def test_a_moderator_sees_the_difference_and_accepts_a_part(table, steward, apply, visitor):
    proposal = propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "14", "nom": "gare"})
    client = client_of(steward)
    queue = client.get("/admin/contributions/").content.decode()
    assert "Arceaux à vélos" in queue
    page = client.get(f"/admin/contributions/{proposal.pk}/").content.decode()
    assert ">\n14</textarea>" in page
    sent = {"acte": "accepter", "colonne": ["places"], "valeur.places": "15", "reponse": "Compté ce matin."}
    assert client.post(f"/admin/contributions/{proposal.pk}/", sent).status_code == 302
    apply()
    assert Correction.objects.get().ours == "15"
    assert Proposal.objects.get().state == State.PARTLY
    again = client.post(f"/admin/contributions/{proposal.pk}/", {"acte": "refuser", "reponse": "Non"}, follow=True)
    assert "déjà été traitée" in again.content.decode()


def test_a_moderator_confirms_what_tells_rows_apart_then_accepts(table, dataset, steward, visitor, client):
    dataset.fields = {}
    dataset.save()
    proposal = propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "14"})
    assert "Le producteur le confirmera" in client.get(BASE).content.decode()
    address, desk = f"/admin/contributions/{proposal.pk}/", client_of(steward)
    assert "id : à confirmer" in desk.get("/admin/contributions/reglages/").content.decode()
    bulk = {"acte": "accepter", "contribution": [str(proposal.pk)]}
    assert "Personne n’a encore confirmé" in desk.post("/admin/contributions/", bulk, follow=True).content.decode()
    question = " ".join(desk.get(address).content.decode().split())
    assert "Oui, le confirmer" in question
    assert "aujourd’hui dans « id »" in question
    assert "C’est confirmé" in desk.post(address, {"acte": "confirmer"}, follow=True).content.decode()
    assert "Oui, le confirmer" not in desk.get(address).content.decode()
    desk.post("/admin/contributions/", bulk)
    assert Proposal.objects.get().state == State.ACCEPTED


def test_the_queue_costs_the_same_whatever_its_length_and_counts_what_is_about_the_same_row(table, steward, visitor):
    propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "14"})
    propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "15"})
    desk, address = client_of(steward), "/admin/contributions/"
    few = queries_of(desk, address)
    for number in range(8):
        propose(visitor, table(), Kind.CORRECT, key=("A2",), changes={"places": f"{number + 40}"})
    propose(visitor, table(), Kind.REMARK, text="Il en manque un.")
    propose(visitor, table(), Kind.REMARK, text="Et un autre.")
    assert queries_of(desk, address) == few
    page = desk.get(address).content.decode()
    assert [page.count(f"+{count}") for count in (1, 7, 10)] == [2, 8, 0]


def test_the_queue_is_read_by_territory(table, dataset, organisation, steward, visitor):
    here = Territory.objects.create(code="91340", kind="commune", name="Lisses")
    dataset.territories.add(here)
    other = Territory.objects.create(code="91228", kind="commune", name="Évry-Courcouronnes")
    elsewhere = make_dataset(organisation, dataset_id="ailleurs")
    elsewhere.territories.add(other)
    propose(visitor, table(), Kind.REMARK, text="Il en manque un.")
    desk = client_of(steward)
    shown = desk.get(f"/admin/contributions/?territory={here.pk}").content.decode()
    assert "Il en manque un." in shown
    assert "Évry-Courcouronnes" in shown, "the territories of the datasets that one manages are offered"
    assert "Il en manque un." not in desk.get(f"/admin/contributions/?territory={other.pk}").content.decode()


def test_a_move_is_drawn_among_the_rows_around(table, steward, visitor):
    moved = {"latitude": "48.6511", "longitude": "2.3741"}
    proposal = propose(visitor, table(), Kind.CORRECT, key=("A1",), changes=moved)
    page = client_of(steward).get(f"/admin/contributions/{proposal.pk}/").content.decode()
    assert "Déplacé de 455 mètres" in page
    assert page.count('class="other"') == 1, (
        "the swimming pool; the town hall and the stadium are farther than what is drawn"
    )


def test_a_text_on_several_lines_is_accepted_as_it_was_proposed(table, steward, visitor):
    proposal = propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"nom": "Gare\ncôté Seine"})
    sent = {"acte": "accepter", "colonne": "nom", "valeur.nom": "Gare\r\ncôté Seine"}  # as browsers send it
    client_of(steward).post(f"/admin/contributions/{proposal.pk}/", sent)
    assert Proposal.objects.get().state == State.ACCEPTED
    assert Correction.objects.get().ours == "Gare\ncôté Seine"


def test_many_are_decided_at_once_and_those_already_decided_are_left(table, steward, visitor, decider):
    rows = [propose(visitor, table(), Kind.CORRECT, key=(f"A{n}",), changes={"places": "30"}) for n in (1, 2, 3)]
    accept(decider, rows[0])
    sent = {"acte": "accepter", "contribution": [str(row.pk) for row in rows]}
    answer = client_of(steward).post("/admin/contributions/", sent, follow=True)
    assert "2 contributions traitées" in answer.content.decode()
    assert Correction.objects.count() == 3


def test_a_choice_is_made_between_source_and_contribution(table, steward, visitor, decider, apply, publish):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "14"}))
    apply()
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    client = client_of(steward)
    page = client.get("/admin/contributions/choix/").content.decode()
    assert "places = 13" in page
    correction = Correction.objects.get()
    client.post("/admin/contributions/choix/", {"correction": correction.pk, "choix": "source"})
    assert Correction.objects.get().state == Laid.DROPPED


def test_choices_cost_the_same_whatever_their_number(table, steward, visitor, decider, apply, publish):
    for row in ("A1", "A2", "A4"):
        accept(decider, propose(visitor, table(), Kind.CORRECT, key=(row,), changes={"places": "14"}))
    apply()
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    desk, address = client_of(steward), "/admin/contributions/choix/"
    few = queries_of(desk, address)
    publish(RACKS.replace(";12;", ";13;").replace(";8;", ";9;").replace(";20;", ";21;"))
    assert desk.get(address).content.decode().count("Prendre la source") == 3
    assert queries_of(desk, address) == few


def test_an_owner_closes_contributions_and_the_pages_say_so(table, steward, client):
    table()
    answer = client_of(steward).post("/admin/contributions/reglages/arceaux/", {"kinds": ["question"], "key": ["id"]})
    assert answer.status_code == 302
    assert Opening.objects.get().kinds == ["question"]
    assert client.get(ROW).status_code == 400
    assert "Corriger" not in client.get("/explore/dataset/arceaux/table/").content.decode()
    assert client.get(f"{BASE}question/").status_code == 200


def test_an_administrator_names_and_revokes_an_ambassador(table, organisation):
    table()
    administrator = make_member(organisation, Role.ADMINISTRATOR)
    person = make_member(organisation, Role.READER)
    client = client_of(administrator)
    sent = {"person": person.pk, "organisation": organisation.pk, "badge": "Vigie"}
    assert client.post("/admin/contributions/ambassadeurs/", sent).status_code == 302
    ambassador = Ambassador.objects.get()
    assert ambassador.revoked is None
    client.post("/admin/contributions/ambassadeurs/", {"revoquer": ambassador.pk})
    assert Ambassador.objects.get().revoked is not None


def test_a_program_proposes_with_a_key_made_for_it(table, steward, decider):
    table()
    body = {"dataset_id": "arceaux", "kind": "correct", "key": ["A1"], "changes": {"places": "14"}}
    _key, secret = create_key(decider, steward, "mobile", scope=Scope.PROPOSE)
    _other, reading = create_key(decider, steward, "lecture", scope=Scope.READ)

    def post(secret, body):
        return Client().post(
            "/api/parvis/v1/contributions",
            body,
            content_type="application/json",
            headers={"Authorization": f"ApiKey {secret}"},
        )

    answer = post(secret, body)
    assert answer.status_code == 200, answer.content
    uid = answer.json()["uid"]
    assert Client().get(f"/api/parvis/v1/contributions/{uid}").json()["state"] == "received"
    assert post(reading, body).status_code == 403
    assert post(secret, {**body, "changes": {"places": "beaucoup"}}).status_code == 400
    assert post(secret, {**body, "key": ["A7"]}).status_code == 404
    assert post(secret, {**body, "kind": "destroy"}).status_code == 400
    assert Client().post("/api/parvis/v1/contributions", body, content_type="application/json").status_code in (
        401,
        403,
    )


def test_a_program_hides_nothing_in_what_it_proposes(table, steward, decider):
    table()
    _key, secret = create_key(decider, steward, "mobile", scope=Scope.PROPOSE)
    turned = {"dataset_id": "arceaux", "kind": "correct", "key": ["A1"], "changes": {"nom": "Gare\u202egro.live\u200b"}}
    Client().post(
        "/api/parvis/v1/contributions",
        turned,
        content_type="application/json",
        headers={"Authorization": f"ApiKey {secret}"},
    )
    assert Proposal.objects.get().changes == {"nom": "Garegro.live"}


def test_the_page_of_the_portal_asks_for_what_is_missing(table, client):
    table()
    page = client.get("/contribuer/").content.decode()
    assert "Compléter «\u00a0places\u00a0»\u00a0: 1 ligne" in page


def test_what_is_near_is_listed_the_nearest_first_and_leads_to_its_correction(table, client):
    table()
    page = client.get("/contribuer/autour/?pres=48.6502,2.3802").content.decode()
    assert page.index("Gare") < page.index("Mairie") < page.index("Stade"), "13, 734 and 1,511 metres away"
    assert "à 13 mètres" in page
    assert "/contribuer/ligne/?cle=%5B%22A1%22%5D" in page
    assert "à 13 mètres" in client.get("/contribuer/autour/?jeu=arceaux&pres=48.6502,2.3802").content.decode()
    assert "Rien à vérifier" in client.get("/contribuer/autour/?pres=-20.88,55.45").content.decode()


@pytest.mark.parametrize("place", ["999,1", "48.65", "nan,nan", "1e9,0", "<b>", "48.65,2.38,1", "," * 5_000])
def test_a_place_that_is_none_shows_the_form_again(table, client, place):
    table()
    answer = client.get("/contribuer/autour/", {"pres": place, "q": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "mètres" not in answer.content.decode()


def test_data_that_is_not_public_takes_nothing(table, client, dataset):
    table()
    dataset.access = "internal"
    dataset.save()
    assert client.get(BASE).status_code == 404
    assert client.get(ROW).status_code == 404
