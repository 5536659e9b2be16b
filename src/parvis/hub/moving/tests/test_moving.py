"""The rest of a portal: read with a key that may and one that may not, cut and taken up, moved again after people worked here."""

from itertools import chain

import pytest
from django.core import mail

from parvis.config.cli.main import main
from parvis.core.errors import Forbidden
from parvis.domains.reuses.models import Reuse
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.far_portal import API, KEY, rows
from parvis.hub.moving import services
from parvis.hub.moving.models import Part
from parvis.hub.moving.services import leave_out
from parvis.hub.moving.tests.whole_portal import AUTOMATION, HTML, page, rest
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.services import publish_page


def test_with_a_key_that_may_everything_comes_as_drafts_and_proposals(far, move, key, client, town):
    row = next(row for row in far.portal.datasets if row["dataset_id"] == "velos")
    row["metas"]["default"]["theme"] = ["Mobilité douce", "Environnement"]
    facts = move(*key)[1]
    parts = rest(facts)
    assert facts["report"]["rest"]["themes"] == {"Mobilité douce": 1}, "the others are of our list"
    states = {name: row["state"] for name, row in parts.items()}
    assert states == {
        ("counts", "velos"): "told",
        ("portals", "enfant.exemple.fr"): "told",
        ("users", "lea@exemple.fr"): "waits",
        ("users", "tom@exemple.fr"): "told",
        ("users", "=cmd@exemple.fr"): "waits",
        ("groups", "g"): "told",
        ("pages", "velo"): "made",
        ("pages", "Budget.2024"): "made",
        ("pages", "studio:tableau"): "told",
        ("filters", "prive default"): "told",
        ("filters", "prive group:g"): "told",
        ("reuses", "7"): "waits",
        ("reuses", "8"): "failed",
    }
    assert parts["users", "lea@exemple.fr"]["role"] == "steward", "what her group may"
    assert not mail.outbox, "nobody is written to"

    here = ThemePage.objects.get(slug="velo")
    body = here.get_latest_revision_as_object().body
    assert (here.live, here.title) == (False, "Page velo")
    kinds = [child.block_type for child in body]
    assert kinds == ["text", "image", "table", "chart", "callout", "callout", "chart"]
    words = body[0].value.source
    assert words == '<h2>Le vélo</h2><p>Des mots piégés et <a href="/pages/autre/">une page</a>.</p>'
    assert (body[1].value["alt"], body[1].value["image"].width) == ("Un vélo", 1)
    assert (body[2].value["dataset"], body[2].value["columns"], body[2].value["where"]) == (
        "velos",
        "code, nombre",
        '`code` = "01001"',
    )
    assert {name: body[3].value[name] for name in ("mark", "calculation", "measure", "grouping")} == {
        "mark": "bars",
        "calculation": "sum",
        "measure": "nombre",
        "grouping": "code",
    }
    assert "absent" in body[4].value["text"].source
    assert "ods-gauge" in body[5].value["text"].source
    notes = " ".join(parts["pages", "velo"]["notes"])
    assert "graphiques comparés à ceux de là-bas, et identiques : 1" in notes, "the one of the frame"
    assert "graphique « Le vélo » : 6 valeurs diffèrent" in notes, "this portal answers counts for sums: it is told"
    assert ThemePage.objects.get(title="Page Budget.2024").slug == "budget-2024"
    assert client.get("/pages/velo/").status_code == 404
    publish_page(OPERATOR, here)
    shown = client.get("/pages/velo/").content.decode()
    assert "Le vélo" in shown
    assert "alert(" not in shown

    assert Dataset.objects.get(dataset_id="prive").access == Access.RESTRICTED, (
        "a rule closed a part of it: it is closed"
    )
    assert Dataset.objects.get(dataset_id="velos").access == Access.PUBLIC
    assert parts["filters", "prive default"]["notes"] == [
        "pour tout le monde",
        "seulement les lignes de « code:01001 »",
        "seulement les colonnes code",
        "le jeu est réservé ici",
    ]
    reuse = Reuse.objects.get()
    assert (reuse.title, reuse.live, reuse.to_confirm, reuse.datasets) == ("Une carte", False, False, ["velos"])
    information = client.get("/explore/dataset/velos/information/").content.decode()
    assert all(text in information for text in ("Avant son emménagement ici", "345", "127.0.0.1"))


def test_a_page_whose_name_cannot_be_ours_is_reached_by_its_former_address_once_online(far, move, key, client):
    far.lists[f"{AUTOMATION}/code_editor_pages/"] = [page("Budget.2024", "<p>Des sous</p>"), page("É&à?", "<p>x</p>")]
    move(*key, "--without", "users,groups,filters,reuses,portals,counts,drawings")
    assert client.get("/pages/Budget.2024/").status_code == 404, "a draft is nowhere"
    here = ThemePage.objects.get(slug="budget-2024")
    publish_page(OPERATOR, here)
    for address in ("/pages/Budget.2024/", "/pages/Budget.2024"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, "/pages/budget-2024/")
    assert client.get(answer["Location"]).status_code == 200, "one way: it leads back nowhere"
    other = ThemePage.objects.exclude(pk=here.pk).get()
    publish_page(OPERATOR, other)
    assert client.get("/pages/%C3%89&%C3%A0%3F/")["Location"] == f"/pages/{other.slug}/"
    for address in ("/pages/autre.2024/", "/pages/Budget.2024/x/", "/pages/%00/", f"/pages/{'a.' * 400}/"):
        assert client.get(address).status_code == 404
    here.unpublish()
    assert client.get("/pages/Budget.2024/").status_code == 404


def test_a_second_move_doubles_nothing_and_leaves_what_people_did(far, move, key, town):
    move(*key)
    before = (Part.objects.count(), ThemePage.objects.count(), Reuse.objects.count())
    edited = ThemePage.objects.get(slug="velo")
    edited.title = "Le titre d’ici"
    edited.save_revision()
    far.lists[f"{AUTOMATION}/code_editor_pages/"] = [
        page("velo", "<p>Autre chose</p>"),
        page("Budget.2024", "<p>D’autres sous</p>"),
    ]
    Dataset.objects.filter(dataset_id="prive").update(access=Access.PUBLIC)
    parts = rest(move(*key)[1])
    assert (Part.objects.count(), ThemePage.objects.count(), Reuse.objects.count()) == before
    assert parts["pages", "velo"]["state"] == "kept"
    assert edited.get_latest_revision_as_object().title == "Le titre d’ici"
    fresh = ThemePage.objects.get(slug="budget-2024").get_latest_revision_as_object()
    assert fresh.body[0].value.source == "<p>D’autres sous</p>", "nobody had touched that one"
    assert Dataset.objects.get(dataset_id="prive").access == Access.PUBLIC, "whoever opened it had read the rule"
    ThemePage.objects.get(slug="budget-2024").delete()
    far.lists[f"{AUTOMATION}/code_editor_pages/"] = [page("Budget.2024", "<p>Encore</p>")]
    assert rest(move(*key)[1])["pages", "Budget.2024"]["state"] == "left"
    assert not ThemePage.objects.filter(slug="budget-2024").exists()


def test_a_move_killed_in_the_middle_of_its_pages_goes_on(far, move, key, monkeypatch):
    real, calls = services.bring_page, chain([False, True], iter(lambda: False, True))

    def killed(*some):
        if next(calls):
            raise KeyboardInterrupt
        return real(*some)

    monkeypatch.setattr(services, "bring_page", killed)
    assert move(*key)[0] != 0
    assert ThemePage.objects.count() == 1
    Run.objects.filter(state="running").update(state="stopped")
    users = far.portal.asked.count(f"{AUTOMATION}/users/?limit=100&offset=0")
    parts = rest(move(*key)[1])
    assert parts["pages", "Budget.2024"]["state"] == "made"
    assert ThemePage.objects.count() == 2
    assert far.portal.asked.count(f"{AUTOMATION}/users/?limit=100&offset=0") == users, "what was read is not read again"


def test_with_a_key_that_may_not_what_everybody_sees_comes_and_the_rest_is_told(far, move, key):
    far.may = "Apikey une-autre"
    far.lay("/api/v2/pages", [{"page": {"slug": "velo", "title": {"fr": "Le vélo"}, "description": "…"}}], is_open=True)
    far.serve("/pages/velo/", f"<html><body><nav>Menu</nav><main>{HTML}</main>pied</body></html>".encode())
    facts = move(*key, "--without", "portals")[1]
    notes = {row["kind"]: row["note"] for row in facts["report"]["rest"]["kinds"]}
    assert all("403" in notes[kind] or "refus" in notes[kind] for kind in ("users", "groups", "filters"))
    parts = rest(facts)
    assert {kind for kind, _name in parts} == {"counts", "pages", "reuses"}, "portals were left out"
    words = ThemePage.objects.get().get_latest_revision_as_object().body[0].value.source
    assert words.startswith("<h2>Le vélo</h2>")
    assert "Menu" not in words
    plan = move(*key, "--dry-run")[1]["rest"]
    assert (plan["users"]["count"], plan["portals"]) == (None, {"count": 1, "reason": ""})
    assert main(["move-in", far.portal.address, "--without", "meubles"]) != 0


def test_what_is_written_to_harm_comes_harmless_and_one_that_cannot_come_stops_no_other(far, move, key):
    wild = "a" * 5_000
    far.lists[f"{AUTOMATION}/code_editor_pages/"] = [
        {
            **page("nul", "<p>a\0b</p><img alt='\0' src='http://127.0.0.1:1/x.png'><p>fin"),
            "title": {"fr": "T\0\ud800<b>"},
        },
        {**page("vide", ""), "title": wild},
        page("../../admin", "<p>x</p>"),
        page("suite", "<ods-table>" * 1_000),
    ]
    far.portal.answers["/pages/vide/"] = lambda handler: reply(handler, b"", 404)
    far.lists[f"{AUTOMATION}/users/"] = [{"email": "é\ud800\0@x.fr" + wild, "first_name": wild, "groups": 3}]
    parts = {name: row["state"] for (kind, name), row in rest(move(*key)[1]).items() if kind == "pages"}
    assert parts["nul"] == parts["../../admin"] == parts["suite"] == "made"
    assert parts["vide"] == "failed", "its public page is nowhere"
    titles = set(ThemePage.objects.values_list("slug", "title"))
    assert {("nul", "T<b>"), ("admin", "Page ../../admin")} <= titles


def test_a_list_that_does_not_turn_its_pages_ends_and_is_told_short(far, move, key):
    many = [{"email": f"a{n}@exemple.fr"} for n in range(250)]
    far.lists[f"{AUTOMATION}/users/"] = many
    far.portal.answers.pop("/api/v2/catalog/datasets/prive/reuses")
    assert len([1 for kind, _name in rest(move(*key, "--without", "pages")[1]) if kind == "users"]) == 250
    far.is_stuck = True
    far.lists[f"{AUTOMATION}/users/"] = many[::-1]
    facts = move(*key, "--without", "pages")[1]
    notes = {row["kind"]: row["note"] for row in facts["report"]["rest"]["kinds"]}
    assert notes["users"] == "le portail en annonce 250, et n’en donne que 100"
    assert "« prive »" in notes["reuses"], "one dataset of which they cannot be read does not hide those of the others"
    assert ("reuses", "7") in rest(facts)


def test_a_dry_run_counts_what_would_come_and_writes_nothing(far, move, key):
    far.portal.datasets[0]["metas"]["visualization"] = {"map_marker_color": "#ff0000", "table_fields": "code"}
    plan = move(*key, "--dry-run")[1]["rest"]
    counts = {"users": 2, "groups": 1, "pages": 2, "portals": 1, "drawings": 2}
    assert {kind: row["count"] for kind, row in plan.items()} == counts
    assert not Part.objects.exists()
    assert move("--dry-run")[1]["rest"]["users"]["count"] is None, "without a key"


def test_the_screen_tells_what_would_come_besides_datasets_and_leaves_what_is_ticked(far, home, town, work):
    client = client_of(town.superuser)
    form = {"url": far.portal.address, "organisation": town.organisation.pk, "key": KEY.removeprefix("Apikey ")}
    words = client.post("/admin/emmenager/", {**form, "parts_left": ["groups", "pages"]}).url
    work()
    page = " ".join(client.get(words).content.decode().split())
    assert "<dt>personnes à inviter</dt> <dd>2</dd>" in page, "a closed account is nobody to invite"
    assert "<dt>portails enfants</dt> <dd>1</dd>" in page
    assert "<dt>groupes</dt>" not in page
    assert not Part.objects.exists()
    source = Source.objects.get()
    settings = client.get(f"/admin/emmenager/{source.slug}/portail/").content.decode()
    ticked = [part.partition(">")[0] for part in settings.split('name="parts_left"')[1:]]
    assert [part.split('"')[1] for part in ticked if "checked" in part] == ["groups", "pages"]
    client.post(words, {"acte": "commencer"})
    work()
    assert set(Part.objects.values_list("kind", flat=True)) == {"counts", "portals", "users", "filters", "reuses"}
    # What cannot be read of the rest loses nothing of what was read before.
    far.lists[f"{AUTOMATION}/users/"] = [3]
    far.portal.answers["/api/v2/pages"] = lambda handler: reply(handler, b"{cass", Content_Type="application/json")
    far.may = "another key"
    client.post(words, {"acte": "essayer"})
    work()
    page = " ".join(client.get(words).content.decode().split())
    assert "<dt>Jeux</dt> <dd>2</dd>" in page
    assert "refuse l’accès (réponse 403)" in page


def test_people_are_invited_by_who_administers_alone_and_once(far, move, key, town):
    move(*key)
    source = Source.objects.get()
    address = f"/admin/emmenagement/{source.slug}/"
    lea = Part.objects.get(kind="users", identifier="lea@exemple.fr")
    steward = client_of(town.steward)
    assert "lea@exemple.fr" not in steward.get(f"{address}?partie=users").content.decode()
    form = {"personne": [lea.pk], "organisation": town.organisation.slug, "role": ""}
    steward.post(address, form)
    assert not Person.objects.filter(email="lea@exemple.fr").exists()
    assert client_of(town.other).get(address).status_code == 404
    administrator = client_of(town.administrator)
    shown = administrator.get(f"{address}?partie=users").content.decode()
    assert "Responsable des données" in shown
    assert ";'=cmd@exemple.fr" not in administrator.get(f"{address}?format=csv").content.decode().replace("\n'=", "")
    assert administrator.post(address, {**form, "personne": ["9" * 5_000, "9" * 30, "²"]}).status_code == 302
    for _time in range(2):
        administrator.post(address, form)
    person = Person.objects.get(email="lea@exemple.fr")
    assert (person.first_name, person.memberships.get().role) == ("Léa", "steward")
    assert Part.objects.get(pk=lea.pk).state == "made"
    assert [sent.to for sent in mail.outbox] == [["lea@exemple.fr"]], "pressed twice, sent once"


def test_what_a_key_sees_and_nobody_else_comes_closed(far, move, key):
    far.narrow["velos"] = 2
    facts = move(*key, "--without", "pages,users,groups,filters,reuses")[1]
    row = next(row for row in facts["report"]["datasets"] if row["there"] == "velos")
    assert Dataset.objects.get(dataset_id="velos").access == Access.RESTRICTED
    assert any("2 lignes sur 6" in reason for reason in row["reasons"])
    assert Dataset.objects.get(dataset_id="prive").access == Access.PUBLIC


def test_a_name_that_cannot_be_ours_leads_to_the_dataset_for_ever(far, move, client):
    far.add("Budget.2024", rows(2), title="Le budget")
    move("--without", "pages,reuses", "--only", "Budget*")
    present = Dataset.objects.get().dataset_id
    assert present == "budget-2024"
    answer = client.get("/explore/dataset/Budget.2024/table/?q=a")
    assert (answer.status_code, answer["Location"]) == (301, f"/explore/dataset/{present}/table/?q=a")
    assert client.get("/explore/dataset/Autre.nom/table/").status_code == 404
    api = client.get(f"{API}/Budget.2024/records?limit=1", follow=True)
    assert api.json()["total_count"] == 2


def test_who_may_not_publish_leaves_nothing_out(far, move, town):
    move("--without", "pages,reuses", "--only", "velos")
    with pytest.raises(Forbidden):
        leave_out(actor_of(town.other), Source.objects.get(), [])
