"""``parvis import --recipe``, ``parvis recipe``, ``parvis addresses``: from the text of a recipe to what readers see."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.config.cli.main import main
from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.services import start_import
from parvis.hub.datastore.services.deposits import deposit_file
from parvis.hub.datastore.side_files import FAILED, all_rows, as_csv, side_file
from parvis.hub.datastore.side_tables import RecipeLoop
from parvis.hub.geocoding.tests.address_server import address_service
from parvis.hub.jobs.worker import drain
from parvis.hub.notifications.models import Outgoing
from parvis.hub.preparation.kinds import CHANGED
from parvis.hub.preparation.notices import changed
from parvis.hub.store import manifest_of
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

RECIPE = """# ce que le service envoie
[[step]]
do = "rename"
names = { "MONTANT" = "montant" }

[[step]]
do = "type"
columns = ["montant"]
type = "double"
"""
FIRST = "nom;MONTANT\nA;1 234,50 €\nB;néant\n"
SECOND = "nom;MONTANT\nC;12\nD;7,5\n"


@pytest.fixture
def file(tmp_path):
    def write(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows a commit happens at the end of the block."""
    return django_capture_on_commit_callbacks


def test_a_recipe_is_kept_and_made_again_at_the_next_delivery_and_its_failures_are_told(parvis, file):
    run = parvis("import", file("subventions.csv", FIRST), "--recipe", file("r.toml", RECIPE), "--json")
    assert (run.status, run.facts["failures"]) == (0, 1), run.err
    dataset = Dataset.objects.get()
    assert [step["name"] for step in dataset.steps] == ["prepare.rename", "prepare.type"]
    version = dataset.current
    manifest = manifest_of(dataset.uid, version.name)
    assert [(column.label, str(column.type)) for column in manifest.shape] == [("nom", "text"), ("montant", "double")]
    failed = all_rows(side_file(dataset, version, FAILED))
    assert failed == [{"line": 3, "step": 2, "column": "montant", "value": "néant", "reason": "not-double"}]
    lines = b"".join(as_csv(dataset, version, FAILED)).decode("utf-8-sig").splitlines()
    assert lines == [
        "ligne;étape;rang de l’étape;colonne;valeur;motif;code",
        "3;Lire comme un nombre, une date…;2;montant;néant;n’est pas un nombre;not-double",
    ]
    page = Client().get(f"{dataset.get_absolute_url()}information/").content.decode().replace("\u00a0", " ")
    assert "Colonnes renommées : « MONTANT » → « montant »" in page
    assert "1 valeur n’a pas pu être préparée" in page
    again = parvis("import", file("subventions.csv", SECOND), "--id", dataset.dataset_id, "--json")
    assert (again.status, again.facts["failures"]) == (0, 0)
    shown = parvis("recipe", "show", dataset.dataset_id)
    assert "# ce que le service envoie\n[[step]]" in shown.out
    lost = parvis("import", file("subventions.csv", "nom;TOTAL\nE;1\n"), "--id", dataset.dataset_id)
    assert (lost.status, "« rename » porte sur la colonne « MONTANT »" in lost.err) == (1, True)


def test_a_recipe_is_checked_and_tried_without_importing_anything(parvis, file):
    checked = parvis("recipe", "check", file("r.toml", RECIPE), "--json")
    assert len(checked.facts["steps"]) == 2
    wrong = parvis("recipe", "check", file("w.toml", RECIPE.replace('"type"\n', '"tpye"\n')))
    assert (wrong.status, "ligne 6 : aucune étape ne s’appelle « tpye » (« type » ?)" in wrong.err) == (1, True)
    pattern = RECIPE.replace('do = "type"', 'do = "regex_replace"\npattern = "(a+"').replace(
        'type = "double"', 'with = ""'
    )
    broken = parvis("recipe", "check", file("p.toml", pattern))
    assert (broken.status, "étape 2, « regex_replace » : réglage « pattern »" in broken.err) == (1, True)
    assert "« (a+ » est mal écrite : une parenthèse n’est pas fermée" in broken.err
    absent = parvis("recipe", "check", file("j.toml", JOIN))
    assert (absent.status, "aucun jeu avec des données ne s’appelle « communes »" in absent.err) == (1, True)
    tried = parvis("recipe", "preview", file("r.toml", RECIPE), file("f.csv", FIRST), "--json")
    assert tried.facts["rows"] == [["A", "1234.5"], ["B", ""]]
    assert tried.facts["failures"] == [[3, 2, "montant", "néant", "not-double"]]
    in_words = parvis("recipe", "preview", file("r.toml", RECIPE), file("f.csv", FIRST)).out
    assert (
        "étape 2 (Lire comme un nombre, une date…), « montant » : « néant » n’est pas un nombre (not-double)"
        in in_words
    )
    assert not Dataset.objects.exists()


ENDLESS = '[[step]]\ndo = "query"\nsql = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT max(i) AS m FROM r"'


def test_a_step_without_end_is_stopped_and_told_by_its_name_not_by_the_file(parvis, file, monkeypatch):
    monkeypatch.setattr("parvis.config.cli.recipe.STEP_SECONDS", 0.5)
    tried = parvis("recipe", "preview", file("r.toml", ENDLESS), file("f.csv", FIRST))
    assert tried.status == 1
    assert "L’étape 1, « Refaire la table par une requête SQL », a été arrêtée" in tried.out
    monkeypatch.setattr("parvis.config.cli.recipe.STEP_SECONDS", 0)
    monkeypatch.setattr("parvis.config.cli.recipe.SECONDS", 2.0)
    tried = parvis("recipe", "preview", file("r.toml", ENDLESS), file("f.csv", FIRST))
    assert (tried.status, "L’étape 1, « Refaire la table" in tried.err, "Découpez" in tried.err) == (1, True, False)


JOIN = """[[step]]
do = "join"
dataset = "communes"
on = { "code" = "code" }
take = { "habitants" = "habitants" }
"""


def test_a_dataset_follows_the_one_that_it_joins(parvis, file, committed):
    parvis("import", file("communes.csv", "code;habitants\n01001;10\n01002;20\n"), "--text", "code")
    joined = parvis(
        "import",
        file("ecoles.csv", "ecole;code\nA;01001\nB;01009\n"),
        "--recipe",
        file("j.toml", JOIN),
        "--text",
        "code",
        "--json",
    )
    assert joined.facts["failures"] == 1, joined.err
    child = Dataset.objects.get(dataset_id="ecoles")
    drain()
    assert child.versions.count() == 1
    with committed(execute=True):
        parvis("import", file("communes.csv", "code;habitants\n01001;10\n01009;90\n"), "--id", "communes")
        drain()
    with committed(execute=True):
        drain()
    child.refresh_from_db()
    assert child.versions.count() == 2
    lineage = manifest_of(child.uid, child.current.name).lineage
    communes = Dataset.objects.get(dataset_id="communes")
    assert lineage[0]["details"] == {"version": communes.current.name, "dataset": "communes", "failures": 0}
    drain()
    assert child.versions.count() == 2
    refused = parvis("datasets", "delete", "communes")
    assert (refused.status, "ne pourraient plus être refaits : ecoles" in refused.err) == (1, True)
    loop = [
        {"name": "prepare.join", "parameters": {"dataset": "ecoles", "on": {"code": "code"}, "take": {"e": "ecole"}}}
    ]
    with pytest.raises(RecipeLoop):
        start_import(OPERATOR, deposit=deposit_file(OPERATOR, file("c.csv", "code\n1\n")), dataset=communes, steps=loop)
    assert parvis("datasets", "delete", "communes", "--force").status == 0
    orphan = parvis("import", file("ecoles.csv", "ecole;code\nA;01001\n"), "--id", "ecoles")
    assert "L’étape 1, « Joindre un autre jeu de données », lit le jeu de données « communes »" in orphan.err


def test_the_owners_of_a_dataset_are_told_when_it_cannot_be_made_again(parvis, file, committed):

    parvis("import", file("communes.csv", "code;habitants\n01001;10\n"), "--text", "code")
    parvis("import", file("ecoles.csv", "ecole;code\nA;01001\n"), "--recipe", file("j.toml", JOIN), "--text", "code")
    child = Dataset.objects.get(dataset_id="ecoles")
    person = Person.objects.create_user("admin@exemple.fr")
    Membership.objects.create(person=person, organisation=child.organisation, role=Role.ADMINISTRATOR)
    with committed(execute=True):
        parvis("import", file("communes.csv", "code;population\n01001;10\n"), "--id", "communes")
        drain()
    drain()
    assert child.versions.count() == 1
    outgoing = Outgoing.objects.get(kind=CHANGED)
    message = changed(outgoing)
    assert "Communes" in message.subject
    assert "« communes » n’a pas de colonne « habitants »" in message.facts["problem"].replace("\u00a0", " ")


def test_a_dataset_that_is_not_open_goes_into_no_other_organisation(parvis, file):
    parvis("import", file("communes.csv", "code;habitants\n01001;10\n"), "--text", "code", "--access", "internal")
    Organisation.objects.create(slug="autre", name="Autre")
    run = parvis(
        "import",
        file("ecoles.csv", "ecole;code\nA;01001\n"),
        "--recipe",
        file("j.toml", JOIN),
        "--organisation",
        "autre",
    )
    assert (run.status, "n’est pas public" in run.err) == (1, True)
    assert Forbidden.code in run.err


ADDRESSES = """id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat
a;;10;;Rue des Écoles;91000;91228;Évry-Courcouronnes;2.44;48.62
b;;10;bis;Rue des Écoles;91000;91228;Évry-Courcouronnes;2.441;48.621
c;;3;;Boulevard du Général de Gaulle;91000;91228;Évry-Courcouronnes;2.45;48.63
"""
GEOCODE = """[[step]]
do = "geocode"
columns = ["adresse"]
postcode = "cp"
take = { "lat" = "latitude", "lon" = "longitude", "score" = "score", "niveau" = "level" }

[[step]]
do = "territory"
column = "ville"
from = "name"
within = "cp"
take = { "insee" = "code" }
"""


def test_addresses_are_loaded_and_geocode_with_a_score_and_a_level(parvis, file):
    Territory.objects.create(
        kind="commune",
        code="91228",
        name="Évry-Courcouronnes",
        folded="evry-courcouronnes",
        department="91",
        postcodes=["91000"],
    )
    places = file(
        "lieux.csv",
        "adresse;cp;ville\n10B rue des ecoles;91000;EVRY COURCOURONNES\n3 bd Gal de Gaulle;91000;Evry\n99 rue des Écoles;91000;\nnulle part;75001;Paris\n",
    )
    none = parvis("import", places, "--recipe", file("g.toml", GEOCODE))
    assert (none.status, "Aucune adresse n’est chargée" in none.err) == (1, True)
    assert parvis("addresses", "load", file("adresses-91.csv", ADDRESSES), "--json").facts == {"addresses": 3}
    wrong = parvis("addresses", "load", file("x.csv", "a;b\n1;2\n"))
    assert (wrong.status, "n’est pas un fichier d’adresses" in wrong.err) == (1, True)
    tried = parvis("recipe", "preview", file("g.toml", GEOCODE), places, "--json").facts
    by_header = [dict(zip(tried["headers"], row, strict=True)) for row in tried["rows"]]
    assert [(row["lat"], row["score"], row["niveau"]) for row in by_header] == [
        ("48.621000", "0.98", "housenumber"), ("48.630000", "0.98", "housenumber"), ("48.620500", "0.78", "street"), ("", "", ""),
    ]  # fmt: skip
    assert [row["insee"] for row in by_header] == ["91228", "", "", ""]
    assert {failure[4] for failure in tried["failures"]} == {"address-unknown", "unknown-name"}


NATIONAL = """[[step]]
do = "case"
columns = ["adresse"]
to = "upper"

[[step]]
do = "geocode"
columns = ["adresse"]
city = "ville"
service = "national"
take = { lat = "latitude", niveau = "level", score = "score" }
"""


def test_the_national_service_is_asked_what_is_new_at_each_delivery_and_its_failures_are_rows(
    parvis, file, settings, monkeypatch
):
    recipe = file("r.toml", NATIONAL)
    rows = "adresse;ville\n1 rue d’Éva;Paris\nrue inconnue;Paris\n1 Rue d’éva;Paris\n;\nadresse refusée;Paris\n"
    refused = parvis("import", file("a.csv", rows), "--recipe", recipe)
    assert (refused.status, "PARVIS_GEOCODING_API" in refused.err) == (1, True)
    with address_service(settings, monkeypatch) as service:
        run = parvis("import", file("a.csv", rows), "--recipe", recipe, "--json")
        assert (run.status, run.facts["failures"]) == (0, 2), run.err
        dataset = Dataset.objects.get(status="published")
        failed = all_rows(side_file(dataset, dataset.current, FAILED))
        assert [(row["line"], row["reason"]) for row in failed] == [(3, "address-unknown"), (6, "address-no-answer")]
        sent = {row["adresse"] for batch in service.batches for row in batch}
        assert sent == {"1 RUE D’ÉVA Paris", "RUE INCONNUE Paris", "ADRESSE REFUSÉE Paris"}
        service.batches.clear()
        preview = parvis("recipe", "preview", recipe, file("b.csv", rows + "2 rue d’Éva;Paris\n"), "--json")
        assert preview.facts["rows"][-1] == ["2 RUE D’ÉVA", "Paris", "48.850000", "housenumber", "0.94"]
        again = parvis("import", file("b.csv", rows + "2 rue d’Éva;Paris\n"), "--id", dataset.dataset_id, "--json")
        assert (again.status, again.facts["failures"]) == (0, 2)
        questions = [row["adresse"] for batch in service.batches for row in batch]
        assert ("2 RUE D’ÉVA Paris" in questions, "1 RUE D’ÉVA Paris" in questions) == (True, False)


def test_a_recipe_is_checked_on_a_machine_that_has_no_instance(file, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "nulle part"))
    assert main(["recipe", "check", str(file("r.toml", RECIPE + "off = true\n"))]) == 0
    assert "2. Désactivée : « montant » lu comme : nombre décimal" in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["recipe", "steps"]) == 0
    assert "timezone — " in capsys.readouterr().out
