"""The deliberations of an organisation are a dataset that the SCDL schema holds valid; what is withdrawn leaves it, its past too."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.progress import no_progress
from parvis.core.validation.validator import validate
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.publication import left_out, publications
from parvis.domains.deliberations.scdl import COLUMNS, SCHEMA, lack_of, rows_of, siret_of
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.datastore.selectors import original_name, shape_of
from parvis.hub.jobs.models import Job
from parvis.hub.publications.kinds import PUBLISH
from parvis.hub.publications.services import publish_rows
from parvis.hub.store import store
from parvis.hub.ui.formatting import plain_text
from parvis.hub.validation.models import Verdict
from parvis.packs.schemas import load


def town(**extra):
    return make_organisation("Évry-Courcouronnes", slug="evry", siren="219102282", **extra)


def published_rows(dataset):
    text = store().local(original_name(dataset, dataset.current)).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def write(day=None):
    (publication,) = publications()
    return publish_rows(OPERATOR, publication, day or timezone.localdate(), no_progress)


def test_the_columns_are_those_of_the_schema():
    assert load(SCHEMA, "2.1.5", None).field_names == COLUMNS


@pytest.mark.parametrize("siret", ["21860194600013", "21560046100010"])
def test_the_establishment_is_the_first_of_the_legal_unit(siret):
    """Those of Poitiers and of a commune of Morbihan as they are published elsewhere."""
    assert siret_of(Organisation(name="x", siren=siret[:9])) == siret


@pytest.mark.django_db
def test_acts_online_make_a_dataset_that_follows_the_schema_and_is_valid(home):
    body = town()
    make_act(body, number="2026-001", matter="7.5", members=19, present=15, proxies=2, is_unanimous=True)
    make_act(body, number="2026-002", matter="7.10", members=19, votes_for=12, votes_against=3, abstentions=1)
    make_act(body, number="A-12", kind=Act.Kind.ORDER)
    make_act(body, number="2026-003", online=False)
    make_act(body, number="2026-004", matter="")
    make_act(make_organisation("Lieusaint", siren="217701147"), number="1")
    publication = next(row for row in publications() if row.dataset_id == "deliberations-evry")
    dataset = publish_rows(OPERATOR, publication, timezone.localdate(), no_progress)
    assert dataset.dataset_id == "deliberations-evry"
    assert (dataset.organisation, dataset.status, dataset.access) == (body, "published", "public")
    first, second = published_rows(dataset)
    assert first["COLL_SIRET"] == "21910228200015"
    assert first["DELIB_MATIERE_NOM"] == "Finances locales/Subventions"
    assert [first[name] for name in COLUMNS if name.startswith("VOTE")] == ["19", "17", "17", "0", "0"]
    assert [second[name] for name in COLUMNS if name.startswith("VOTE")] == ["19", "16", "12", "3", "1"]
    assert second["DELIB_MATIERE_CODE"] == "7.10"
    verdict = Verdict.objects.get(dataset_version=dataset.current)
    assert (verdict.schema, verdict.schema_version, verdict.valid) == (SCHEMA, "2.1.5", True)
    types = {column.name: str(column.type) for column in shape_of(dataset)}
    assert (types["delib_id"], types["delib_matiere_code"], types["vote_pour"]) == ("text", "text", "int")


@pytest.mark.django_db
def test_the_card_tells_how_many_acts_are_left_out_and_why_in_the_same_number_of_questions(
    home, client, django_assert_max_num_queries
):
    body = town()
    assembly = make_assembly(body, members=15)
    for rank in range(5):
        make_act(body, number=f"2026-{rank}", session=make_session(assembly), present=13, proxies=2, is_unanimous=True)
    make_act(body, number="A-12", kind=Act.Kind.ORDER)
    make_act(body, number="2026-9", matter="7")
    dataset = write()
    assert published_rows(dataset)[0]["VOTE_EFFECTIF"] == "15"  # that of the assembly, which no minutes repeat
    page = plain_text(client.get(f"{dataset.get_absolute_url()}information/").content.decode())
    assert "Autre acte qu’une délibération : 1" in page
    assert "Matière de second niveau manquante : 1" in page
    with django_assert_max_num_queries(2):
        assert len(left_out(dataset, ANONYMOUS)["lacks"]) == 2


@pytest.mark.django_db
def test_a_withdrawn_act_leaves_the_dataset_and_its_former_versions(home):
    body = town()
    secret = make_act(body, "Un objet à oublier", number="2026-001")
    other = make_act(body, number="2026-002")
    dataset = write()
    withdraw_act(OPERATOR, secret, "privacy")
    dataset = write()
    assert [row["DELIB_ID"] for row in published_rows(dataset)] == ["2026-002"]
    assert [version.pk for version in dataset.versions.all()] == [dataset.current_id]
    withdraw_act(OPERATOR, other, "court")
    assert published_rows(write()) == []


def times_of_publication() -> list[datetime]:
    """When the dataset of the town is to be published again."""
    jobs = Job.objects.filter(kind=PUBLISH, arguments={"dataset": "deliberations-evry"})
    return [datetime.fromisoformat(job.key.split()[1]) for job in jobs]


@pytest.mark.django_db
def test_what_is_withdrawn_leaves_the_dataset_within_two_minutes_and_other_changes_wait_for_the_hour(home):
    body = town()
    act = make_act(body, number="2026-001")
    make_act(body, number="2026-002")
    write()
    Job.objects.filter(kind=PUBLISH).delete()
    make_act(body, number="2026-003")
    assert {moment.minute for moment in times_of_publication()} == {0}
    Job.objects.filter(kind=PUBLISH).delete()
    withdraw_act(OPERATOR, act, "privacy")
    assert times_of_publication()[0] <= timezone.now() + timedelta(minutes=2)


@pytest.mark.django_db
def test_a_person_named_in_the_object_of_an_act_that_is_online_holds_nothing_back_and_a_telephone_does(home):
    body = town()
    make_act(body, "Subvention à Mme Sophie Bernard", number="2026-001")
    make_act(body, "Vente à M. Paul Durand et Mme Claire Petit", number="2026-002")
    assert len(published_rows(write())) == 2
    make_act(body, "Contact : jean.martin@gmail.com, 06 12 34 56 78", number="2026-003")
    with pytest.raises(PublicationHeld):
        write()
    dataset = Dataset.objects.get(dataset_id="deliberations-evry")
    assert (dataset.access, len(published_rows(dataset))) == ("public", 2)
    # what was erased is no longer open to all, even when the rows that remain wait for somebody
    first = Act.objects.get(number="2026-001")
    withdraw_act(OPERATOR, first, "privacy")
    with pytest.raises(PublicationHeld):
        write()
    dataset.refresh_from_db()
    assert dataset.access == "internal"
    assert [row["DELIB_ID"] for row in published_rows(dataset)] == ["2026-002", "2026-003"]
    assert [version.pk for version in dataset.versions.all()] == [dataset.current_id]


@pytest.mark.django_db
def test_an_act_has_only_the_dataset_of_its_organisation_published_again(home):
    body = town()
    make_assembly(make_organisation("Lieusaint"))
    make_act(body)
    names = {job.arguments["dataset"] for job in Job.objects.filter(kind=PUBLISH)}
    assert {"deliberations-evry", "deliberations-votes"} <= names
    assert not any(name.startswith("deliberations-organisation") for name in names)


ORGANISATION = Organisation(name="Évry", siren="219102282", slug="evry")
counts = st.none() | st.integers(0, 60)
days = st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1))
texts = st.text(max_size=20)
acts = st.builds(
    Act,
    organisation=st.just(ORGANISATION),
    kind=st.just(Act.Kind.DELIBERATION) | st.sampled_from(Act.Kind.values),
    title=texts | st.just("Subvention ; « fête »\nsuite"),
    slug=st.just("219102282-20260115-1-de"),
    number=st.just("2026/014") | texts,
    date=days | st.just(date(2026, 1, 15)),
    received_on=days,
    matter=st.sampled_from(["7.5", "7.10", "6.1", "4.1", "1.5", "7", "7.5.1", "9.9", ""]),
    budget_year=st.sampled_from(["2026", "2027/2026", "2026/2027", "0000", "x"]) | texts,
    budget_name=texts | st.just("Budget principal"),
    members=counts,
    present=counts,
    proxies=counts,
    votes_for=counts,
    votes_against=counts,
    abstentions=counts,
    is_unanimous=st.none() | st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(acts, min_size=1, max_size=30))
def test_whatever_acts_say_their_rows_are_valid(tmp_path_factory, given_acts):
    folder = tmp_path_factory.mktemp("scdl")
    rows = list(rows_of(given_acts))
    assert len(rows) == sum(not lack_of(act) for act in given_acts)
    with (folder / "actes.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([COLUMNS, *rows])
    if rows:
        report = validate(folder / "actes.csv", load(SCHEMA, "2.1.5", None), folder / "report")
        assert report.valid, list(report.faults)[:3]
