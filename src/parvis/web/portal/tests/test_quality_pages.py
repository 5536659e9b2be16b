"""The pages of quality and profile: what they say, to whom, in what order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.jobs.services import run_here
from parvis.hub.quality.kinds import MEASURE
from parvis.hub.quality.models import VersionQuality
from parvis.hub.quality.notices import observe_all
from parvis.hub.quality.services import reckon
from parvis.web.portal.tests.figures import figures, read, shown

pytestmark = pytest.mark.django_db

FIRST = "id;essence;hauteur;courriel;plante;siret\n" + "".join(
    f"{n};{'chêne' if n % 3 else 'érable'};{n / 2};agent{n}@ville.example;20{10 + n % 9}-01-0{1 + n % 9};21560046100010\n"
    for n in range(1, 41)
)
SECOND = FIRST.replace(";chêne;", ";;", 8).replace("21560046100010", "21560046100011", 2)
BASE = "/explore/dataset/arbres/"


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Dataset]:
    """A dataset of two versions, both measured: made once, in a transaction around those of the tests."""
    source = tmp_path_factory.mktemp("trees") / "arbres.csv"
    with django_db_blocker.unblock(), transaction.atomic():
        town = make_organisation("Ville de Lisses", slug="lisses", kind="commune")
        card = {"title": "Arbres", "description": "Rues.", "frequency": "monthly"}
        dataset = create_dataset(OPERATOR, town, "arbres", card)
        for text in (FIRST, SECOND):
            source.write_text(text, encoding="utf-8")
            run_import_here(
                OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, source), dataset=dataset, publish=True)
            )
            dataset.refresh_from_db()
            run_here(OPERATOR, MEASURE, version=dataset.current_id)
        yield dataset
        transaction.set_rollback(True)


@pytest.fixture
def trees(measured, db) -> Dataset:
    return Dataset.objects.get(pk=measured.pk)


@pytest.fixture
def town(trees) -> Organisation:
    return trees.organisation


def test_the_quality_page_tells_score_formula_and_what_to_do(client, trees):
    page = read(client, f"{BASE}quality/")
    quality = VersionQuality.objects.get(version=trees.current)
    assert f"<strong>{str(quality.score).replace('.', ',').removesuffix(',0')}</strong>" in page
    assert "« essence » : cases vides, 8 sur 40." in page
    assert "« siret » : valeurs fausses, 2 sur 40." in page
    assert "21560046100011" in page
    assert "Non renseigné dans la fiche : contact." in page
    assert "divisée par la somme des poids" in page
    assert "Lignes : 40 dans la version précédente, 40 dans celle-ci." in page
    assert page.count("nouvelle version") >= 1


def test_points_to_win_back_and_points_had_make_a_hundred(client, trees):
    page = shown(client, f"{BASE}quality/")
    won = [float(text.replace(",", ".")) for text in re.findall(r"\+ ([\d,]+) pt", page)]
    score = VersionQuality.objects.get(version=trees.current).score
    assert score + sum(won) == pytest.approx(100, abs=0.1 * (len(won) + 1))


def test_a_former_version_keeps_its_measures(client, trees):
    first = trees.versions.last()
    page = shown(client, f"{BASE}quality/?version={first.name}")
    assert "qui n’est plus en ligne" in page
    assert "« essence » : cases vides" not in page
    assert shown(client, f"{BASE}quality/?version=inconnue", 404)


def test_only_editors_are_led_to_the_back_office(client, trees, town):
    assert "S’en occuper" not in shown(client, f"{BASE}quality/")
    client.force_login(make_member(town, Role.CONTRIBUTOR))
    page = shown(client, f"{BASE}quality/")
    assert "/admin/depots/nouveau/?jeu=arbres" in page
    assert "/admin/jeux/arbres/" in page


def test_before_the_measure_the_pages_say_so(client, trees):
    VersionQuality.objects.all().delete()
    trees.current.portraits.delete()
    assert "La mesure n’est pas encore faite" in shown(client, f"{BASE}quality/")
    assert "Le profil n’est pas encore fait" in shown(client, f"{BASE}profile/")


def test_the_profile_draws_columns_and_keeps_addresses_of_people_back(client, trees):
    page = read(client, f"{BASE}profile/")
    assert "Ce que contiennent les 6 colonnes" in page
    assert page.count('<svg class="bars"') == 3
    assert "érable" in page
    assert "@ville.example" not in page
    assert "peuvent désigner des personnes" in page
    assert "80 % remplie ; cases vides : 8" in page


def test_the_profile_says_which_words_stood_for_no_value_and_why(client, tmp_path):
    source = tmp_path / "menages.csv"
    source.write_text(
        "nom;menages\n" + "".join(f"a{n};{n}\n" for n in range(30)) + "b;s\nc;s\nd;NA\n", encoding="utf-8"
    )
    card = {"title": "Ménages", "description": "Par quartier.", "frequency": "annual"}
    dataset = create_dataset(OPERATOR, make_organisation("Ville de Lisses"), "menages", card)
    run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, source), dataset=dataset, publish=True)
    )
    dataset.refresh_from_db()
    run_here(OPERATOR, MEASURE, version=dataset.current_id)
    page = read(client, "/explore/dataset/menages/profile/")
    assert "« s » × 2, couverte par un secret ; « NA » × 1, valeur absente." in page


def test_what_the_profile_counts_is_what_the_table_shows(client, trees):
    counted = [
        one for one in figures(shown(client, f"{BASE}profile/")) if re.match("lignes|cases vides", one[1]["Requête"])
    ]
    assert len(counted) > 30
    for address, facts, text in counted:
        assert facts["Valeur"] == text
        assert re.search(r'id="lignes">(\d+) ligne', read(client, address))[1] == text, address


@pytest.mark.parametrize("tab", ["information", "quality", "profile"])
def test_every_figure_of_a_version_leads_to_that_version_and_says_what_they_share_once(client, trees, tab):
    page = shown(client, f"{BASE}{tab}/")
    shared = re.findall(r'<span id="provenance" hidden data-trail="([^"]*)"', page)
    assert len(shared) == 1
    assert {"Date", "Version", "Fichier source"} <= dict(json.loads(unescape(shared[0]))).keys()
    assert all(
        'data-trail-base="provenance"' in link or "Version" in link
        for link in re.findall(r'<a class="trail".*?</a>', page)
    )
    rows = [address for address, _facts, _text in figures(page) if "/table/" in address]
    assert rows
    assert all(
        f"version={trees.current.name}" in link or any(f"version={v.name}" in link for v in trees.versions.all())
        for link in rows
    )


def test_a_total_that_filters_left_tells_its_question_and_stays_true(client, trees):
    page = shown(client, f"{BASE}table/?colonne=essence&op=egal&valeur=érable")
    address, facts, text = next(one for one in figures(page) if "where" in one[1].get("Requête", ""))
    assert facts["Requête"] == 'select count(*) where `essence` = "érable"'
    assert f"version={trees.current.name}" in address
    assert f'id="lignes">{text} lignes' in read(client, address)


@pytest.mark.parametrize("tab", ["quality", "profile"])
def test_rights_are_those_of_the_rows(client, trees, town, tab):
    Dataset.objects.update(access="restricted")
    shown(client, f"{BASE}{tab}/", 404)
    Dataset.objects.update(announced=True)
    shown(client, f"{BASE}{tab}/", 403)
    client.force_login(make_member(town, Role.CONTRIBUTOR))
    shown(client, f"{BASE}{tab}/")


def test_values_of_strangers_are_shown_as_text(client, town, tmp_path):
    dataset = create_dataset(OPERATOR, town, "piege", {"title": "Piège", "description": "d"})
    source = tmp_path / "p.csv"
    source.write_text(
        "nom;siret\n" + "<script>alert(1)</script>;21560046100010\n" * 20 + "b;<b>x</b>\n", encoding="utf-8"
    )
    run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, source), dataset=dataset, publish=True)
    )
    dataset.refresh_from_db()
    run_here(OPERATOR, MEASURE, version=dataset.current_id)
    for tab in ("quality", "profile"):
        page = shown(client, f"/explore/dataset/piege/{tab}/")
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page
    assert "&lt;script&gt;alert(1)" in page


class TestBoards:
    @pytest.fixture
    def other(self, trees):
        """A dataset of another organisation, not measured, late since long."""
        dataset = make_dataset(
            make_organisation("Autre", slug="autre"), dataset_id="ecoles", title="Écoles", frequency="daily"
        )
        Dataset.objects.filter(pk=dataset.pk).update(data_modified=timezone.now() - timedelta(days=30))
        observe_all()
        return dataset

    def test_the_lowest_score_comes_first_and_what_is_not_measured_last(self, client, trees, other):
        page = read(client, "/qualite/")
        assert page.index(">Arbres</a>") < page.index(">Écoles</a>")
        assert "<dt>jeux mesurés</dt><dd>1 / 2</dd>" in page
        assert "Périmé" in page
        assert "/organisations/lisses/qualite/" in page

    @pytest.mark.parametrize("order", ["titre", "-titre", "note", "completeness", "-date", "licorne", "'; DROP", ""])
    def test_every_order_can_be_asked(self, client, trees, other, order):
        page = shown(client, "/qualite/?" + f"tri={order}")
        first = page.index(">Arbres</a>") < page.index(">Écoles</a>")
        assert first is (order != "-titre")

    def test_the_board_of_an_organisation_holds_its_own_datasets(self, client, trees, other):
        page = shown(client, "/organisations/lisses/qualite/")
        assert ">Arbres</a>" in page
        assert ">Écoles</a>" not in page
        shown(client, "/organisations/inconnue/qualite/", 404)

    def test_what_a_reader_may_not_see_is_on_no_board(self, client, trees, other):
        Dataset.objects.filter(pk=trees.pk).update(access="internal", announced=True)
        assert ">Arbres</a>" not in shown(client, "/qualite/")

    @pytest.mark.parametrize(("label", "count"), [("mesure", 1), ("perime", 1), ("en-retard", 0), ("en-panne", 0)])
    def test_a_figure_leads_to_the_datasets_that_it_counts(self, client, trees, other, label, count):
        address, facts, text = next(
            figure
            for figure in figures(shown(client, "/qualite/"))
            if f"etat={label}" in figure[0] and "moyenne" not in figure[1]["Requête"]
        )
        assert text.split(" / ")[0] == facts["Valeur"].split(" / ")[0] == str(count)
        page = read(client, f"/qualite/{address}")
        assert re.search(r'id="liste">(\d+) jeu', page)[1] == str(count)
        assert (">Arbres</a>" in page, ">Écoles</a>" in page) == (label == "mesure", label == "perime")
        assert "Montrer tous les jeux" in page

    def test_each_tenth_of_the_scores_leads_to_its_datasets(self, client, trees, other):
        counted = [one for one in figures(shown(client, "/qualite/")) if "dizaine=" in one[0]]
        assert sum(int(text) for _address, _facts, text in counted) == 1
        for address, _facts, text in counted:
            assert re.search(r'id="liste">(\d+) jeu', read(client, f"/qualite/{address}"))[1] == text

    @pytest.mark.parametrize("query", ["etat=licorne", "dizaine=12", "dizaine=-1", "dizaine=²", "etat="])
    def test_nonsense_shows_all_the_datasets(self, client, trees, other, query):
        assert "2 jeux de données" in read(client, f"/qualite/?{query}")

    def test_a_stale_dataset_costs_points_the_next_day(self, client, trees):
        Dataset.objects.filter(pk=trees.pk).update(data_modified=timezone.now() - timedelta(days=60))
        trees.refresh_from_db()
        before = VersionQuality.objects.get(version=trees.current).score
        reckon(trees)
        assert VersionQuality.objects.get(version=trees.current).score < before
        assert "Retard : 20 jours." in shown(client, f"{BASE}quality/")
