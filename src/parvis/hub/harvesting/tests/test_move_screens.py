"""« Emménager » without a line of script: the portal, the dry run, its words on the screen and in a spreadsheet, the move, the report."""

import csv
import io
import json
import threading
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from parvis.config.cli.main import main
from parvis.core.sources.word_tables import read_words
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting import move_services
from parvis.hub.harvesting.models import Item, MovePlan, Run, Source
from parvis.hub.harvesting.move_progress import run_progress
from parvis.hub.harvesting.move_services import begin_move, made_organisations
from parvis.hub.harvesting.rules import AlreadyRunning, State
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.far_portal import API, KEY, FarPortal, rows
from parvis.hub.jobs.models import Job


@pytest.fixture
def far(portal) -> FarPortal:
    """A portal of nothing yet."""
    return FarPortal(portal)


@pytest.fixture
def through(home, town, far, work):
    """A client that goes through the first step; the address of the move."""

    def begin(person=None, **changes) -> tuple:
        client = client_of(person or town.superuser)
        values = {"url": far.portal.address, "organisation": town.organisation.pk, **changes}
        answer = client.post("/admin/emmenager/", values)
        assert answer.status_code == 302, answer.content.decode()
        address = answer.url.removesuffix("mots/")
        work()
        return client, address

    return begin


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def test_a_portal_is_tried_its_words_corrected_and_it_moves_in_by_the_screen(
    through, far, town, work, tmp_path, capsys, monkeypatch
):
    far.add("budget", rows(3), publisher="Ville d’Évry", license="Licence maison", theme=["Mobilité douce"])
    far.add("parcs", rows(2), publisher="Évry-Courcouronnes")
    far.add("reserve", rows(2), publisher="Ville d’Évry")["visibility"] = "restricted"
    far.secret.add("reserve")
    client, address = through(key=KEY.removeprefix("Apikey "))
    assert not Dataset.objects.exists()
    page = shown(client, f"{address}mots/")
    assert "<dt>Jeux</dt> <dd>3</dd>" in page and "<dt>Lignes</dt> <dd>7</dd>" in page
    assert "resterait en brouillon : aucune licence" not in page, "a licence of its own has words"
    assert 'value="créer : Ville d’Évry"' in page
    assert f'value="{town.organisation.slug}"' in page, "an organisation that is here is proposed"
    assert KEY.removeprefix("Apikey ") not in page + shown(client, f"{address}portail/")
    listed = shown(client, f"{address}jeux/?jeux=reserves")
    assert ("reserve" in listed, "parcs" in listed) == (True, False)
    words = {"acte": "mots", "genre": "organisation", "mot-0": "Ville d’Évry", "avant-0": "créer : Ville d’Évry"}
    client.post(f"{address}mots/", {**words, "ici-0": "Créer : Évry ville"})
    table = list(csv.reader(io.StringIO(client.get(f"{address}mots.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert ["organisation", "Ville d’Évry", "créer : Évry ville", "2"] in table
    corrected = [[kind, word, "Transports" if word == "Mobilité douce" else ours, n] for kind, word, ours, n in table]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=",").writerows(corrected)
    sent = SimpleUploadedFile("mots.csv", buffer.getvalue().encode("cp1252"), "text/csv")
    assert client.post(f"{address}mots/", {"acte": "tableau", "table": sent}).status_code == 302
    assert client.post(f"{address}mots/", {"acte": "commencer"}).url == f"{address}suivi/"
    source = Source.objects.get()
    assert source.mapping["themes"]["Mobilité douce"] == "transports"
    following = shown(client, f"{address}suivi/")
    assert "En attente de son tour" in following
    assert 'http-equiv="refresh"' in following
    work()
    facts = client.get(f"{address}suivi.json").json()
    assert (facts["over"], facts["percent"], facts["seen"], facts["compared"]) == (True, 100, 3, 3)
    made = Organisation.objects.get(name="Évry ville")
    assert {row.dataset_id: row.organisation.name for row in Dataset.objects.all()} == {
        "budget": made.name,
        "reserve": made.name,
        "parcs": town.organisation.name,
    }
    assert "transports" in Dataset.objects.get(dataset_id="budget").themes
    page = shown(client, f"{address}suivi/")
    assert "Recommencer, pour les différences" in page
    report = f"/admin/sources/lecture/{Run.objects.get().pk}/rapport/"
    assert report in page
    states = {row["there"]: row["state"] for row in client.get(f"{report}?format=json").json()["datasets"]}
    assert set(states.items()) == {("budget", "same"), ("parcs", "same"), ("reserve", "same")}, (
        "a choice is no difference"
    )
    # Moved again by the command: the same move, which finds that nothing has changed.
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)
    assert main(["move-in", far.portal.address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["unchanged"] == 3
    assert (Source.objects.count(), Organisation.objects.filter(name="Évry ville").count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "pas une adresse"}, "https://"),
        ({"url": "https://nom:motdepasse@data.exemple.fr"}, "contient un nom ou un mot de passe"),
        ({"url": ""}, 'aria-invalid="true"'),
    ],
)
def test_what_is_wrong_of_the_address_is_told_in_the_form(home, town, far, changes, words):
    values = {"url": far.portal.address, "organisation": town.organisation.pk, **changes}
    answer = client_of(town.superuser).post("/admin/emmenager/", values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Source.objects.exists()


def page_instead(handler) -> None:
    reply(handler, b"<!doctype html><title>Maintenance</title><p>Revenez", Content_Type="text/html")


def closed(handler) -> None:
    reply(handler, b"{}", 401)


@pytest.mark.parametrize(
    ("answer", "robots", "private", "words"),
    [
        (page_instead, "", True, "page web (« Maintenance »)"),
        (closed, "", True, "refuse l’accès (réponse 401)"),
        (None, "User-agent: *\nDisallow: /", True, "robots.txt"),
        (None, "", False, "réseau privé"),
    ],
)
def test_what_keeps_a_portal_from_being_tried_is_told_with_the_way_to_mend_it(
    through, far, settings, answer, robots, private, words
):
    far.add("a", rows(1))
    far.portal.robots = robots
    if answer is not None:
        far.portal.answers[API] = answer
    if not private:
        settings.PARVIS = {**settings.PARVIS, "PARVIS_SOURCES_PRIVATE_HOSTS": ()}
    client, address = through()
    page = shown(client, f"{address}mots/")
    assert words in page
    assert "Corriger l’adresse, le genre, la clé ou les options" in page
    assert "Commencer l’emménagement" not in page
    far.portal.answers.pop(API, None)
    if private:  # mended, it is tried again by the same form, and nothing typed was lost
        form = shown(client, f"{address}portail/")
        assert far.portal.address in form
        values = {
            "url": far.portal.address,
            "organisation": Source.objects.get().organisation_id,
            "ignore_robots": "on",
        }
        assert client.post(f"{address}portail/", values).status_code == 302
        assert Source.objects.count() == 1
        assert MovePlan.objects.get().job.state == Job.State.QUEUED


def test_the_screen_is_for_those_who_administer_and_each_sees_their_own(through, far, town):
    far.add("a", rows(1))
    _client, address = through(town.administrator)
    for person, status in ((town.contributor, 403), (town.steward, 403), (town.other, 404), (town.administrator, 200)):
        for place in ("mots/", "jeux/", "portail/", "mots.csv"):
            assert client_of(person).get(f"{address}{place}").status_code == status, (person, place)
    assert "emmenager" not in client_of(town.steward).get("/admin/sources/").content.decode()
    assert client_of(town.other).post(f"{address}mots/", {"acte": "commencer"}).status_code == 404
    assert not Run.objects.exists()


def test_who_may_make_no_organisation_is_proposed_none_and_told_so(through, far, town):
    far.add("a", rows(1), publisher="Syndicat inconnu")
    client, address = through(town.administrator)
    assert 'value="créer :' not in shown(client, f"{address}mots/")
    words = {"acte": "mots", "genre": "organisation", "mot-0": "Syndicat inconnu", "avant-0": ""}
    assert client.post(f"{address}mots/", {**words, "ici-0": "créer : Syndicat"}).status_code == 403
    answer = client.post(f"{address}mots/", {**words, "ici-0": "nulle part"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "l’organisation « nulle part » est inconnue" in page
    assert 'value="nulle part"' in page, "what was typed is there to be corrected"
    assert MovePlan.objects.get().choices == {}


def test_two_who_press_at_once_begin_one_move_and_each_keeps_the_words_of_the_other(through, far, work):
    far.add("a", rows(1), publisher="A", theme=["Un", "Deux"])
    client, address = through()
    both = {"acte": "mots", "genre": "theme", "mot-0": "Deux", "mot-1": "Un", "avant-0": "", "avant-1": ""}
    client.post(f"{address}mots/", {**both, "ici-0": "transports", "ici-1": ""})
    client.post(f"{address}mots/", {**both, "ici-0": "", "ici-1": "sante"})
    assert MovePlan.objects.get().choices["themes"] == {"Deux": "transports", "Un": "sante"}
    client.post(f"{address}mots/", {"acte": "essayer"})
    client.post(f"{address}mots/", {"acte": "essayer"})
    assert Job.objects.filter(kind="harvesting.move-plan", state="queued").count() == 1
    work()
    assert client.post(f"{address}mots/", {"acte": "commencer"}).url == f"{address}suivi/"
    assert client.post(f"{address}mots/", {"acte": "commencer"}).url == f"{address}suivi/"
    assert Run.objects.count() == 1
    with pytest.raises(AlreadyRunning):
        begin_move(OPERATOR, Source.objects.get())
    refused = client.post(f"{address}portail/", {"url": far.portal.address, "organisation": 1})
    assert refused.status_code == 422, "what is being read is not changed under it"


def test_words_that_are_typed_and_not_kept_go_with_the_move(through, far):
    far.add("a", rows(1), theme=["Un"])
    client, address = through()
    typed = {"acte": "commencer", "genre": "licence", "mot-0": "Autre", "avant-0": "", "ici-0": "nulle part"}
    refused = client.post(f"{address}mots/", typed)
    assert refused.status_code == 422 and not Run.objects.exists(), (
        "a word that is refused keeps the move from beginning"
    )
    typed = {"acte": "commencer", "genre": "theme", "mot-0": "Un", "avant-0": "", "ici-0": "transports"}
    assert client.post(f"{address}mots/", typed).url == f"{address}suivi/"
    assert Source.objects.get().mapping["themes"] == {"Un": "transports"}


def test_datasets_that_seem_here_already_are_asked_about_where_the_move_is_followed(through, far, town, work):
    far.add("a", rows(1))
    client, address = through()
    client.post(f"{address}mots/", {"acte": "commencer"})
    work()
    source, run = Source.objects.get(), Run.objects.get()
    places = (f"{address}suivi/", f"/admin/sources/lecture/{run.pk}/rapport/")
    answer_at = f"/admin/sources/{source.slug}/"
    assert all(f"{answer_at}#doublons" not in shown(client, place) for place in places)
    twin = make_dataset(organisation=town.organisation, dataset_id="b", title="Jeu b")
    Item.objects.create(source=source, identifier="b", title="Jeu b", twin=twin)
    assert all(f'href="{answer_at}#doublons"' in shown(client, place) for place in places)
    page = shown(client, answer_at)
    assert "Jeu b" in page and f'href="{address}"' in page, "and back"


@pytest.mark.django_db(transaction=True)
def test_a_portal_given_twice_at_once_is_one_move(home, town, monkeypatch):
    both, looked_up = threading.Barrier(2), move_services.former_move
    wishes = {"only": [], "without": [], "licence": "", "draft": False, "ignore_robots": False}

    def slow_look(*words):
        former = looked_up(*words)
        with suppress(threading.BrokenBarrierError):
            both.wait(1)  # were the second to look meanwhile, neither would see the move of the other
        return former

    def press():
        move_services.set_move(OPERATOR, town.organisation, None, "", url="https://data.exemple.fr", **wishes)
        connection.close()

    monkeypatch.setattr(move_services, "former_move", slow_look)
    threads = [threading.Thread(target=press) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Source.objects.count() == 1
    assert Job.objects.filter(kind="harvesting.move-plan", state="queued").count() == 1


def test_a_move_is_stopped_taken_up_and_its_failures_told(through, far, work, client):
    for n in range(3):
        far.add(f"j{n}", rows(2))
    client, address = through()
    client.post(f"{address}mots/", {"acte": "commencer"})
    client.post(f"{address}suivi/", {"acte": "arreter"})
    assert Run.objects.get().state == State.STOPPED
    work()
    assert not Dataset.objects.exists()
    assert "Reprendre où il s’est arrêté" in shown(client, f"{address}suivi/")
    far.portal.answers[f"{API}/j1/exports/jsonl"] = lambda handler: reply(
        handler, b"{cass", Content_Type="application/json"
    )
    client.post(f"{address}suivi/", {"acte": "reprendre"})
    client.post(f"{address}suivi/", {"acte": "reprendre"})
    assert Run.objects.get().state == State.QUEUED, "pressed twice, taken up once"
    work()
    run = Run.objects.get()
    assert run.state == State.DONE
    assert (run_progress(run)["failed"], Dataset.objects.count()) == (1, 3)
    page = shown(client, f"{address}suivi/")
    assert "Derniers échecs" in page
    assert "Jeu j1" in page


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"genre;mot;ici\nautre;a;b\n", "genre inconnu"),
        (b"\x00" * 300, "genre inconnu"),
        (b"genre;mot;ici\nlicence;maison;inventee\n", "la licence « inventee » est inconnue"),
        (b"a" * 5_000_001, "octets"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_and_changes_nothing(through, far, body, words):
    far.add("a", rows(1), license="maison")
    client, address = through()
    sent = SimpleUploadedFile("mots.csv", body, "text/csv")
    answer = client.post(f"{address}mots/", {"acte": "tableau", "table": sent})
    if words == "genre inconnu" and body.startswith(b"\x00"):
        assert answer.status_code in (302, 422)
    else:
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert MovePlan.objects.get().choices in ({}, {"organisations": {}, "licences": {}, "themes": {}})


@pytest.mark.parametrize("typed", ["créer : Nom", "Creer:Nom", "CRÉER\u00a0: Nom", " créer :  Nom"])
def test_an_organisation_to_be_made_is_understood_however_it_is_typed(typed, town):
    table = read_words(f"genre,mot,ici\norganisations,A,{typed}\n".encode(), "mots.csv")
    from_table = table.mapping()["organisations"]["A"]
    begun = Organisation.objects.count()
    slug = made_organisations(OPERATOR, {"organisations": {"A": from_table}})["organisations"]["A"]
    again = made_organisations(OPERATOR, {"organisations": {"A": from_table, "B": typed.replace("Nom", "NOM")}})
    assert set(again["organisations"].values()) == {slug}
    assert Organisation.objects.count() == begun + 1
