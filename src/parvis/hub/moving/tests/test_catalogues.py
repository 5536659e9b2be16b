"""What comes of a CKAN and of a udata besides their datasets: showcases and reuses to be read, views as drafts, and nobody's name."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from parvis.config.cli.main import main
from parvis.core.errors import ParvisError
from parvis.core.sources.catalogue_lists import KINDS, read_catalogue_list
from parvis.domains.reuses.models import Reuse
from parvis.hub.atlas.models import Map
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.charts.models import Chart
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.tests.far_catalogues import FarCkan, FarUdata
from parvis.hub.moving import catalogues
from parvis.hub.moving.models import Part
from parvis.hub.moving.rules import State

FIELDS = [{"id": "Année", "type": "int4"}, {"id": "Nombre d'arbres", "type": "int4"}, {"id": "Lieu", "type": "text"}]
LINES = [{"Année": 2020 + n // 2, "Nombre d'arbres": n, "Lieu": "Évry"} for n in range(6)]
SHOWCASE = {
    "id": "s-1",
    "name": "carte-des-arbres",
    "title": "La carte des arbres",
    "notes": "Une **carte** de [l’association](https://asso.example).",
    "url": "https://asso.example/carte",
    "state": "active",
    "type": "showcase",
    "author": "Anne Exemple",
    "author_email": "anne@exemple.fr",
}
GRAPH = {
    "id": "0a1b-graph",
    "view_type": "recline_graph_view",
    "title": "Par an",
    "graph_type": "columns",
    "group": "Année",
    "series": "Nombre d'arbres",
}
REUSE = {
    "id": "6" * 24,
    "title": "Où planter",
    "description": "Un *calcul*.",
    "type": "application",
    "url": "https://planter.example/",
    "owner": {"first_name": "Anne", "last_name": "Exemple"},
    "organization": None,
    "private": False,
}


@pytest.fixture
def move(home, town, portal, monkeypatch, capsys) -> Callable[..., tuple[int, dict[str, Any]]]:
    """The command, in this process: its status and its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask(*words: str) -> tuple[int, dict[str, Any]]:
        status = main(["move-in", portal.address, "--organisation", town.organisation.slug, *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def ckan(portal) -> FarCkan:
    """Two packages, of which one has a table with views, and showcases of both."""
    far = FarCkan(portal)
    far.views: dict[str, list[dict[str, Any]]] = {}
    far.showcases = [SHOWCASE]
    far.shown = {"s-1": ["id-arbres", "id-parcs"]}
    trees = far.add("arbres")
    row = far.resource(trees, "arbres.csv", b"x")
    far.table(row, FIELDS, LINES)
    far.views[row["id"]] = [GRAPH]
    far.resource(far.add("parcs"), "parcs.csv", b"nom;surface\nLac;3\n")
    far.json_at("/api/3/action/resource_view_list", lambda query, key: _result(far.views.get(query["id"][0], [])))
    far.json_at("/api/3/action/ckanext_showcase_list", lambda query, key: _result(far.showcases))
    far.json_at(
        "/api/3/action/ckanext_showcase_package_list",
        lambda query, key: _result([{"id": name} for name in far.shown[query["showcase_id"][0]]]),
    )
    return far


def _result(rows: list[Any]) -> dict[str, Any]:
    return {"success": True, "result": rows}


def parts(kind: str) -> dict[str, tuple[str, str]]:
    return {
        part.title: (part.state, json.dumps(part.notes, ensure_ascii=False)) for part in Part.objects.filter(kind=kind)
    }


def test_showcases_of_a_ckan_wait_to_be_read_with_all_their_datasets_and_without_anybodys_name(move, ckan):
    status, facts = move()
    assert status == 0, facts
    (reuse,) = Reuse.objects.all()
    assert (reuse.title, reuse.link, reuse.signature) == ("La carte des arbres", "https://asso.example/carte", "")
    assert reuse.text == "Une carte de l’association (https://asso.example)."
    assert sorted(reuse.datasets) == ["arbres", "parcs"]
    assert not reuse.live
    (part,) = Part.objects.filter(kind="reuses")
    assert (part.state, part.target) == (State.WAITS, reuse.slug)
    assert "Anne" not in json.dumps(part.facts)
    move()
    assert Reuse.objects.count() == 1, "a second move doubles nothing"


def test_a_graph_of_a_ckan_is_a_draft_that_sums_the_same_lines_and_says_how_it_was(move, ckan):
    status, _facts = move()
    assert status == 0
    (chart,) = Chart.objects.all()
    assert not chart.live
    (source,) = chart.description["sources"]
    assert (source["grouping"], source["measure"], source["calculation"]) == ("annee", "nombre_d_arbres", "sum")
    state, notes = parts("drawings")["Jeu arbres : Par an"]
    assert state == State.MADE
    assert "chaque ligne était un point" in notes
    assert "compar" not in notes, "nothing was computed there"
    move()
    assert Chart.objects.count() == 1


def test_views_that_cannot_be_drawn_are_told_and_stop_no_other(move, ckan):
    (resource,) = ckan.views
    ckan.views[resource] = [
        {"id": "v1", "view_type": "recline_map_view", "title": "Carte", "map_field_type": "lat_long"},
        {"id": "v2", "view_type": "recline_graph_view", "title": "Perdu", "group": "Absente", "series": "Année"},
        {"id": "v3", "view_type": "recline_graph_view", "title": "Nuage", "group": "Année", "series": "Année",
         "graph_type": "points"},
        {"id": "v4", "view_type": "webpage_view", "title": "Page", "page_url": "https://evry.example/p"},
        {"id": "v5", "view_type": "datatables_view", "title": "Tableau", "show_fields": ["Lieu"]},
        {"id": "v6", "view_type": "datatables_view", "title": "Tout", "show_fields": ["Année", "Lieu", "Nombre d'arbres"]},
        {"id": "v7", "view_type": "recline_view", "title": "Aperçu"},
        {"id": "v8", "view_type": "maison", "title": "Maison"},
        GRAPH,
    ]  # fmt: skip
    status, _facts = move()
    assert status == 0
    drawn = parts("drawings")
    words = {
        "Carte": "pas de lieux",
        "Perdu": "absente",
        "Nuage": "scatter",
        "Page": "https://evry.example/p",
        "Tableau": "lieu",
        "Maison": "maison",
    }
    assert set(drawn) == {f"Jeu arbres : {title}" for title in (*words, "Par an")}
    for title, word in words.items():
        state, notes = drawn[f"Jeu arbres : {title}"]
        assert (state, word in notes) == (State.TOLD, True), (title, notes)
    assert drawn["Jeu arbres : Par an"][0] == State.MADE
    assert not Map.objects.exists()


def test_the_page_of_the_rest_shows_what_a_ckan_has_and_nothing_else(move, ckan, town):
    move()
    page = client_of(town.superuser).get(f"/admin/emmenagement/{Source.objects.get().slug}/").content.decode()
    assert "graphiques et cartes des jeux" in page
    assert "graphique 0a1b-graph" in page
    assert ("réutilisations" in page, "personnes à inviter" in page, "portails enfants" in page) == (True, False, False)


def test_a_ckan_without_the_extension_and_a_part_left_out_are_told(move, ckan):
    ckan.json_at("/api/3/action/ckanext_showcase_list", lambda query, key: 404)
    status, facts = move("--without", "drawings")
    assert status == 0
    kinds = {row["kind"]: row for row in facts["report"]["rest"]["kinds"]}
    assert set(kinds) == {"drawings", "reuses"}, "nothing is said of what no CKAN has"
    assert "ne les donne pas" in kinds["reuses"]["note"]
    assert not Part.objects.exists()


def test_a_showcase_of_no_dataset_that_came_or_that_leads_nowhere_is_told(move, ckan):
    ckan.showcases += [
        {**SHOWCASE, "id": "s-2", "title": "D’ailleurs"},
        {**SHOWCASE, "id": "s-3", "title": "Sans adresse", "url": ""},
        {**SHOWCASE, "id": "s-4", "title": "Privée", "private": True},
        {"id": 5, "title": None},
    ]
    ckan.shown |= {"s-2": ["id-autre"], "s-3": ["id-parcs"]}
    move()
    drawn = parts("reuses")
    assert {title: state for title, (state, _notes) in drawn.items()} == {
        "La carte des arbres": State.WAITS,
        "D’ailleurs": State.TOLD,
        "Sans adresse": State.FAILED,
    }
    assert Reuse.objects.count() == 1


def test_a_move_killed_between_two_showcases_goes_on_without_doubling(move, ckan, monkeypatch):
    ckan.showcases = [{**SHOWCASE, "id": f"s-{n}", "title": f"Carte {n}"} for n in range(4)]
    ckan.shown = {f"s-{n}": ["id-arbres"] for n in range(4)}
    real, left = catalogues.propose, [2]

    def dying(*args: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(catalogues, "propose", dying)
        assert move()[0] != 0
    assert Reuse.objects.count() == 2
    status, _facts = move()
    assert (status, Reuse.objects.count()) == (0, 4)


def test_reuses_of_a_udata_wait_once_with_all_their_datasets_and_only_an_organisation_is_named(move, portal):
    far = FarUdata(portal)
    rows = [far.add("lignes"), far.add("arrets")]
    for row in rows:
        far.resource(row, f"{row['slug']}.csv", b"nom;n\nA;1\n")
    both = [{"id": row["id"], "title": row["title"]} for row in rows]
    reuses = [
        {**REUSE, "datasets": both},
        *({**REUSE, "id": f"{n:024x}", "title": f"Carte {n}", "datasets": both[:1]} for n in range(60)),
        {**REUSE, "id": "7" * 24, "title": "Secrète", "private": True, "datasets": both},
    ]
    reuses[1]["organization"] = {"name": "Association"}

    def listed(query, key):
        page, size = int(query["page"][0]), int(query["page_size"][0])
        rows = [row for row in reuses if query["dataset"][0] in {part["id"] for part in row["datasets"]}]
        start = (page - 1) * size
        more = f"{far.root}/api/1/reuses/?page={page + 1}" if start + size < len(rows) else None
        return {"data": rows[start : start + size], "total": len(rows), "next_page": more}

    far.json_at("/api/1/reuses/", listed)
    status, _facts = move()
    assert status == 0
    assert Reuse.objects.count() == 61
    shared = Reuse.objects.get(title="Où planter")
    assert sorted(shared.datasets) == ["arrets", "lignes"]
    assert (shared.signature, Reuse.objects.get(title="Carte 0").signature) == ("", "Association")
    assert not Reuse.objects.filter(live=True).exists()


def test_a_dry_run_of_a_ckan_counts_its_showcases_and_writes_nothing(move, ckan):
    _status, facts = move("--dry-run")
    assert facts["rest"]["reuses"]["count"] == 1
    assert not Part.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        '{"success": false, "error": 3}',
        '{"result": [null, 3, {"id": [1], "title": {"fr": 2}, "filters": {"a": [[]]}, "view_type": true, "datasets": 4}]}',
        '{"data": [{"id": "a", "title": "\\ud800", "view_type": "x", "filters": [1], "show_fields": [[], {}], "url": "javascript:a"}]}',
        '{"result": {"a": 1}}',
    ],
)
def test_whatever_a_list_is_it_is_an_error_of_the_house_or_rows_that_can_be_kept(tmp_path, kind, body):
    path = tmp_path / "answer"
    path.write_text(body)
    try:
        page = read_catalogue_list(path, kind)
    except ParvisError:
        return
    for row in page.listed.facts():
        assert row["identifier"]
        assert "javascript" not in json.dumps(row)
        json.dumps(row, ensure_ascii=False).encode()
