"""The address of SQL for programs: formats, trail, rights, errors."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.test import Client

from parvis.core.engine.factories import make_version
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.factories import make_version as make_row
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.quotas.concurrency import Permits
from parvis.hub.quotas.metering import limiter
from parvis.hub.quotas.rules import anonymous_name
from parvis.web.sql.tests.conftest import COLUMNS

pytestmark = pytest.mark.django_db

API = "/api/parvis/v1/sql"
T = '"equipements-sportifs"'


def get(client, sql, **parameters):
    return client.get(API, {"q": sql, **parameters})


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def answer(client, sql, **parameters):
    response = get(client, sql, **parameters)
    content = body(response)
    assert response.status_code == 200, content
    return json.loads(content)


def test_rows_come_with_their_trail(client, dataset):
    reply = answer(client, f"SELECT commune, sum(places) AS places FROM {T} GROUP BY 1 ORDER BY 1")
    assert reply["results"] == [
        {"commune": "Grigny", "places": 300},
        {"commune": "Évry-Courcouronnes", "places": 1200},
    ]
    assert (reply["total_count"], reply["row_count"], reply["truncated"]) == (2, 2, False)
    assert reply["columns"][0] == {"name": "commune", "type": "VARCHAR"}
    (trail,) = reply["datasets"]
    assert trail["dataset_id"] == "equipements-sportifs"
    assert trail["version"] == dataset.current.name
    assert trail["licence"]
    assert trail["url"].endswith("/explore/dataset/equipements-sportifs/")
    assert reply["asked_at"].endswith("+00:00")


def test_dates_geometries_and_nothing_are_json(client, dataset):
    reply = answer(
        client, f"SELECT ouverture, point, places, [1, 2] AS l, 'NaN'::DOUBLE AS f FROM {T} ORDER BY nom DESC LIMIT 1"
    )
    assert reply["results"] == [
        {
            "ouverture": "2019-05-01",
            "point": {"type": "Point", "coordinates": [2.43, 48.63]},
            "places": 1200,
            "l": [1, 2],
            "f": None,
        }
    ]


def test_csv_is_that_of_the_explore_api(client, dataset):
    response = get(client, f"SELECT nom, places, ouverture FROM {T} ORDER BY nom", format="csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["X-Parvis-Datasets"] == f"equipements-sportifs@{dataset.current.name}"
    rows = list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["nom", "places", "ouverture"]
    assert rows[1] == ["Gymnase; «Cœur»", "300", ""]
    assert rows[3] == ["Stade des Loges", "1200", "2019-05-01"]


def test_parquet_holds_the_trail(client, dataset):
    table = pq.read_table(io.BytesIO(body(get(client, f"FROM {T}", format="parquet"))))
    assert table.num_rows == 3
    assert json.loads(table.schema.metadata[b"parvis"])["datasets"][0]["dataset_id"] == "equipements-sportifs"


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("application/json", json.dumps({"q": "SELECT 1 AS a"})),
        ("application/x-www-form-urlencoded", "q=SELECT+1+AS+a"),
        ("text/plain", "SELECT 1 AS a"),
        ("application/sql", "SELECT 1 AS a"),
    ],
)
def test_a_long_statement_is_posted(client, content_type, sent):
    response = client.post(API, sent, content_type=content_type)
    assert json.loads(body(response))["results"] == [{"a": 1}]


@pytest.mark.parametrize(
    ("sql", "parameters", "code"),
    [
        ("", {}, "sql-empty"),
        ("SELECT 1", {"format": "exe"}, "sql-parameter"),
        ("SELECT 1", {"limit": "-1"}, "sql-parameter"),
        ("SELECT 1", {"limit": "x"}, "sql-parameter"),
        ("DROP TABLE x", {}, "sql-only-select"),
        ("SELECT * FROM read_csv('/etc/passwd')", {}, "sql-not-allowed"),
        ("x" * 30_000, {}, "sql-too-complex"),
    ],
)
def test_what_is_wrong_is_said_by_code(client, sql, parameters, code):
    response = get(client, sql, **parameters)
    assert response.status_code == 400
    assert json.loads(body(response))["error_code"] == code


@pytest.mark.parametrize("sent", ["[1]", "{", "[" * 5_000, '{"q": ["SELECT 1"]}', '{"q": null}', "null"])
def test_a_body_that_is_no_statement_is_refused(client, sent):
    assert client.post(API, sent, content_type="application/json").status_code == 400


def test_an_error_tells_its_place(client, dataset):
    response = get(client, f"SELECT nom,\n  plces\nFROM {T}")
    error = json.loads(body(response))
    assert (error["error_code"], error["line"], error["column"]) == ("sql-unknown-column", 2, 3)
    assert "places" in error["message"]


def test_a_bomb_is_a_client_error_and_the_next_call_is_answered(client):
    response = get(client, "SELECT count(*) FROM range(1000000000000)")
    assert response.status_code == 400
    assert json.loads(body(response))["error_code"] == "sql-timeout"
    assert answer(client, "SELECT 1 AS a")["results"] == [{"a": 1}]


def test_datasets_are_joined(client, publish, dataset):
    publish(dataset_id="communes", columns=COLUMNS[1:3], rows=[("Grigny", 29_000)], title="Communes")
    reply = answer(client, f"SELECT e.nom, c.places FROM {T} e JOIN communes c USING (commune)")
    assert reply["results"] == [{"nom": "Gymnase; «Cœur»", "places": 29_000}]
    assert [trail["dataset_id"] for trail in reply["datasets"]] == ["equipements-sportifs", "communes"]


def test_an_old_version_is_read_by_its_name(client, dataset):
    folder = versions_folder(dataset.uid) / "20250101t000000-vieux"
    make_version(folder, COLUMNS[:1], [("Ancien stade",)])
    make_row(dataset, name=folder.name, rows=1)
    reply = answer(client, f'SELECT v.nom FROM "equipements-sportifs@{folder.name}" v ANTI JOIN {T} USING (nom)')
    assert reply["results"] == [{"nom": "Ancien stade"}]
    assert {trail["version"] for trail in reply["datasets"]} == {folder.name, dataset.current.name}
    assert get(client, 'FROM "equipements-sportifs@rien"').status_code == 400


@pytest.mark.parametrize("access", ["internal", "restricted"])
def test_what_may_not_be_read_does_not_exist(client, publish, dataset, access):
    organisation = make_organisation("Service secret")
    publish(dataset_id="marches-secrets", access=access, organisation=organisation, title="Marchés")
    unknown = json.loads(body(get(client, 'FROM "marches-secretz"')))
    hidden = json.loads(body(get(client, 'FROM "marches-secrets"')))
    assert hidden["error_code"] == "sql-unknown-table"
    assert hidden["message"].replace("marches-secrets", "X") == unknown["message"].replace("marches-secretz", "X")
    for sql in ('SELECT * FROM "marches-secrets@v1"', 'SELECT 1 UNION SELECT count(*) FROM "MARCHES-SECRETS"'):
        assert get(client, sql).status_code == 400
    client.force_login(make_member(organisation, Role.CONTRIBUTOR))
    assert answer(client, 'SELECT count(*) AS n FROM "marches-secrets"')["results"] == [{"n": 3}]


def test_drafts_are_not_tables(client, publish):
    draft = publish(dataset_id="brouillon", title="Brouillon")
    draft.status = "draft"
    draft.save()
    assert get(client, "FROM brouillon").status_code == 400


def test_rows_are_limited_and_said_to_be(client):
    reply = answer(client, "SELECT range AS n FROM range(30000)", limit="5")
    assert (reply["row_count"], reply["total_count"], reply["truncated"]) == (5, 30_000, True)
    assert answer(client, "SELECT range AS n FROM range(30000)")["row_count"] == 10_000


def test_other_origins_may_ask_and_nothing_is_kept(client):
    response = client.options(API)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert get(client, "SELECT 1")["Cache-Control"] == "no-store"
    refused = client.put(API)
    assert refused.status_code == 405
    assert refused.json()["error_code"] == "method-not-allowed"


def test_a_wrong_key_is_told(client, dataset):
    response = client.get(API, {"q": "SELECT 1"}, headers={"Authorization": "Apikey fausse"})
    assert response.status_code == 401


def test_an_instance_may_answer_no_sql(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SQL_CHILDREN": 0}
    assert get(client, "SELECT 1").status_code == 503


def test_the_engine_time_of_a_statement_is_counted_and_a_spent_budget_refused(client, settings):
    response = get(client, "SELECT 1")
    assert int(response["X-RateLimit-Remaining"]) < int(response["X-RateLimit-Limit"])
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    get(client, "SELECT 1")
    refused = get(client, "SELECT 1")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused.json()["error_code"] == "quota-exceeded"
    assert client.get("/sql/", {"q": "SELECT 1"}).status_code == 429


@pytest.mark.parametrize("access", ["internal"])
def test_a_key_reads_what_its_person_reads(client, publish, access):
    organisation = make_organisation("Service")
    publish(dataset_id="interne", access=access, organisation=organisation)
    member = make_member(organisation, Role.CONTRIBUTOR)
    _key, secret = create_key(actor_of(member), member, "essai", scope=Scope.READ)
    sql = "SELECT count(*) AS n FROM interne"
    assert get(client, sql).status_code == 400
    response = client.get(API, {"q": sql}, headers={"Authorization": f"Apikey {secret}"})
    assert json.loads(body(response))["results"] == [{"n": 3}]
    _key, narrow = create_key(actor_of(member), member, "étroite", scope=Scope.READ_PUBLIC)
    assert client.get(API, {"q": sql}, headers={"Authorization": f"Apikey {narrow}"}).status_code == 400


@pytest.fixture
def taken():
    """``taken(name, number)`` takes so many permits of SQL as that caller; they are returned at the end."""
    callers = []

    def take(name: str, number: int) -> None:
        for _rank in range(number):
            assert limiter().take("sql", name, Permits(9, 9)) is None
            callers.append(name)

    yield take
    for name in callers:
        limiter().give_back("sql", name)


def test_one_caller_does_not_take_every_place(client, taken):
    own = anonymous_name("127.0.0.1", datetime.now(UTC).date(), settings.SECRET_KEY)
    taken(own, 1)
    refused = get(client, "SELECT 1")
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert refused.json()["error_code"] == "too-many-at-once"
    assert get(Client(REMOTE_ADDR="192.0.2.7"), "SELECT 1").status_code == 200


def test_statements_never_take_every_thread_of_a_process(client, taken):
    for rank in range(3):
        taken(f"other {rank}", 1)
    refused = get(client, "SELECT 1")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert refused.json()["error_code"] == "sql-busy"
    assert client.get("/sql/", {"q": "SELECT 1"}).status_code == 503
    assert client.get("/sql/").status_code == 200
