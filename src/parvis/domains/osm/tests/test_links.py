"""Ways from a finding to editors and to the form that corrects our row; what each licence lets go with them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.domains.osm.links import correction_links, editor_links, values_here
from parvis.domains.osm.selectors import finding_at
from parvis.hub.catalogue.models import Dataset
from parvis.hub.registry import MODULES, Module, RowLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(conflation):
    return finding_at(conflation, conflation.findings.get(ours='["L2"]').pk)


@pytest.fixture
def town(finding):
    return Dataset.objects.get(dataset_id="arceaux")


def test_editors_are_opened_at_the_object_with_what_differs(finding, town):
    in_id, josm = (urlsplit(editor.address) for editor in editor_links(finding, town))
    assert (in_id.netloc, parse_qs(in_id.query)) == ("www.openstreetmap.org", {"editor": ["id"], "node": ["102"]})
    assert parse_qs(in_id.fragment)["map"] == ["19/48.630000/2.551000"]
    assert parse_qs(in_id.fragment)["hashtags"] == ["#lieusaint"]
    assert parse_qs(in_id.fragment)["source"][0].startswith("Lieusaint, ")
    facts = parse_qs(josm.query)
    assert (josm.netloc, josm.path) == ("127.0.0.1:8111", "/load_and_zoom")
    assert (facts["select"], facts["addtags"]) == (["node102"], ["capacity=8"])
    assert float(facts["left"][0]) < 2.551 < float(facts["right"][0])


def test_a_new_object_is_begun_with_its_preset_and_its_tags(conflation, town):
    new = finding_at(conflation, conflation.findings.get(ours='["L3"]').pk)
    in_id, josm = (urlsplit(editor.address) for editor in editor_links(new, town))
    assert parse_qs(in_id.fragment)["presets"] == ["amenity/bicycle_parking"]
    tags = dict(pair.split("=") for pair in parse_qs(josm.query)["addtags"][0].split("|"))
    assert tags["amenity"] == "bicycle_parking"
    assert (josm.path, tags["capacity"]) == ("/add_node", "4")


def test_streetcomplete_is_for_what_it_asks_on_the_spot(conflation, finding, town):
    finding.facts["differences"] = [["capacity", "8", ""]]
    assert editor_links(finding, town)[-1].address == "geo:48.630000,2.551000?z=19"


LINK = RowLink("Corriger", ("id_local",), "/explore/dataset/arceaux/contribuer/ligne/?cle=")


def test_a_correction_is_offered_where_the_rows_of_the_dataset_may_be(finding, town, monkeypatch):
    assert correction_links(finding, town) == []
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", row_link=lambda _dataset: LINK))
    assert correction_links(finding, town) == [], "its key was not kept with the finding"
    finding.facts["ours"]["cells"]["id_local"] = "L2"
    (way,) = correction_links(finding, town)
    assert parse_qs(urlsplit(way.address).query) == {"cle": ['["L2"]']}  # under Licence Ouverte, nothing is copied
    town.licence = "odbl"
    (way,) = correction_links(finding, town)
    assert parse_qs(urlsplit(way.address).query) == {"cle": ['["L2"]'], "valeur.capacite": ["6"]}


def test_what_we_have_not_may_be_proposed_as_a_row(conflation, town, monkeypatch):
    row = conflation.findings.filter(verdict="missing-here").first()
    absent = finding_at(conflation, row.pk)
    assert correction_links(absent, town) == []
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", row_link=lambda _dataset: LINK))
    (way,) = correction_links(absent, town)
    assert way.address == "/explore/dataset/arceaux/contribuer/ajouter/"


def test_what_openstreetmap_says_of_what_we_have_not_is_proposed_under_odbl(imported, monkeypatch):
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", row_link=lambda _dataset: LINK))
    town, absent = (Dataset.objects.get(dataset_id="arceaux"), imported.findings.get(theirs="n107"))
    way = correction_links(finding_at(imported, absent.pk), town)[0]
    assert not urlsplit(way.address).query, "under Licence Ouverte, nothing is copied"
    town.licence = "odbl"
    query = parse_qs(urlsplit(correction_links(finding_at(imported, absent.pk), town)[0].address).query)
    assert query["valeur.capacite"] == ["20"]
    assert query["valeur.coordonneesxy"] == ["48.6200000, 2.5900000"]
    assert (query["valeur.acces"], query["valeur.gratuit"]) == (["LIBRE ACCES"], ["true"])
    moved = finding_at(imported, imported.findings.get(verdict="moved").pk)
    assert moved.side("ours")["cells"]["id_local"] == "L4", "its key is there before corrections are opened"
    query = parse_qs(urlsplit(correction_links(moved, town)[0].address).query)
    assert query["valeur.coordonneesxy"] == ["48.6500000, 2.5720000"]


def test_values_are_said_in_the_words_of_our_columns(finding):
    finding.facts["differences"] = [
        ["access", "yes", "private"],
        ["fee", "no", "yes"],
        ["covered", "no", "yes"],
        ["bicycle_parking", "stands", "rack"],
    ]
    assert values_here(finding) == {"acces": "PRIVE", "gratuit": "non", "couverture": "true"}
