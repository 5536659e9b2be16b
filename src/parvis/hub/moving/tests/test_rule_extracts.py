"""Rules of a former portal made here: the rows of each are those that the portal itself shows its group, read by other rules than ours."""

import datetime as dt
import json
import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from parvis.core.explore import ExploreRequest, export
from parvis.core.transforms.preparation.tables import extract_key
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.datastore.extracts import Question, columns_of, extract_table
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.jobs.worker import drain
from parvis.hub.moving.models import Part
from parvis.hub.moving.rule_extracts import untold_of
from parvis.hub.moving.tests.whole_portal import AUTOMATION

WORDS = ["Évry", "l'Haÿ-les-Roses", "SAINT-GERMAIN lès Arpajon", 'le "Bois"', "bois", None, "a AND b", "évry centre"]
TABLE = [
    {
        "code": WORDS[n % 8],
        "nombre": [9007199254740993, -1, 0, 12, None][n % 5],
        "part": [0.1, 2.5, -0.0, 100.0, None, 7.25][n % 6],
        "ouvert": [True, False, None][n % 3],
        "jour": ["2023-12-31", "2024-01-01", "2024-02-29", None, "2025-01-01"][n % 5],
        "annee": ["1978", "2024", None][n % 3],
        "instant": ["2024-02-29T23:59:59+00:00", "2024-03-01T00:00:00+00:00", None][n % 3],
        "mots": [["vélo", "piéton"], ["vélo cargo"], [], None][n % 4],
        "chemin": ["Europe/Paris", "Europe", None][n % 3],
        "lieu": [{"lon": 4.5, "lat": 46.7}, None][n % 2],
        "forme": None,
        "photo": None,
        "objet": None,
    }
    for n in range(120)
]


def words(text) -> list[str]:
    """The words of a cell, without capitals and accents: how the far portal of these tests looks into it."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def has(row, name, phrase) -> bool:
    cells = row[name] if isinstance(row[name], list) else [row[name]]
    looked_for = words(phrase)
    return any(
        looked_for == cell[start : start + len(looked_for)] for cell in map(words, cells) for start in range(len(cell))
    )


def day(row, name="jour"):
    return dt.date.fromisoformat(row[name][:10]) if row[name] else None


def number(row, name, test) -> bool:
    return row[name] is not None and test(row[name])


FILTERS = {
    "code:evry": lambda row: has(row, "code", "évry"),
    'code:"Évry"': lambda row: has(row, "code", "évry"),
    'code:"ÉVRY Centre"': lambda row: has(row, "code", "évry centre"),
    'code:"l\'Haÿ-les-Roses"': lambda row: has(row, "code", "l hay les roses"),
    'code:"le \\"Bois\\""': lambda row: has(row, "code", "le bois"),
    'code:"a AND b"': lambda row: row["code"] == "a AND b",
    '#exact(code, "bois")': lambda row: row["code"] == "bois",
    '#exact(code, "Bois")': lambda row: False,
    '#startswith(code, "SAINT")': lambda row: (row["code"] or "").startswith("SAINT"),
    "#null(code)": lambda row: row["code"] is None,
    "NOT #null(code)": lambda row: row["code"] is not None,
    "NOT code:evry": lambda row: not has(row, "code", "évry"),
    "code:evry AND nombre>0": lambda row: has(row, "code", "évry") and number(row, "nombre", lambda n: n > 0),
    "code:evry OR code:bois": lambda row: has(row, "code", "évry") or has(row, "code", "bois"),
    "(code:evry OR code:bois) AND NOT ouvert:true": lambda row: (
        (has(row, "code", "évry") or has(row, "code", "bois")) and row["ouvert"] is not True
    ),
    "code:(evry OR bois)": lambda row: has(row, "code", "évry") or has(row, "code", "bois"),
    "nombre:9007199254740993": lambda row: row["nombre"] == 9007199254740993,
    "nombre=-1": lambda row: row["nombre"] == -1,
    "nombre!=0": lambda row: row["nombre"] != 0,
    "nombre>=0 AND nombre<=12": lambda row: number(row, "nombre", lambda n: 0 <= n <= 12),
    "nombre:[0 TO 12]": lambda row: number(row, "nombre", lambda n: 0 <= n <= 12),
    "nombre:]0 TO 12[": lambda row: number(row, "nombre", lambda n: 0 < n < 12),
    "part:[* TO 2.5]": lambda row: number(row, "part", lambda n: n <= 2.5),
    "part>2.5": lambda row: number(row, "part", lambda n: n > 2.5),
    "ouvert:true": lambda row: row["ouvert"] is True,
    "NOT ouvert:false": lambda row: row["ouvert"] is not False,
    "jour:2024": lambda row: day(row) is not None and day(row).year == 2024,
    "jour:2024-02": lambda row: row["jour"] == "2024-02-29",
    "jour<=2023": lambda row: day(row) is not None and day(row).year <= 2023,
    "jour>2024": lambda row: day(row) is not None and day(row).year > 2024,
    "jour:[2024-01-01 TO 2024-12-31]": lambda row: day(row) is not None and day(row).year == 2024,
    "#null(jour)": lambda row: row["jour"] is None,
    'instant<"2024-03-01T00:00:00Z"': lambda row: row["instant"] == "2024-02-29T23:59:59+00:00",
    'mots:"vélo"': lambda row: has(row, "mots", "vélo"),
    "mots:velo AND mots:pieton": lambda row: row["mots"] == ["vélo", "piéton"],
    '#exact(mots, "vélo")': lambda row: "vélo" in (row["mots"] or []),
    "#null(mots)": lambda row: not row["mots"],
    'chemin:"Europe/Paris"': lambda row: row["chemin"] == "Europe/Paris",
    "code:evry nombre:12": lambda row: has(row, "code", "évry") and row["nombre"] == 12,
}
"""Filters as people write them there, and what the portal of these tests says of a row: written by hand, without a parser."""

UNTOLD = {
    "evry": "dans toute la ligne",
    "code:evry AND velo": "dans toute la ligne",
    '#search(code, "evr")': "#search",
    '#distance(lieu, "46.7,4.5", 1000)': "#distance",
    '#polygon(lieu, "(46,4),(46,5),(47,5)")': "#polygon",
    "jour>=#now(years=-1)": "#now()",
    "code>evry": "dans l’ordre",
    "code:[a TO f]": "dans l’ordre",
    "recordid:0123456789abcdef0123456789abcdef00000001": "recordid",
    "absente:1": "absente",
    "code:": "",
    "(code:evry": "",
    'code:"evry': "",
    "#inconnue(code)": "inconnue",
    "nombre:beaucoup": "nombre",
}
"""Filters that are told, never made: what says why."""

GROUP = f"{AUTOMATION}/datasets/da_2/security/groups/"


@pytest.fixture
def rules(far, move, key):
    """Move the portal with these rules for the group « Agents »; the rule."""
    far.tables["prive"][:] = TABLE
    next(row for row in far.portal.datasets if row["dataset_id"] == "prive")["records_count"] = len(TABLE)
    seen = []

    def answer(handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        seen.append(query["q"][0])
        count = sum(map(FILTERS[query["q"][0]], TABLE))
        reply(handler, json.dumps({"nhits": count, "records": []}).encode(), Content_Type="application/json")

    far.portal.answers["/api/records/1.0/search/"] = answer
    far.asked_filters = seen

    def bring(query, fields=("*",), **rule) -> Part:
        security = {"is_data_visible": True, "visible_fields": list(fields), "filter_query": query, **rule}
        far.lists[GROUP] = [{"group": {"uid": "g"}, "security": security, "permissions": []}]
        move(*key, "--without", "users,pages,reuses,drawings,portals,counts")
        return Part.objects.get(kind="filters", identifier="prive group:g")

    return bring


def shown(row) -> tuple:
    """The cells that tell rows apart."""
    return tuple(json.dumps(row[name]) for name in ("code", "nombre", "part", "ouvert", "jour", "mots", "chemin"))


def rows_of(dataset: Dataset) -> list[dict]:
    dataset = Dataset.objects.select_related("current").get(pk=dataset.pk)
    return [
        json.loads(line)
        for line in b"".join(export(engine(), source_of(dataset), "jsonl", ExploreRequest())).splitlines()
    ]


def form_of(page) -> dict:
    """What a browser would send of a form as it was proposed."""
    form = page.context["form"]
    values = {field.name: field.value() for field in form}
    values["groups"] = [getattr(group, "pk", group) for group in values["groups"] or []]
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_the_rows_of_each_filter_are_those_that_the_portal_shows_and_the_others_are_told(rules):
    dataset = rules("code:evry").dataset
    assert len(rows_of(dataset)) == len(TABLE)
    shape, differing, whole = columns_of(dataset), {}, sorted(map(shown, TABLE))
    assert len(whole) == 120
    for query, test in FILTERS.items():
        reasons = untold_of(query, dataset, shape)
        question = Question(query, "v1", ("code", "nombre"))
        table = extract_table(dataset, extract_key(question.parameters(dataset.dataset_id)))
        mine = [tuple(row.values()) for row in pq.read_table(table.files[0]).to_pylist()]
        expected = [(row["code"], row["nombre"]) for row in TABLE if test(row)]
        if reasons or mine != expected or table.rows != len(expected):
            differing[query] = ([reason.text("fr") for reason in reasons], len(mine), len(expected))
    assert differing == {}
    assert sum(1 for test in FILTERS.values() if 0 < sum(map(test, TABLE)) < len(TABLE)) >= len(FILTERS) - 2
    sentences = {query: " ".join(reason.text("fr") for reason in untold_of(query, dataset, shape)) for query in UNTOLD}
    assert {query: words for query, words in sentences.items() if not words or UNTOLD[query] not in words} == {}


def test_a_rule_is_made_an_extract_once_for_its_group_and_shown_on_the_list(rules, town, client):
    agents = Group.objects.create(name="agents")
    part = rules("(code:evry OR code:bois) AND NOT ouvert:true", ("code", "nombre", "jour"))
    browser = client_of(town.superuser)
    listed = reverse("moving:rest", args=[part.source.slug]) + "?partie=filters"
    address = reverse("moving:extract", args=[part.source.slug, part.pk])
    assert address in browser.get(listed).content.decode()
    page = browser.get(address)
    shown_rows = [row for row in TABLE if FILTERS["(code:evry OR code:bois) AND NOT ouvert:true"](row)]
    text = page.content.decode()
    assert (f"<strong>{len(shown_rows)}</strong> lignes, sur 120" in text, "Agents" in text) == (True, True)
    form = form_of(page)
    assert (form["groups"], form["access"], form["columns"]) == ([agents.pk], "restricted", ["code", "nombre", "jour"])
    looked = browser.post(address, {**form, "voir": "1"}).content.decode()
    assert "en garde autant avec ce filtre" in looked
    assert Dataset.objects.count() == 2
    answer = browser.post(address, form)
    assert answer.status_code == 302, answer.context["form"].errors
    drain()
    child = Dataset.objects.get(dataset_id=form["dataset_id"])
    assert (child.status, child.access, list(child.allowed_groups.all())) == (
        Status.PUBLISHED,
        Access.RESTRICTED,
        [agents],
    )
    assert [(row["code"], row["nombre"], row["jour"]) for row in rows_of(child)] == [
        (row["code"], row["nombre"], row["jour"]) for row in shown_rows
    ]
    assert browser.post(address, {**form, "dataset_id": "autre"}).headers["Location"].endswith(f"/{child.dataset_id}/")
    assert Dataset.objects.count() == 3
    text = browser.get(listed).content.decode()
    assert ("fait :" in text, child.title in text, "extrait fait ici" in text, address in text) == (
        True,
        True,
        True,
        False,
    )
    assert client.get(child.get_absolute_url()).status_code == 404
    assert rules("code:evry", ("code", "nombre", "jour")).state == "made"
    assert "la règle a changé là-bas depuis" in browser.get(listed).content.decode()
    child.status = Status.DELETED
    child.save()
    assert rules("code:evry", ("code", "nombre", "jour")).state == "left"


def test_a_filter_that_cannot_be_said_makes_nothing_until_somebody_writes_it(rules, town):
    part = rules('#distance(lieu, "46.7,4.5", 1000) AND nombre>0')
    browser = client_of(town.superuser)
    address = reverse("moving:extract", args=[part.source.slug, part.pk])
    page = browser.get(address)
    assert "Ceci ne peut pas être dit ici tel quel" in page.content.decode()
    form = form_of(page)
    assert form["where"] == ""
    for where, language, word in (
        ("", "v1", "écrivez la condition"),
        ('#distance(lieu, "46.7,4.5", 1000) AND nombre>0', "v1", "écrivez la condition"),
        ("nombre >", "odsql", "nombre"),
        ("nombre > now()", "odsql", "now()"),
    ):
        refused = browser.post(address, {**form, "where": where, "language": language})
        assert (refused.status_code, word in str(refused.context["form"].errors)) == (422, True), where
    assert Dataset.objects.count() == 2
    assert browser.post(address, {**form, "where": "nombre > 0", "language": "odsql"}).status_code == 302
    drain()
    child = Dataset.objects.get(dataset_id=form["dataset_id"])
    assert [row["nombre"] for row in rows_of(child)] == [row["nombre"] for row in TABLE if (row["nombre"] or 0) > 0]


def test_a_portal_that_counts_other_rows_or_does_not_answer_has_a_person_read_the_condition(rules, town, far):
    part = rules("code:evry")
    browser = client_of(town.superuser)
    address = reverse("moving:extract", args=[part.source.slug, part.pk])
    form = form_of(browser.get(address))
    for person, status in ((town.reader, 302), (town.contributor, 403), (town.other, 404)):
        assert client_of(person).post(address, form).status_code == status, person
    far.portal.answers["/api/records/1.0/search/"] = lambda handler: reply(
        handler, b'{"nhits": 3}', Content_Type="application/json"
    )
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert "L’ancien portail garde 3 lignes, et l’extrait en aurait 30." in str(refused.context["form"].errors)
    far.portal.answers["/api/records/1.0/search/"] = lambda handler: reply(handler, b"<html>", 500)
    assert "n’a pas dit combien" in str(browser.post(address, form).context["form"].errors)
    assert Dataset.objects.count() == 2
    assert browser.post(address, {**form, "confirmed": "on"}).status_code == 302
    assert Dataset.objects.count() == 3


def test_columns_alone_are_a_rule_and_only_that_of_everybody_may_be_opened(rules, town, far, client):
    security = {"is_data_visible": True, "visible_fields": ["code", "partie"], "filter_query": ""}
    row = next(row for row in far.lists[f"{AUTOMATION}/datasets/"] if row["dataset_id"] == "prive")
    row["default_security"] = security
    part = Part.objects.get(kind="filters", identifier="prive default", source=rules("code:evry").source)
    browser = client_of(town.superuser)
    address = reverse("moving:extract", args=[part.source.slug, part.pk])
    page = browser.get(address)
    form = form_of(page)
    assert ("partie" in page.content.decode(), form["columns"]) == (True, ["code"])
    assert dict(page.context["form"].fields["access"].choices).keys() == {"restricted", "public"}
    closed = {name: value for name, value in form.items() if name != "columns"}
    assert "cochez celles" in str(browser.post(address, closed).context["form"].errors["columns"])
    assert browser.post(address, {**form, "access": "public"}).status_code == 302
    drain()
    records = f"/api/explore/v2.1/catalog/datasets/{form['dataset_id']}/records?limit=-1"
    assert client.get(records).json()["results"][:2] == [{"code": "Évry"}, {"code": "l'Haÿ-les-Roses"}]
    group = Part.objects.get(kind="filters", identifier="prive group:g")
    other = browser.get(reverse("moving:extract", args=[part.source.slug, group.pk])).context["form"]
    assert dict(other.fields["access"].choices).keys() == {"restricted"}
