"""An extract has the rows of its condition and no other, each cell as it is in its dataset; it follows it, or says why it cannot."""

import json

import pytest
from django.urls import reverse

from parvis.core.errors import Forbidden
from parvis.core.explore import ExploreRequest, export
from parvis.core.profiling.plans import overrides_from_fields
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import create_dataset, rename_dataset
from parvis.hub.catalogue.services import publish as put_online
from parvis.hub.datastore.extracts import Question
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.datastore.services import keep_steps, run_import_here, start_import
from parvis.hub.datastore.services.deposits import deposit_file
from parvis.hub.datastore.side_tables import RecipeLoop
from parvis.hub.harvesting.tests.far_portal import FIELDS, rows
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.worker import drain
from parvis.hub.notifications.models import Outgoing
from parvis.hub.preparation.extracts import Wish, make_extract
from parvis.hub.preparation.kinds import CHANGED, REMAKE
from parvis.hub.preparation.notices import changed
from parvis.hub.preparation.services import EXTRACTING
from parvis.hub.store import manifest_of

pytestmark = pytest.mark.django_db

PLAIN = [field for field in FIELDS if field["name"] not in ("photo",)]


@pytest.fixture
def publish(home, town, tmp_path):
    """Put rows online as the next version of a dataset, of the types that columns are said to have."""

    def publish_now(table, dataset_id="velos", fields=PLAIN, **card) -> Dataset:
        path = tmp_path / "lignes.jsonl"
        path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in table))
        dataset = Dataset.objects.filter(dataset_id=dataset_id).first()
        if dataset is None:
            words = {"title": "Vélos", "description": "Les vélos.", "licence": "lov2", **card}
            dataset = create_dataset(OPERATOR, town.organisation, dataset_id, words)
        overrides = {name: row.to_dict() for name, row in overrides_from_fields(fields).items()}
        deposit = deposit_file(OPERATOR, path)
        imported = start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True, overrides=overrides)
        run_import_here(OPERATOR, imported)
        dataset.refresh_from_db()
        return dataset

    return publish_now


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows a commit happens at the end of the block."""
    return django_capture_on_commit_callbacks


def written(dataset: Dataset) -> list[dict]:
    """All its rows, as everybody who may would fetch them."""
    dataset = Dataset.objects.select_related("current").get(pk=dataset.pk)
    pieces = export(engine(), source_of(dataset), "jsonl", ExploreRequest())
    return [json.loads(line) for line in b"".join(pieces).splitlines()]


def extract(dataset, where="", **more) -> Dataset:
    question = Question(where, **{name: more.pop(name) for name in ("language", "columns") if name in more})
    wish = Wish("Un extrait", more.pop("dataset_id", "extrait"), "Des lignes.", question, **more)
    child = make_extract(OPERATOR, dataset, wish)
    drain()
    return Dataset.objects.select_related("current").get(pk=child.pk)


def test_each_cell_of_an_extract_is_that_of_its_dataset(publish):
    dataset = publish(rows(60))
    child = extract(dataset, "nombre is not null")
    assert child.status == Status.PUBLISHED, child
    whole = written(dataset)
    assert written(child) == [row for row in whole if row["nombre"] is not None]
    columns = [(column.name, column.label, column.type, column.annotations) for column in source_of(dataset).shape]
    assert [
        (column.name, column.label, column.type, column.annotations) for column in source_of(child).shape
    ] == columns
    assert columns[0][:2] == ("code", "Code INSEE")
    assert child.current.original == "extrait.csv"


def test_an_extract_has_the_columns_that_it_was_given_and_not_a_byte_of_the_others(publish, client):
    secret = [{**row, "photo": None, "chemin": "Mot/de/passe"} for row in rows(6)]
    child = extract(publish(secret), columns=("nombre", "code"), access=Access.PUBLIC)
    assert [sorted(row) for row in written(child)] == [["code", "nombre"]] * 6
    folder = versions_folder(child.uid)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if b"Mot/de" in path.read_bytes()]


def test_an_extract_follows_its_dataset_even_when_nothing_is_left_to_take(publish, committed):
    child = extract(publish(rows(6)), 'code = "01001"')
    assert len(written(child)) == 1
    rename_dataset(OPERATOR, Dataset.objects.get(dataset_id="velos"), "bicyclettes")
    for table, count in ((rows(12), 2), ([{**row, "code": "autre"} for row in rows(6)], 0), (rows(18), 3)):
        with committed(execute=True):
            publish(table, "bicyclettes")
        with committed(execute=True):
            drain()
        assert [row["code"] for row in written(child)] == ["01001"] * count
    lineage = manifest_of(child.uid, Dataset.objects.get(pk=child.pk).current.name).lineage
    assert lineage[0]["details"]["version"] == Dataset.objects.get(dataset_id="bicyclettes").current.name


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda fields: [field for field in fields if field["name"] != "code"], "code"),
        (
            lambda fields: [{**field, "type": "text"} if field["name"] == "nombre" else field for field in fields],
            "nombre",
        ),
    ],
)
def test_an_extract_whose_condition_no_longer_holds_keeps_its_last_rows_and_says_why(
    publish, committed, change, reason
):
    child = extract(publish(rows(6)), 'code = "01001" and nombre > 5')
    before = written(child)
    fields = change(PLAIN)
    names = {field["name"] for field in fields}
    with committed(execute=True):
        publish([{name: value for name, value in row.items() if name in names} for row in rows(24)], fields=fields)
    drain()
    assert written(child) == before
    mail = changed(Outgoing.objects.get(kind=CHANGED))
    assert f"« {reason} »" in mail.facts["problem"].replace("\u00a0", " "), "its administrator reads why"
    job = Job.objects.filter(kind=REMAKE).latest("pk")
    assert job.state == Job.State.FAILED


def test_an_extract_is_taken_on_a_screen_seen_first_and_made_once(publish, town, client):
    publish(rows(12))
    steward, address = client_of(town.steward), reverse("preparation:extract", args=["velos"])
    assert address in steward.get(reverse("backoffice:dataset", args=["velos"])).content.decode()
    shown = steward.get(address)
    form = {name: value for name, value in shown.context["form"].initial.items() if value}
    assert "taken" not in shown.context
    for where, columns, word in (
        ("", [], "le jeu tout entier"),
        ("nombre >", [], "where"),
        ("absente = 1", [], "absente"),
        ("jour > now()", [], "now()"),
        ("nombre > 0", ["inconnue"], "inconnue"),
    ):
        refused = steward.post(address, {**form, "where": where, "columns": columns})
        assert (refused.status_code, word in str(refused.context["form"].errors)) == (422, True), where
        assert refused.context["form"]["where"].value() == where, "what was typed stays"
    seen = steward.post(address, {**form, "where": "nombre > 0", "columns": ["code"], "voir": "1"})
    assert (seen.context["taken"].rows, seen.context["taken"].total) == (3, 12)
    assert seen.context["rows"]["headers"] == ["Code INSEE"]
    assert 'where = "nombre > 0"' in seen.context["recipe"]
    assert Dataset.objects.count() == 1
    wished = {**form, "where": "nombre > 0", "columns": ["code"]}
    assert steward.post(address, wished).status_code == 302
    again = steward.post(address, wished)
    assert (again.status_code, "déjà pris" in str(again.context["form"].errors["dataset_id"])) == (422, True)
    drain()
    child = Dataset.objects.get(dataset_id=form["dataset_id"])
    assert (child.status, child.access, len(written(child))) == (Status.PUBLISHED, Access.RESTRICTED, 3)
    assert client.get(child.get_absolute_url()).status_code == 404


def test_who_puts_nothing_online_takes_a_draft_and_opens_nothing(publish, town, committed):
    publish(rows(12))
    address = reverse("preparation:extract", args=["velos"])
    contributor = client_of(town.contributor)
    form = {**contributor.get(address).context["form"].initial, "where": "nombre > 0"}
    form = {name: value for name, value in form.items() if value}
    assert contributor.post(address, {**form, "access": "public"}).status_code == 422
    assert contributor.post(address, form).status_code == 302
    drain()
    child = Dataset.objects.get(dataset_id=form["dataset_id"])
    assert child.status == Status.DRAFT
    with committed(execute=True):
        publish(rows(4))
    with committed(execute=True):
        put_online(OPERATOR, child)
    drain()
    assert len(written(child)) == 1, (
        "it goes online with the rows of now, not with those of the day when it was drafted"
    )
    for person, status in ((town.reader, 302), (town.other, 403)):
        assert client_of(person).get(address).status_code == status
    with pytest.raises(Forbidden):
        wish = Wish("Ouvert", "ouvert", "x", Question("nombre > 0"), Access.PUBLIC)
        make_extract(actor_of(town.contributor), Dataset.objects.get(dataset_id="velos"), wish)


def test_a_dataset_is_no_extract_of_what_is_made_of_it(publish):
    dataset = publish(rows(6))
    child = extract(dataset, 'code = "01001"')
    with pytest.raises(RecipeLoop):
        keep_steps(
            OPERATOR,
            dataset,
            [{"name": EXTRACTING, "parameters": {"dataset": child.dataset_id, "where": "nombre > 0"}}],
        )
