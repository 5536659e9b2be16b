"""Rows pushed by a program: taken one by one, seen by every reader, undone, folded into a version."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from parvis.core.progress import no_progress
from parvis.core.sandbox import Table
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Membership
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import NoExpiry, NoOrganisation, Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import publish
from parvis.hub.datastore.selectors import source_of
from parvis.hub.maps.selectors import layer_of
from parvis.hub.rowlog.models import RowStream
from parvis.hub.rowlog.selectors import stream_of
from parvis.hub.rowlog.services import folding, laying
from parvis.hub.rowlog.services.laying import lay_new, lay_what_waits, tell_catalogue, tidy_what_lies
from parvis.hub.rowlog.services.pushing import Sending, push
from parvis.hub.rowlog.services.streams import Choices, close_stream, open_stream, resume
from parvis.hub.rowlog.tests.conftest import COUNTERS, Pusher, publish_file, publish_table, push_key
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.store import runs_name, store
from parvis.hub.territories.models import Territory
from parvis_client import Invalid, Parvis
from parvis_client.errors import error_of
from parvis_client.transport import Answer

pytestmark = pytest.mark.django_db


def fold(pusher, base=""):
    dataset = Dataset.objects.select_related("current", "organisation").get(pk=pusher.dataset.pk)
    return folding.fold(OPERATOR, dataset, no_progress, base)


def test_rows_are_put_replaced_and_taken_away_and_each_reader_sees_it_at_once(pusher):
    before = pusher.records()
    answer = pusher.push(
        [
            {"code": "C001", "passages": 1000, "jour": "2026-03-01", "lieu": {"lon": 2.5, "lat": 48.7}},
            {"code": "NEUF", "passages": "12", "lieu": "48.7,2.5"},
            {"code": "C002", "_operation": "delete"},
        ]
    )
    assert answer.status_code == 200, answer.content
    facts = answer.json()
    assert (facts["batch"], facts["put"], facts["deleted"], facts["refused"]) == (1, 2, 1, 0)
    assert pusher.count() == before["total_count"] == 50
    assert [pusher.passages(code) for code in ("C001", "NEUF", "C002")] == [1000, 12, None]
    export = Client().get("/api/explore/v2.1/catalog/datasets/boucles/exports/csv")
    lines = b"".join(export.streaming_content).decode("utf-8-sig").split("\r\n")
    assert len([line for line in lines if line]) == 51
    assert "12" in next(line for line in lines if line.startswith("NEUF"))
    sums = pusher.records("select=sum(passages) as s&limit=1")["results"]
    assert sums == [{"s": sum(range(50)) - 1 - 2 + 1000 + 12}]
    table = Client().get("/explore/dataset/boucles/table/?q=NEUF").content.decode()
    assert "NEUF" in table
    facets = Client().get("/api/explore/v2.1/catalog/datasets/boucles").json()["metas"]["default"]
    assert facts["moment"]
    assert facets["records_count"] == 50


def pages_of_odata(address: str) -> int:
    """How many different rows the pages of a walk have, the next ones asked at the links of the ones before."""
    ranks: list[int] = []
    while address:
        body = Client().get(address.replace("http://testserver", ""), headers={"Prefer": "odata.maxpagesize=20"}).json()
        ranks += [row["_row"] for row in body["value"]]
        address = body.get("@odata.nextLink", "")
    assert len(ranks) == len(set(ranks))
    return len(ranks)


def test_each_reader_counts_what_was_pushed_and_the_catalogue_within_the_minute(pusher):
    catalogue = "/api/explore/v2.1/catalog/datasets?where=dataset_id='boucles'"

    def listed() -> dict:
        (row,) = Client().get(catalogue).json()["results"]
        return row["metas"]["default"]

    before = listed()
    pusher.push([{"code": f"N{n}", "passages": n, "lieu": "-20,55"} for n in range(7)])
    address = "/api/explore/v2.1/catalog/datasets/boucles"
    readers = {
        "the records": pusher.count(),
        "the dataset": Client().get(address).json()["metas"]["default"]["records_count"],
        "an export of JSON": len(json.loads(b"".join(Client().get(f"{address}/exports/json").streaming_content))),
        "an export of GeoJSON": len(
            json.loads(b"".join(Client().get(f"{address}/exports/geojson").streaming_content))["features"]
        ),
        "the first version of the API": Client().get("/api/records/1.0/search/?dataset=boucles&rows=0").json()["nhits"],
        "a facet": sum(row["n"] for row in pusher.records("select=count(*) as n&group_by=jour&limit=100")["results"]),
        "OGC": json.loads(b"".join(Client().get("/ogc/collections/boucles/items?limit=1&f=json").streaming_content))[
            "numberMatched"
        ],
        "OData": int(Client().get("/odata/boucles/boucles/$count").content),
        "the pages of OData": pages_of_odata("/odata/boucles/boucles"),
        "its card": Dataset.objects.select_related("current", "organisation").get(pk=pusher.dataset.pk).rows_here,
    }
    assert readers == dict.fromkeys(readers, 57)
    tell_catalogue()
    after = listed()
    assert (before["records_count"], after["records_count"]) == (50, 57)
    assert after["bbox"] != before["bbox"]
    assert after["data_processed"] > before["data_processed"] and after["modified"] >= after["data_processed"]
    stamp = Dataset.objects.get(pk=pusher.dataset.pk).stamp
    tell_catalogue()  # nothing came since
    assert Dataset.objects.get(pk=pusher.dataset.pk).stamp == stamp


def test_a_version_called_by_its_name_never_changes(pusher):
    version = pusher.dataset.current.name
    pusher.push([{"code": "NEUF", "passages": 1}])
    assert pusher.count() == 51
    assert pusher.records(f"limit=0&version={version}")["total_count"] == 50


def test_what_is_kept_of_an_answer_is_not_given_once_rows_came(pusher):
    address = "/api/explore/v2.1/catalog/datasets/boucles/records?limit=1&order_by=passages desc"
    first = Client().get(address)
    pusher.push([{"code": "C001", "passages": 5000}])
    second = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second.json()["results"][0]["passages"] == 5000
    third = Client().get(address, headers={"If-None-Match": second["ETag"]})
    assert third.status_code == 304


def test_each_refused_row_says_why_and_the_others_are_taken(pusher):
    rows = [
        {"code": "A", "passages": "douze"},
        {"code": "B", "inconnue": 1},
        {"passages": 1},
        {"code": 12},
        {"code": "C", "jour": "31/02/2026"},
        {"code": "D", "lieu": {"lon": 200, "lat": 0}},
        {"code": "appeler jean.durand@orange.fr"},
        "rien",
        {"code": "E", "_operation": "vider"},
        {},
        {"code": "PRIS", "passages": 7},
    ]
    facts = pusher.push(rows).json()
    assert (facts["put"], facts["refused"]) == (1, 10)
    assert [(row["row"], row["code"], row.get("column", "")) for row in facts["refusals"]] == [
        (1, "row-value", "passages"),
        (2, "row-column", "inconnue"),
        (3, "row-key", "code"),
        (4, "row-value", "code"),
        (5, "row-value", "jour"),
        (6, "row-value", "lieu"),
        (7, "row-personal", "code"),
        (8, "row-unreadable", ""),
        (9, "row-operation", "_operation"),
        (10, "row-empty", ""),
    ]
    assert facts["refusals"][0]["message"] == "un nombre entier est attendu"
    assert pusher.passages("PRIS") == 7
    told_later = pusher.get("/batches/1/refused").json()
    assert (told_later["total_count"], told_later["results"]) == (10, facts["refusals"])
    text = pusher.get("/batches/1/refused?format=csv").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")] == ["ligne", *"123456789", "10"]


class ByDjango:
    """The transport of the client, without a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(self, method, path, *, data, query, headers):
        answer = self._client.generic(
            method,
            f"/api/parvis/v1{path}",
            data,
            content_type=headers.pop("Content-Type"),
            headers=headers,
            query_params={name: value for name, value in query.items() if value},
        )
        if answer.status_code != 200:
            raise error_of(answer.status_code, answer.json(), None)
        return Answer(answer.json(), {})


def test_the_client_says_what_a_portal_says_in_plain_text():
    portal, headers = Parvis("http://localhost", "parvis_x"), {"Content-Type": "text/plain; charset=utf-8"}
    answer = SimpleNamespace(status=400, data="Cette adresse n’est pas d’un site.".encode(), headers=headers)
    portal._transport._pool = SimpleNamespace(request=lambda *_words, **_facts: answer)
    with pytest.raises(Invalid, match="Cette adresse n’est pas d’un site"):
        portal.dataset("boucles")


def test_the_client_changes_columns_of_rows_by_thousands_and_tells_what_was_refused(pusher):
    portal = Parvis("http://localhost", "parvis_x")
    portal._transport = ByDjango(pusher.client)
    rows = [{"code": f"C{n:03d}", "passages": 1_000 + n} for n in range(7)] + [{"code": "C007", "passages": "?"}]
    receipts = list(portal.push_rows("boucles", rows, "merge", size=7, name="nuit"))
    assert [(row["put"], row["refused"]) for row in receipts] == [(7, 0), (0, 1)]
    lay_new(pusher.dataset.pk)
    row = pusher.records('where=code="C006"')["results"][0]
    assert (row["passages"], row["jour"], row["lieu"]) == (1_006, "2026-01-07", {"lon": 2.6, "lat": 48.6})
    assert [row["again"] for row in portal.push_rows("boucles", rows[:7], "merge", size=7, name="nuit")] == [True]
    assert pusher.count() == 50
    with pytest.raises(Invalid):
        list(portal.push_rows("boucles", rows, "vider"))


def test_a_batch_that_must_be_whole_is_kept_whole_or_not_at_all(pusher):
    answer = pusher.push([{"code": "X", "passages": 1}, {"code": "Y", "passages": "?"}], query="whole=true")
    assert (answer.status_code, answer.json()["batch"]) == (422, 0)
    assert pusher.count() == 50


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", "code;passages\nA;1\nB;2\nC\n"),
        ("application/x-ndjson", '{"code": "A", "passages": 1}\n{"code": "B", "passages": 2}\n{"code": \n'),
    ],
)
def test_rows_come_as_csv_and_as_lines_of_json_too(pusher, kind, body):
    facts = pusher.push(body, kind).json()
    assert (facts["put"], [row["row"] for row in facts["refusals"]]) == (2, [3])
    assert [pusher.passages("A"), pusher.passages("B")] == [1, 2]


def test_the_same_batch_sent_again_is_answered_as_the_first_time_and_does_nothing_more(pusher):
    first = pusher.push([{"code": "A", "passages": 1}, {"code": ""}], token="lot-1").json()
    pusher.push([{"code": "A", "passages": 2}])
    again = pusher.push([{"code": "A", "passages": 1}, {"code": ""}], token="lot-1").json()
    assert again == {**first, "again": True}
    assert pusher.passages("A") == 2
    other = pusher.push([{"code": "A", "passages": 3}], token="lot-1")
    assert (other.status_code, other.json()["error_code"]) == (409, "rows-token-reused")
    late = pusher.push([{"code": "A", "passages": 3}], query="after=1")
    assert (late.status_code, late.json()["error_code"]) == (409, "rows-log-moved")
    assert pusher.push([{"code": "A", "passages": 3}], query="after=2").status_code == 200


@pytest.mark.parametrize("scope", [Scope.PUBLISH, Scope.ADMINISTER])
def test_a_key_that_publishes_pushes_rows_where_it_publishes(pusher, steward, scope):
    limits = {"organisation": pusher.dataset.organisation, "expires": timezone.now() + timedelta(days=30)}
    secret = create_key(actor_of(steward), steward, "autre", scope=scope, **limits)[1]
    assert Pusher(pusher.dataset, secret).push([{"code": "A", "passages": 1}]).json()["put"] == 1
    elsewhere = publish_table(make_organisation("Ailleurs"), "ailleurs", COUNTERS)
    assert Pusher(elsewhere, secret).push([{"code": "A", "passages": 1}], seen=False).status_code == 403


def test_a_key_that_writes_drafts_pushes_nothing(pusher, steward):
    limits = {"organisation": pusher.dataset.organisation, "expires": timezone.now() + timedelta(days=30)}
    secret = create_key(actor_of(steward), steward, "autre", scope=Scope.WRITE, **limits)[1]
    assert Pusher(pusher.dataset, secret).push([{"code": "A", "passages": 1}]).json()["error_code"] == "rows-scope"


@pytest.mark.parametrize("scope", [None, Scope.READ, Scope.DEPOSIT, Scope.PROPOSE])
def test_a_key_for_something_else_and_no_key_push_nothing(pusher, steward, scope):
    secret = create_key(actor_of(steward), steward, "autre", scope=scope)[1] if scope else ""
    other = Pusher(pusher.dataset, secret)
    other.client = other.client if secret else Client()
    answer = other.push([{"code": "A", "passages": 1}])
    assert (answer.status_code, answer.json()["error_code"]) == (403, "rows-scope")
    assert pusher.get().json()["last_batch"] == 0


def test_a_key_made_for_one_dataset_pushes_nothing_into_another(pusher, steward):
    other = publish_table(pusher.dataset.organisation, "capteurs", COUNTERS)
    open_stream(actor_of(steward), other, Choices(key=("code",)))
    secret = push_key(steward, datasets=["boucles"])
    assert Pusher(pusher.dataset, secret).push([{"code": "A", "passages": 1}]).status_code == 200
    refused = Pusher(other, secret).push([{"code": "A", "passages": 1}])
    assert (refused.status_code, refused.json()["error_code"]) == (403, "api-key-too-narrow")
    assert "qu’elle nomme" in refused.json()["message"]
    assert Pusher(other, push_key(steward)).get().json()["last_batch"] == 0


def test_a_key_of_one_organisation_says_so_of_the_datasets_of_another(pusher, steward):
    Membership.objects.create(person=steward, organisation=(elsewhere := make_organisation()), role=Role.STEWARD)
    other = publish_table(elsewhere, "capteurs", COUNTERS)
    open_stream(OPERATOR, other, Choices(key=("code",)))
    organisation, end = pusher.dataset.organisation, timezone.now() + timedelta(days=30)
    facts = {"scope": Scope.PUSH, "organisation": organisation, "expires": end}
    secret = create_key(actor_of(steward), steward, "boucles", **facts)[1]
    answer = Pusher(other, secret).push([{"code": "A", "passages": 1}]).json()
    assert answer["error_code"] == "api-key-too-narrow" and "autre organisation" in answer["message"], answer


def test_a_key_that_pushes_belongs_to_an_organisation_and_ends(steward):
    for error, limits in ((NoExpiry, {}), (NoOrganisation, {"expires": timezone.now() + timedelta(days=30)})):
        with pytest.raises(error):
            create_key(actor_of(steward), steward, "boucles", scope=Scope.PUSH, **limits)


def test_a_dataset_that_nobody_opened_or_that_steps_change_takes_nothing(pusher, steward):
    close_stream(actor_of(steward), pusher.dataset)
    assert pusher.push([{"code": "A"}]).json()["error_code"] == "rows-closed"
    open_stream(actor_of(steward), pusher.dataset, Choices(key=("code",)))
    Dataset.objects.filter(pk=pusher.dataset.pk).update(steps=[{"kind": "drop-column"}])
    assert pusher.push([{"code": "A"}]).status_code == 409


def test_what_was_pushed_becomes_a_version_like_any_other_and_what_comes_next_lies_over_it(pusher):
    pusher.push(
        [
            {"code": "NEUF", "passages": 1, "jour": "2026-03-01", "lieu": "48.7,2.5"},
            {"code": "C001", "_operation": "delete"},
        ]
    )
    before = pusher.dataset.current
    version = fold(pusher)
    dataset = Dataset.objects.select_related("current").get(pk=pusher.dataset.pk)
    assert dataset.current_id == version.pk != before.pk
    assert (version.rows, version.source) == (50, "pushed")
    shapes = [[(row["name"], row["type"]) for row in one.facts["shape"]] for one in (before, version)]
    assert shapes[0] == shapes[1]
    assert pusher.count() == 50
    stream = stream_of(dataset)
    assert (stream.base, stream.version_name, stream.since) == (1, version.name, None)
    pusher.push([{"code": "NEUF", "passages": 2}])
    assert (pusher.passages("NEUF"), pusher.count()) == (2, 50)
    assert fold(pusher).rows == 50
    assert pusher.passages("NEUF") == 2
    assert Dataset.objects.get(pk=dataset.pk).overrides == {}


def test_rows_that_come_while_a_version_is_made_are_seen_over_it(pusher, monkeypatch):
    pusher.push([{"code": "A", "passages": 1}])
    started = folding.start_import

    def while_it_is_made(*args, **named):
        pusher.push([{"code": "B", "passages": 2}], seen=False)
        return started(*args, **named)

    monkeypatch.setattr(folding, "start_import", while_it_is_made)
    assert fold(pusher).rows == 51
    assert [pusher.passages("A"), pusher.passages("B"), pusher.count()] == [1, 2, 52]


def test_a_file_published_begins_the_table_anew(pusher):
    pusher.push([{"code": "A", "passages": 1}])
    publish_file(pusher.dataset, COUNTERS)
    assert pusher.count() == 50
    pusher.push([{"code": "B", "passages": 2}])
    assert [pusher.passages("A"), pusher.passages("B")] == [None, 2]


def test_a_batch_is_undone_at_once_and_what_came_since_stays(pusher):
    pusher.push([{"code": "C001", "passages": 0}, {"code": "FAUX", "passages": 1}])
    pusher.push([{"code": "C002", "passages": 9}])
    undone = pusher.post("batches/1/undo")
    assert undone.status_code == 200, undone.content
    assert [pusher.passages(code) for code in ("C001", "FAUX", "C002")] == [1, None, 9]
    listed = pusher.get("/batches").json()["results"]
    assert [(row["batch"], row["kind"], row["undone"]) for row in listed] == [
        (3, "undo", False),
        (2, "rows", False),
        (1, "rows", True),
    ]


def test_a_batch_that_versions_hold_is_undone_by_a_new_one(pusher):
    pusher.push([{"code": "C001", "passages": 0}])
    fold(pusher)
    pusher.push([{"code": "C002", "passages": 9}])
    fold(pusher)
    first = pusher.dataset.current.name
    assert pusher.post("batches/1/undo").status_code == 200
    fold(pusher, base=first)
    assert [pusher.passages("C001"), pusher.passages("C002"), pusher.count()] == [1, 9, 50]


def test_the_table_comes_back_to_a_moment(pusher):
    pusher.push([{"code": "C001", "passages": 100}])
    moment = datetime.now(UTC).isoformat()
    pusher.push([{"code": "C001", "passages": 200}])
    pusher.push([{"code": "C002", "_operation": "delete"}])
    assert pusher.post("restore", {"moment": moment}).status_code == 200
    assert [pusher.passages("C001"), pusher.passages("C002")] == [100, 2]
    nothing = pusher.post("restore", {"moment": datetime.now(UTC).isoformat()})
    assert nothing.json()["error_code"] == "rows-undo"


def test_versions_keep_the_latest_rows_alone_when_that_was_chosen(pusher, steward):
    open_stream(actor_of(steward), pusher.dataset, Choices(key=("code",), most_rows=10))
    pusher.push([{"code": "NEUF", "passages": 1}])
    assert fold(pusher).rows == 10
    assert [pusher.passages("NEUF"), pusher.passages("C041"), pusher.passages("C040")] == [1, 41, None]


def test_a_version_that_names_persons_is_held_and_nothing_that_was_pushed_is_shown_until_somebody_decides(steward):
    text = "code;nom\n" + "".join(f"C{n:03d};Boucle {n}\n" for n in range(50))
    dataset = publish_table(steward.memberships.get().organisation, "noms", text)
    open_stream(actor_of(steward), dataset, Choices(key=("code",)))
    pusher = Pusher(dataset, push_key(steward))
    names = ["Sophie MARTIN", "Jean DUPONT", "Camille DURAND", "Marie BERNARD", "Paul PETIT", "Louise ROBERT"]
    pusher.push([{"code": f"C{n:03d}", "nom": names[n % 6]} for n in range(50)])
    fold(pusher)
    assert RowStream.objects.get().is_held
    assert pusher.records("where=nom like 'DUPONT'&limit=0")["total_count"] == 0
    assert pusher.push([{"code": "A"}]).json()["error_code"] == "rows-closed"
    pusher.post("batches/1/undo")
    resume(actor_of(steward), dataset)
    assert pusher.push([{"code": "A", "nom": "Boucle A"}]).status_code == 200
    assert pusher.count() == 51


def test_a_former_version_put_online_again_is_what_readers_see(pusher):
    first = pusher.dataset.current
    pusher.push([{"code": "A", "passages": 1}])
    fold(pusher)
    dataset = Dataset.objects.select_related("current", "organisation").get(pk=pusher.dataset.pk)
    publish(OPERATOR, dataset, first)
    assert pusher.count() == 50


def test_the_site_of_a_commune_the_tiles_and_sql_see_what_was_pushed(steward, home):
    communes = [
        Territory.objects.create(kind="commune", code=code, name=code, folded=code, epci="200059228", contour=None)
        for code in ("77251", "91228")
    ]
    make_site(OPERATOR, communes[0], "lieusaint.localhost", parent=main_site())
    text = "code;code_insee;lieu\n" + "".join(f"C{n:03d};{('77251', '91228')[n % 2]};48.6,2.{n}\n" for n in range(40))
    dataset = publish_table(make_organisation("Agglo"), "par-code", text)
    open_stream(OPERATOR, dataset, Choices(key=("code",)))
    pusher = Pusher(dataset, "")
    rows = [
        {"code": "NEUF", "code_insee": "77251", "lieu": "-20,50"},
        {"code": "AUTRE", "code_insee": "91228"},
        {"code": "C000", "_operation": "delete"},
    ]
    push(OPERATOR, dataset, json.dumps(rows).encode(), "application/json", Sending("essai"))
    lay_new(dataset.pk)
    query = "limit=100&order_by=code desc&select=code"
    seen = [row["code"] for row in pusher.records(query, "lieusaint.localhost")["results"]]
    assert seen == ["NEUF", *(f"C{n:03d}" for n in range(38, 0, -2))]
    assert pusher.records("limit=0")["total_count"] == 41
    layer = Client().get("/api/explore/v2.1/catalog/datasets/par-code/exports/geojson?where=code='NEUF'")
    assert b"-20" in b"".join(layer.streaming_content)
    address = layer_of(Dataset.objects.select_related("current", "organisation").get(pk=dataset.pk))["tiles"]
    tile = Client().get(address.format(z=3, x=5, y=4))
    assert (tile.status_code, len(tile.content) > 20) == (200, True), (address, tile.content)
    table = Table(
        source_of(Dataset.objects.select_related("current", "organisation").get(pk=dataset.pk)), store().local
    )
    assert "ANTI" in table.relation or "NOT IN" in table.relation


def test_files_that_no_reader_sees_any_more_are_removed_long_before_the_next_version(pusher, monkeypatch):
    for n in range(15):
        pusher.push([{"code": "A", "passages": n}])
    folder = runs_name(pusher.dataset.uid)
    before = store().children(folder)
    tidy_what_lies()
    assert store().children(folder) == before  # a question may still read them
    monkeypatch.setattr(laying, "OLD", -1.0)
    tidy_what_lies()
    assert len(store().children(folder)) < len(before)
    assert pusher.passages("A") == 14


def test_what_is_lost_of_what_is_derived_is_made_again_from_the_log(pusher):
    pusher.push([{"code": "A", "passages": 1}, {"code": "C001", "_operation": "delete"}])
    pusher.push([{"code": "B", "passages": 2}], seen=False)
    store().delete(runs_name(pusher.dataset.uid))
    lay_what_waits()
    assert [pusher.passages(code) for code in ("A", "B", "C001")] == [1, 2, None]
