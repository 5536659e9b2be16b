"""Services that sources tell beside their datasets, of a real server: made, changed, kept as people left them, withdrawn, back."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

import pytest

from parvis.core.sources.contract import Request, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.explore_services import asks_for_services
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.dataservices.elsewhere import packages
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.harvested import close, is_of_portal
from parvis.hub.dataservices.models import DataService, HarvestedService
from parvis.hub.dataservices.portal_slugs import PORTAL_SLUGS
from parvis.hub.harvesting.models import RunItem
from parvis.hub.harvesting.preview import preview
from parvis.hub.harvesting.rules import SERVICE_MARK, State
from parvis.hub.harvesting.selectors import reasons_of
from parvis.hub.harvesting.sources import save_source
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.conftest import portal, read  # noqa: F401 fixtures
from parvis.hub.records.rules import EditConflict
from parvis.hub.records.services import delete, update, withdraw

pytestmark = pytest.mark.django_db

UID = "6f1d1f5e-0000-4000-8000-000000000001"
PREFIXES = (
    "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . "
    "@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . "
    "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n"
)
LICENCE = "<https://www.etalab.gouv.fr/licence-ouverte-open-licence>"


def dataset(name: str) -> str:
    own = f'[ dcat:accessURL <https://x.fr/{name}.csv> ; dcat:accessService [ a dcat:DataService ; dct:title "De {name}" ] ]'
    return (
        f'<https://x.fr/d/{name}> a dcat:Dataset ; dct:title "Jeu {name}" ; dct:identifier "{name}" ; '
        f"dct:license {LICENCE} ; dcat:distribution {own} .\n"
    )


def service(
    name: str = UID,
    title: str = "WMS du département",
    serves: tuple[str, ...] = ("a",),
    endpoint: str = "https://x.fr/wms",
    more: str = "",
) -> str:
    served = "".join(f"dcat:servesDataset <https://x.fr/d/{key}> ; " for key in serves)
    return (
        f'<https://x.fr/services/{name}> a dcat:DataService ; dct:title "{title}" ; dct:identifier "{name}" ; {served}{more}'
        f'dct:description "Des cartes." ; dcat:endpointURL <{endpoint}> ; '
        f"dct:conformsTo <http://www.opengis.net/def/serviceType/ogc/wms> ; dct:license {LICENCE} ; "
        'dcat:contactPoint [ vcard:fn "SIG" ; vcard:hasEmail <mailto:sig@x.example> ] ; dcat:keyword "cartes" .\n'
    )


@pytest.fixture
def catalogue(portal):  # noqa: F811
    """``catalogue(*parts)``: what the graph of the portal says from now on."""

    def tell(*parts: str) -> None:
        body = (PREFIXES + "".join(parts)).encode()
        portal.answers["/catalog.ttl"] = lambda handler: reply(handler, body, Content_Type="text/turtle")

    return tell


@pytest.fixture
def source(home, town, portal):  # noqa: F811
    """The graph as a source of the town."""
    url = f"{portal.address}/catalog.ttl"
    options = {"dialect": "dcat", "url": url, "title": "Le département", "mode": "metadata", "schedule": ""}
    return save_source(OPERATOR, town.organisation, **options)


def told(run) -> dict[str, tuple[str, str]]:
    """Outcome and reasons of each service of a run."""
    rows = RunItem.objects.filter(run=run, identifier__startswith=SERVICE_MARK)
    return {row.identifier.removeprefix(SERVICE_MARK): (row.outcome, " | ".join(reasons_of(row)[1:])) for row in rows}


def test_a_service_comes_with_its_datasets_and_comes_again_unchanged(source, catalogue, read):  # noqa: F811
    catalogue(dataset("a"), dataset("b"), service(serves=("b", "z", "a")))
    run = read(source)
    assert (run.state, run.error, run.is_whole) == (State.DONE, None, True)
    assert told(run) == {UID: ("created", "")}
    assert run.counts["seen"] == 2, "services are not counted among datasets"
    (here,) = DataService.objects.all()
    assert (str(here.identifier), here.kind, here.endpoints, here.licence, here.live) == (
        UID,
        "wms",
        ["https://x.fr/wms"],
        "lov2",
        True,
    )
    assert (here.text, here.contact_email, here.keywords) == ("Des cartes.", "sig@x.example", ["cartes"])
    names = dict(Dataset.objects.values_list("title", "permanent_id"))
    assert here.datasets == [names["Jeu b"], names["Jeu a"]]
    revision = here.revision
    again = read(source)
    assert told(again) == {}
    here.refresh_from_db()
    assert here.revision == revision and DataService.objects.count() == 1


def test_what_the_source_changes_changes_but_for_what_a_person_wrote_here(source, catalogue, read):  # noqa: F811
    catalogue(dataset("a"), service())
    read(source)
    here = DataService.objects.get()
    update(OPERATOR, here, {"title": "Cartes du département", "datasets": []}, revision=here.revision)
    catalogue(dataset("a"), dataset("b"), service(title="WMS 2", endpoint="https://x.fr/wms2", serves=("a", "b")))
    run = read(source)
    here.refresh_from_db()
    assert (here.title, here.endpoints, here.datasets) == ("Cartes du département", ["https://x.fr/wms2"], [])
    assert told(run)[UID][0] == "updated" and "titre" in told(run)[UID][1]


def test_one_that_is_gone_is_withdrawn_after_three_readings_and_comes_back(source, catalogue, read):  # noqa: F811
    other = service("autre", "Autre", endpoint="https://x.fr/autre")
    catalogue(dataset("a"), service(), other)
    read(source)
    catalogue(dataset("a"), other)
    assert [told(read(source))[UID][0] for _rank in range(3)] == ["missing", "missing", "archived"]
    here = DataService.objects.get(identifier=UID)
    assert (here.live, here.status) == (False, "retired")
    assert told(read(source)) == {}
    catalogue(dataset("a"), service(), other)
    assert told(read(source))[UID][0] == "updated"
    here.refresh_from_db()
    assert here.live


def test_a_catalogue_that_gives_none_any_more_is_not_believed(source, catalogue, read):  # noqa: F811
    catalogue(dataset("a"), service(), service("autre", "Autre", endpoint="https://x.fr/autre"))
    read(source)
    catalogue(dataset("a"))
    assert all(told(read(source)) == {} for _rank in range(4))
    assert DataService.objects.filter(live=True).count() == 2


def test_what_a_person_withdrew_or_deleted_here_stays_so(source, catalogue, read):  # noqa: F811
    catalogue(dataset("a"), service(), service("autre", "Autre", endpoint="https://x.fr/autre"))
    read(source)
    withdraw(OPERATOR, DataService.objects.get(identifier=UID))
    delete(OPERATOR, DataService.objects.get(title="Autre"))
    catalogue(dataset("a"), service(title="X"), service("autre", "Autre", endpoint="https://x.fr/autre"))
    assert {name: row[0] for name, row in told(read(source)).items()} == {UID: "skipped", "autre": "skipped"}
    (here,) = DataService.objects.all()
    assert (here.live, here.title) == (False, "WMS du département")


def test_drafts_stay_drafts_where_the_source_puts_nothing_online_and_go_on_changing(source, catalogue, read):  # noqa: F811
    source.publish = False
    source.save()
    catalogue(dataset("a"), service())
    read(source)
    catalogue(dataset("a"), service(title="WMS 2"))
    assert told(read(source))[UID][0] == "updated"
    here = DataService.objects.get()
    assert (here.live, here.get_latest_revision_as_object().title) == (False, "WMS 2")


def test_the_services_that_a_portal_has_of_itself_do_not_come_nor_ours_passed_on(source, catalogue, read, town):  # noqa: F811
    own = make_service(town.organisation)
    csw = "https://autre.example/csw"
    catalogue(
        dataset("a"),
        service(str(uuid5(NAMESPACE_URL, csw)), "CSW : le catalogue", endpoint=csw),
        service(str(own.identifier), "API des piscines", endpoint="https://api.evry.example/v1"),
    )
    run = read(source)
    assert {row[0] for row in told(run).values()} == {"skipped"}
    assert any("portail lui-même" in row[1] for row in told(run).values())
    assert any("vient d’ici" in row[1] for row in told(run).values())
    assert list(DataService.objects.values_list("pk", flat=True)) == [own.pk]


def test_one_whose_card_somebody_wrote_here_is_not_made_twice(source, catalogue, read, town):  # noqa: F811
    make_service(town.organisation, "WMS tapé à la main", endpoints=["https://x.fr/wms"])
    catalogue(dataset("a"), service())
    run = read(source)
    assert told(run)[UID] == ("skipped", "semble déjà ici : « WMS tapé à la main »")
    assert DataService.objects.count() == 1


def test_bad_services_are_told_and_end_nothing_else(source, catalogue, read):  # noqa: F811
    catalogue(
        dataset("a"),
        service("sans", "Sans adresse", endpoint="ftp://x.fr/"),
        service("long", "T" * 900, endpoint="https://x.fr/long"),
        service("nul", "Bon", endpoint="https://x.fr/nul", more='dct:accessRights "RESTRICTED" ; '),
    )
    run = read(source)
    outcomes = {name: row[0] for name, row in told(run).items()}
    assert outcomes == {"sans": "failed", "long": "created", "nul": "created"}
    assert DataService.objects.get(title="Bon").access == "restricted"
    assert run.state == State.DONE and Dataset.objects.filter(title="Jeu a").exists()


def test_filters_leave_services_out_as_they_do_datasets(source, catalogue, read):  # noqa: F811
    source.filters = {"tag": ["piscines"]}
    source.save()
    catalogue(dataset("a"), service())
    assert told(read(source))[UID][0] == "skipped"
    assert not DataService.objects.exists()


def test_a_preview_counts_no_service_as_refused(source, catalogue):
    catalogue(dataset("a"), service())
    seen = preview(source)
    assert (len(seen.items), seen.refused) == (1, 0)


def test_a_harvested_service_goes_to_data_gouv_only_when_it_is_chosen(source, catalogue, read, town):  # noqa: F811
    catalogue(dataset("a"), service())
    read(source)
    (package,) = packages(town.organisation)
    assert ("Le département", source.url) in package.sources


# -- udata


def udata_dataset(name: str) -> dict:
    return {
        "id": name,
        "title": f"Jeu {name}",
        "slug": name,
        "license": "lov2",
        "organization": {"id": "5a0000000000000000000001", "name": "Grigny"},
        "resources": [],
        "page": f"https://www.data.example/datasets/{name}/",
    }


def udata_service(name: str, **columns) -> dict:
    return {
        "id": name,
        "title": f"API {name[-1]}",
        "description": "## Une **API**",
        "base_api_url": f"https://api.example/{name}",
        "machine_documentation_url": "https://api.example/openapi.json",
        "technical_documentation_url": "pas une adresse",
        "rate_limiting": "10 par seconde",
        "availability": 99.5,
        "access_type": "open_with_account",
        "format": "REST",
        "license": "notspecified",
        "tags": ["api"],
        "organization": {"id": "5a0000000000000000000001", "name": "Grigny"},
        "datasets": {"href": "https://ailleurs.example/", "total": 2},
        "self_web_url": f"https://www.data.example/dataservices/{name}/",
        **columns,
    }


S1, S2 = "5e0000000000000000000001", "5e0000000000000000000002"


class UdataPortal:
    """What a udata answers."""

    def __init__(self, portal) -> None:  # noqa: F811
        self.datasets = [udata_dataset("6b1"), udata_dataset("6b2")]
        self.services = [udata_service(S1), udata_service(S2, datasets={"total": 0}, private=False)]
        self.served = {S1: ["6b2", "ailleurs"]}
        self.status = 200
        portal.answers["/api/1/datasets/"] = self.answer_datasets
        portal.answers["/api/1/organizations/grigny/datasets/"] = self.answer_datasets
        portal.answers["/api/1/dataservices/"] = self.answer_services

    def answer_datasets(self, handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        if "dataservice" in query:
            rows = [{"id": name} for name in self.served[query["dataservice"][0]]]
            return reply(handler, json.dumps({"data": rows}).encode())
        body = {"data": self.datasets, "total": len(self.datasets), "next_page": None}
        return reply(handler, json.dumps(body).encode())

    def answer_services(self, handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        assert query["organization"] == ["5a0000000000000000000001"]
        body = {"data": self.services, "total": len(self.services), "next_page": None}
        reply(handler, json.dumps(body if self.status == 200 else {}).encode(), self.status)


@pytest.fixture
def udata(portal):  # noqa: F811
    return UdataPortal(portal)


@pytest.fixture(params=["grigny", "5a0000000000000000000001"])
def udata_source(home, town, portal, request):  # noqa: F811
    url = f"{portal.address}/organizations/{request.param}/"
    options = {"dialect": "udata", "url": url, "title": "data", "mode": "metadata", "schedule": ""}
    return save_source(OPERATOR, town.organisation, **options)


def test_the_services_of_an_organisation_of_udata_come_with_the_datasets_that_they_serve(
    udata,
    udata_source,
    read,  # noqa: F811
):
    run = read(udata_source)
    assert (run.state, run.error, run.is_whole) == (State.DONE, None, True)
    assert {name: row[0] for name, row in told(run).items()} == {S1: "created", S2: "created"}
    here = DataService.objects.get(title="API 1")
    assert (here.rate, here.availability, here.access, here.documentation) == (
        "10 par seconde",
        "99,5 %",
        "open_with_account",
        "",
    )
    assert here.datasets == [Dataset.objects.get(title="Jeu 6b2").permanent_id]
    assert here.text == "Une API"
    assert told(read(udata_source, complete=True)) == {}


@pytest.mark.parametrize("udata_source", ["grigny"], indirect=True)
def test_a_udata_without_services_gives_its_datasets_whole_and_loses_none(udata, udata_source, read):  # noqa: F811
    read(udata_source)
    udata.status = 404
    for _rank in range(4):
        run = read(udata_source, complete=True)
        assert (run.state, run.is_whole) == (State.DONE, True)
    assert list(told(run)) == ["?"]
    assert DataService.objects.filter(live=True).count() == 2


@pytest.mark.parametrize("udata_source", ["grigny"], indirect=True)
def test_archived_private_and_deleted_services_of_udata_are_left(udata, udata_source, read):  # noqa: F811
    udata.services = [
        udata_service(S1, archived_at="2026-01-01"),
        udata_service(S2, private=True),
        udata_service("5e0000000000000000000003", deleted_at="2026-01-01"),
    ]
    read(udata_source)
    assert not DataService.objects.exists() and not HarvestedService.objects.exists()


# -- what another Parvis tells of its own, in each protocol


@pytest.fixture
def told_here(home, town):
    """A service of this portal that serves a dataset, as others read it."""
    served = make_dataset(town.organisation, dataset_id="piscines", title="Piscines")
    columns = {
        "kind": "wms",
        "text": "Les bassins.",
        "endpoints": ["https://sig.evry.example/wms"],
        "description_address": "https://sig.evry.example/wms?service=WMS&request=GetCapabilities",
        "documentation": "https://sig.evry.example/doc",
        "licence": "lov2",
        "keywords": ["eau"],
        "contact_name": "SIG",
        "contact_email": "sig@evry.example",
    }
    return make_service(town.organisation, "Plan des bassins", datasets=[served.permanent_id], **columns), served


def read_of(client, tmp_path, dialect: str, path: str):
    body = client.get(path)
    assert body.status_code == 200
    answer = tmp_path / "answer"
    answer.write_bytes(body.content or b"".join(body.streaming_content))
    url = f"http://testserver{path}"
    return DIALECTS[dialect].read(answer, Request(url), Settings(url))


def test_dcat_of_a_parvis_tells_its_services_and_its_own_are_known_as_such(told_here, client, tmp_path):
    own, _dataset = told_here
    page = read_of(client, tmp_path, "dcat", "/catalog.ttl")
    services = {service.identifier: service for service in page.services}
    told_one = services.pop(str(own.identifier))
    assert (told_one.title, told_one.kind, told_one.endpoints, told_one.licence) == (
        "Plan des bassins",
        "wms",
        ("https://sig.evry.example/wms",),
        "lov2",
    )
    assert told_one.description_address.endswith("GetCapabilities") and told_one.documentation.endswith("/doc")
    assert (told_one.contact_name, told_one.contact_email) == ("SIG", "sig@evry.example")
    assert [item.identifier for item in page.items] == list(told_one.serves)
    assert len(services) == len(PORTAL_SLUGS) and all(map(is_of_portal, services.values()))


def test_csw_of_a_parvis_tells_its_services_and_counts_them_apart(told_here, client, tmp_path):
    own, _dataset = told_here
    query = "service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results&elementSetName=full"
    schema = "http://www.isotc211.org/2005/gmd"
    page = read_of(client, tmp_path, "csw", f"/csw?{query}&outputSchema={schema}&maxRecords=50")
    services = {service.identifier: service for service in page.services}
    told_one = services.pop(str(own.identifier))
    assert (told_one.title, told_one.kind, told_one.endpoints) == (
        "Plan des bassins",
        "wms",
        ("https://sig.evry.example/wms",),
    )
    assert (told_one.licence, told_one.keywords, told_one.contact_email) == ("lov2", ("eau",), "sig@evry.example")
    assert [item.identifier for item in page.items] == list(told_one.serves) == ["piscines"]
    assert page.total == 1 and not page.refusals
    assert len(services) == len(PORTAL_SLUGS) and all(map(is_of_portal, services.values()))


def test_an_explore_catalogue_of_a_parvis_leads_to_its_services_and_another_portal_to_none(told_here, client, tmp_path):
    own, _dataset = told_here
    page = read_of(client, tmp_path, "explore", "/api/explore/v2.1/catalog/datasets?include_app_metas=true")
    (item,), (request,) = page.items, page.following
    body = client.get(request.url.removeprefix("http://testserver")).content
    (tmp_path / "services").write_bytes(body)
    services = DIALECTS["explore"].read(tmp_path / "services", request, Settings("http://testserver/"))
    (told_one,) = services.services
    assert (told_one.identifier, told_one.kind, told_one.licence) == (str(own.identifier), "wms", "lov2")
    assert told_one.serves == (item.landing_page,)
    assert (services.following, services.total) == ((), None)
    assert asks_for_services([{"metas": {"default": {}}}], "https://ods.example") == ()


def test_one_that_somebody_saves_meanwhile_is_told_and_ends_no_reading(source, catalogue, read, monkeypatch):  # noqa: F811
    def saved_meanwhile(*_words, **_names):
        raise EditConflict(title="WMS")

    monkeypatch.setattr("parvis.hub.dataservices.harvested.update", saved_meanwhile)
    catalogue(dataset("a"), service())
    run = read(source)
    assert run.state == State.DONE and told(run)[UID][0] == "failed"
    monkeypatch.undo()
    read(source)
    assert DataService.objects.get().datasets


def test_services_of_a_parvis_are_tied_to_datasets_by_their_page(source, catalogue, read):  # noqa: F811
    catalogue(dataset("a"), service(serves=()))
    read(source)
    row = HarvestedService.objects.get()
    row.serves = ["https://x.fr/d/a"]
    row.save()
    list(close(source.runs.first(), OPERATOR, False))
    assert DataService.objects.get().datasets == [Dataset.objects.get(title="Jeu a").permanent_id]


def test_a_service_deleted_here_is_brought_back_by_no_other_portal_that_had_it(source, town, catalogue, read):  # noqa: F811
    own = make_service(town.organisation, endpoints=["https://ville.fr/wms"])
    identifier = str(own.identifier)
    catalogue(service(name=identifier, endpoint="https://ville.fr/wms", serves=()))
    read(source)
    assert told(read(source)) == {identifier: ("skipped", "vient d’ici : ce portail l’a pris au nôtre")}
    delete(OPERATOR, own)
    assert told(read(source)) == {identifier: ("skipped", "supprimé ici par une personne")}
    assert not DataService.objects.exists()
    catalogue(service(name=UID, endpoint="https://ville.fr/wms", serves=()))
    assert told(read(source)) == {UID: ("created", "")}, "another one at the same address is welcome"
    other = save_source(
        OPERATOR, town.organisation, dialect="dcat", url=f"{source.url}?miroir", title="Miroir", mode="metadata"
    )
    delete(OPERATOR, DataService.objects.get())
    assert told(read(other)) == {UID: ("skipped", "supprimé ici par une personne")}, (
        "nor by a mirror of the source it came from"
    )
