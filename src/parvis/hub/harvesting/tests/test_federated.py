"""Federated datasets, of a server that answers well, badly, late or no more."""

import json
import re
import time

import pytest
import rdflib

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import set_access, unpublish, update_card
from parvis.hub.harvesting import federated as asking
from parvis.hub.harvesting.models import Host
from parvis.hub.harvesting.rules import Mode, NotFederable, Outcome
from parvis.hub.harvesting.selectors import items_of, reasons_of
from parvis.hub.harvesting.sources import remove_source, save_source
from parvis.hub.harvesting.tests.catalogue_server import dataset, dripping, endless, reply
from parvis.hub.jobs.models import Job

API = "/api/explore/v2.1/catalog/datasets/villes"
PAGE = "/explore/dataset/villes"
ROWS = [{"ville": "Évry", "population": 66919}, {"ville": "Corbeil", "population": 52000}]
FIELDS = [
    {"name": "ville", "label": "Ville", "type": "text", "annotations": {"facet": True}},
    {"name": "population", "label": "Population", "type": "int", "annotations": {}},
    {"name": "lieu", "label": "Lieu", "type": "geo_point_2d", "annotations": {}},
]


def towns(**changes):
    return {**dataset("villes", records_count=2, **changes), "fields": FIELDS}


def answering(portal, body, status=200, path="/records", **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    portal.answers[API + path] = lambda handler: reply(handler, text, status, **headers)


def asked_rows(portal):
    return [path for path in portal.asked if path.startswith((f"{API}/records", f"{API}/facets"))]


@pytest.fixture
def villes(source, portal, read):
    """A dataset of the portal, federated."""
    asking._answers().clear()
    portal.datasets = [towns()]
    answering(portal, {"total_count": 2, "results": ROWS})
    source = save_source(OPERATOR, source.organisation, source, mode=Mode.FEDERATED)
    run = read(source)
    assert (run.error, run.counts.get("created")) == (None, 1), [reasons_of(row) for row in items_of(run)]
    return Dataset.objects.select_related("current").get(dataset_id="villes")


def test_its_card_is_here_and_its_rows_are_asked_there(villes, portal, client):
    assert (villes.status, villes.current.rows, villes.current.has_geometry) == (Status.PUBLISHED, 2, False)
    assert asked_rows(portal) == [], "a reading asks no row"
    listed = client.get("/api/explore/v2.1/catalog/datasets", {"where": "federated = true"}).json()["results"]
    assert [(row["dataset_id"], row["metas"]["default"]["records_count"]) for row in listed] == [("villes", 2)]
    answer = client.get(f"{API}/records", {"where": ["population > 10", "ville is not null"], "limit": 5})
    assert (answer.json(), answer["Cache-Control"]) == ({"total_count": 2, "results": ROWS}, "no-store")
    (path,) = asked_rows(portal)
    assert "where=%28population+%3E+10%29+and+%28ville+is+not+null%29" in path
    assert "limit=5" in path
    page = client.get(f"{PAGE}/table/", {"q": "évry", "tri": "-population"})
    assert re.search(r"66\s919", page.content.decode())
    assert "Ces lignes sont montrées depuis « Essonne »" in page.content.decode()
    assert "order_by=%60population%60+desc" in asked_rows(portal)[-1]


def test_the_same_question_is_asked_once_in_some_seconds_and_a_wrong_one_never(villes, portal, client, monkeypatch):
    for _n in range(3):
        assert client.get(f"{API}/records").status_code == 200
    assert len(asked_rows(portal)) == 1
    monkeypatch.setattr(asking, "FRESH", -1.0)
    assert client.get(f"{API}/records?limit=1").status_code == 502, "two rows are no page of one"
    count = len(asked_rows(portal))
    refused = {
        "records?where=nimporte": 400,
        "records?where=(": 400,
        "records?limit=101": 400,
        "records?after=*": 409,
        "records?qv1=ville:Evry": 409,
        f"records?version={villes.current.name}": 409,
        "exports/ods": 404,
    }
    statuses = {path: client.get(f"{API}/{path}").status_code for path in refused}
    assert statuses == refused
    assert len(asked_rows(portal)) == count


def test_facets_groups_one_record_and_files(villes, portal, client):
    facets = [{"count": 1, "name": "Évry", "state": "displayed", "value": "Évry"}]
    answering(portal, {"links": [], "facets": [{"name": "ville", "facets": facets}]}, path="/facets")
    assert client.get(f"{API}/facets").json()["facets"] == [{"name": "ville", "facets": facets}]
    answering(portal, {"total_count": 1, "results": [{"n": 2}]})
    assert client.get(f"{API}/records?select=count(*) as n&group_by=ville").json()["results"] == [{"n": 2}]
    answering(portal, {"results": [{"n": 2}]})
    assert client.get(f"{API}/records?select=count(*) as n&group_by=population").json()["total_count"] == 1
    answering(portal, {"_links": [], **ROWS[0]}, path="/records/abc")
    assert client.get(f"{API}/records/abc").json() == ROWS[0]
    answering(portal, {}, 404, path="/records/rien")
    assert client.get(f"{API}/records/rien").status_code == 404
    file = client.get(f"{API}/exports/csv?use_labels=true&where=population>1&delimiter=,")
    assert file.status_code == 302
    assert file["Location"].startswith(f"{portal.address}{API}/exports/csv?")
    assert file["Location"].endswith("&where=population%3E1&use_labels=true&delimiter=%2C")


def test_what_is_computed_on_rows_says_that_they_are_elsewhere(villes, client):
    for name in ("map", "analyze", "profile", "quality"):
        answer = client.get(f"{PAGE}/{name}/")
        assert (answer.status_code, "demandées à leur portail" in answer.content.decode()) == (409, True), name
    for name in ("information", "export", "api"):
        text = client.get(f"{PAGE}/{name}/").content.decode()
        assert "Essonne" in text
        assert f"{PAGE}/analyze/" not in text
    assert client.get("/api/records/1.0/search/?dataset=villes").status_code == 409
    assert client.get("/ogc/collections/villes").status_code == 404
    odata = client.get("/odata/villes/")
    assert (odata.status_code, odata.json()["error"]["code"]) == (409, "dataset-federated")
    sql = client.get("/api/parvis/v1/sql", {"q": "select * from villes"})
    assert (sql.status_code, "dataset-federated" in sql.content.decode()) == (409, True)
    assert client.get("/tiles/villes/0/0/0.mvt").status_code == 409
    assert client.get(f"{PAGE}/versions/{villes.current.name}/original/").status_code == 409
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def test_an_answer_of_another_shape_is_refused(villes, portal, client):
    deep = b'{"total_count": 1, "results": [{"a": ' + b"[" * 99 + b"]" * 99 + b"}]}"
    many = b"[" + b"{}," * 500_000 + b"{}]"
    shapes = ({"total_count": "2", "results": []}, {"results": ROWS}, {"total_count": 2, "results": [1, 2]}, [])
    for answer in (*shapes, b"<html>Maintenance</html>", b"[" * 100_000, deep, many):
        answering(portal, answer)
        body = client.get(f"{API}/records")
        assert (body.status_code, body.json()["error_code"]) == (502, "BadGateway"), answer
        asking._answers().clear()
    page = client.get(f"{PAGE}/table/")
    assert page.status_code == 502
    assert "ne peuvent pas être montrées en ce moment" in page.content.decode()


def test_a_server_that_drips_or_never_ends_is_left_and_then_not_asked(villes, portal, client, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.4)
    monkeypatch.setattr(asking, "MOST_BYTES", 3_000_000)
    portal.answers[f"{API}/records"] = endless
    assert client.get(f"{API}/records").status_code in (502, 504)
    portal.answers[f"{API}/records"] = dripping
    start = time.monotonic()
    assert client.get(f"{API}/records?limit=2").status_code == 504
    assert client.get(f"{API}/records?limit=3").status_code == 504
    count = len(asked_rows(portal))
    answer = client.get(f"{API}/records?limit=4")
    assert (answer.status_code, int(answer["Retry-After"]) > 5, len(asked_rows(portal))) == (503, True, count)
    assert time.monotonic() - start < 20
    answering(portal, {"total_count": 2, "results": ROWS})
    Host.objects.update(free_from=None)
    assert client.get(f"{API}/records?limit=4").status_code == 200, "asked again once the pause is over"
    assert not Host.objects.filter(failures__gt=0).exists()


def test_its_refusals_are_told(villes, portal, client):
    moved = [{"Location": "http://10.0.0.1/secret"}, {"Location": "http://127.0.0.1:1/"}]
    refusals = [(404, {}), (401, {}), (400, {}), *((302, headers) for headers in moved)]
    for status, headers in refusals:
        answering(portal, {}, status, **headers)
        answer = client.get(f"{API}/records")
        assert (answer.status_code, "10.0.0.1" in answer.content.decode()) == (502, False), status
    for status in (429, 503):
        Host.objects.update(free_from=None)
        answering(portal, {}, status, Retry_After="90")
        answer, count = client.get(f"{API}/records"), len(asked_rows(portal))
        assert (answer.status_code, 60 < int(answer["Retry-After"]) <= 91) == (503, True)
        assert client.get(f"{API}/records?limit=1").status_code == 503
        assert len(asked_rows(portal)) == count, "it is left alone"


def test_nothing_is_asked_for_who_may_not_see_it(villes, portal, client):
    set_access(OPERATOR, villes, Access.RESTRICTED, organisations=[], groups=[])
    assert client.get(f"{API}/records").status_code == 404
    unpublish(OPERATOR, Dataset.objects.get(pk=villes.pk))
    assert client.get(f"{PAGE}/table/").status_code == 404
    assert client.get(f"{API}/exports/csv").status_code == 404
    assert asked_rows(portal) == []


def test_rows_become_a_copy_and_federated_again_and_nothing_is_lost(villes, source, portal, read, client):
    update_card(OPERATOR, villes, {"title": "Le titre d’ici"})
    save_source(OPERATOR, source.organisation, source, mode=Mode.COPY)
    assert read(source).counts.get("updated") == 1
    here = Dataset.objects.get(pk=villes.pk)
    assert (here.current.format, here.current.rows, here.versions.count(), here.title) == (
        "csv",
        2,
        1,
        "Le titre d’ici",
    )
    assert client.get(f"{API}/records?limit=1").json()["results"][0]["ville"] == "Évry"
    assert asked_rows(portal) == []
    copied = here.current.name
    save_source(OPERATOR, source.organisation, source, mode=Mode.FEDERATED)
    read(source)
    here = Dataset.objects.get(pk=villes.pk)
    assert (here.current.is_federated, here.versions.count()) == (True, 2)
    assert client.get(f"{API}/records").json()["results"] == ROWS
    assert client.get(f"{API}/records?version={copied}").json()["total_count"] == 2
    assert len(asked_rows(portal)) == 1, "a former version is read here"


def test_new_columns_make_a_new_version_and_a_new_count_none(villes, source, portal, read):
    portal.datasets = [{**towns(), "fields": FIELDS}]
    portal.datasets[0]["metas"]["default"]["records_count"] = 7
    read(source, complete=True)
    here = Dataset.objects.get(pk=villes.pk)
    assert (here.current.pk, here.current.rows) == (villes.current.pk, 7)
    portal.datasets[0]["fields"] = [*FIELDS, {"name": "maire", "label": "Maire", "type": "text", "annotations": {}}]
    read(source, complete=True)
    here = Dataset.objects.get(pk=villes.pk)
    assert (here.current.columns, here.versions.count()) == (4, 1)


def test_what_cannot_be_asked_there_is_told(villes, source, portal, read, client):
    with pytest.raises(NotFederable):
        save_source(OPERATOR, source.organisation, dialect="ckan", url=portal.address, mode=Mode.FEDERATED)
    chained, plain = towns(federated=True), dataset("plat")
    chained["metas"]["default"]["title"] = "Villes relayées"
    portal.datasets = [towns(), {**chained, "dataset_id": "relais", "dataset_uid": "da_relais"}, plain]
    run = read(source, complete=True)
    reasons = " | ".join(text for row in items_of(run, Outcome.CREATED) for text in reasons_of(row))
    assert "à un autre" in reasons
    assert "ne répond pas sur ses lignes" in reasons
    remove_source(OPERATOR, source)
    answer = client.get(f"{API}/records")
    assert (answer.status_code, "source" in answer.json()["message"]) == (503, True)
    assert client.get(f"{PAGE}/table/").status_code == 503
    assert client.get(f"{PAGE}/information/").status_code == 200


def test_a_key_stays_ours(villes, source, portal, read, client):
    save_source(OPERATOR, source.organisation, source, secrets={"Authorization": "Apikey secret"})
    assert client.get(f"{API}/records").status_code == 200
    assert portal.headers[-1]["Authorization"] == "Apikey secret"
    answer = client.get(f"{API}/exports/csv")
    assert answer.status_code == 502
    assert "secret" not in answer.content.decode()
    portal.datasets.append({**towns(), "dataset_id": "autres", "dataset_uid": "da_autres"})
    portal.datasets[-1]["metas"]["default"] = {**portal.datasets[-1]["metas"]["default"], "title": "Autres villes"}
    read(source, complete=True)
    assert Dataset.objects.get(dataset_id="autres").status == Status.DRAFT, "somebody must say that it is for all"


def test_harvesters_are_given_the_files_where_they_are_and_none_that_a_key_opens(villes, source, portal, client):
    def files() -> dict[str, str]:
        graph = rdflib.Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        return {
            str(graph.value(part, rdflib.DCTERMS.title)): str(graph.value(part, rdflib.DCAT.downloadURL))
            for part in graph.subjects(rdflib.DCAT.downloadURL)
        }

    there = files()
    assert there["villes.geojson"].startswith(f"{portal.address}{API}/exports/geojson?")
    for name, address in there.items():
        ending = name.rpartition(".")[2]
        labels = "?use_labels=true" if ending in ("csv", "xlsx") else ""
        assert client.get(f"{API}/exports/{ending}{labels}")["Location"] == address
    assert "use_labels=true" in there["villes.csv"]
    save_source(OPERATOR, source.organisation, source, secrets={"Authorization": "Apikey secret"})
    assert files() == {}
    remove_source(OPERATOR, source)
    assert files() == {}
