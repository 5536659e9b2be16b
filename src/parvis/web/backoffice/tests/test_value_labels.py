"""Labels of values: proposed and kept in the back office, read on screens, absent from files and answers."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from parvis.core.columns import LABELS
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.maps.factories import make_trees
from parvis.hub.maps.selectors import layer_of
from parvis.web.backoffice.journal_words import sentence_of

pytestmark = pytest.mark.django_db

PLACES = [(2.4 + n / 1000, 48.6) for n in range(40)]
CALLED = {"Tilleul": "Tilia", "Platane": "Platanus"}


@pytest.fixture
def trees(town) -> Dataset:
    return make_trees(PLACES, organisation=town.organisation, dataset_id="arbres")


@pytest.fixture
def labelled(town) -> Dataset:
    fields = {"espece": {"annotations": {"facet": True, LABELS: CALLED}}}
    return make_trees(PLACES, organisation=town.organisation, dataset_id="arbres", fields=fields)


def screen(column: str = "espece") -> str:
    return reverse("backoffice:dataset_values", args=["arbres", column])


def sent(**labels: str) -> dict[str, str]:
    """The form as a browser sends it."""
    rows = enumerate(labels.items())
    return {
        key: text for rank, pair in rows for key, text in zip((f"{rank}-value", f"{rank}-label"), pair, strict=True)
    }


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_most_frequent_values_are_listed_with_their_rows(town, trees):
    body = text_of(client_of(town.contributor).get(screen()))
    assert all(f'<th scope="row">{name}</th>' in body for name in ("Tilleul", "Platane", "Érable", "Chêne", "Cèdre"))
    assert body.count('<td class="bo-number"> 8 </td>') == 5


def test_what_was_said_is_kept_on_the_card_and_told_by_the_journal(town, trees):
    client = client_of(town.contributor)
    assert client.post(screen(), sent(**CALLED, Cèdre="")).status_code == 302
    trees.refresh_from_db()
    assert trees.fields["espece"]["annotations"][LABELS] == CALLED
    entry = Entry.objects.get(action="dataset.update")
    assert "libellés des valeurs de « espece »" in sentence_of(entry).details
    history = text_of(client.get(reverse("backoffice:dataset_history", args=["arbres"])))
    assert "Tilleul → Tilia" in history
    # The columns are described again: what their values are called stays.
    columns = client.get(reverse("backoffice:dataset_fields", args=["arbres"]))
    assert "2 libellés" in text_of(columns)
    client.post(reverse("backoffice:dataset_fields", args=["arbres"]), {"espece-label": "Essence"})
    trees.refresh_from_db()
    assert trees.fields["espece"]["annotations"][LABELS] == CALLED
    # An empty label takes it away.
    client.post(screen(), sent(Tilleul="", Platane="Platanus"))
    trees.refresh_from_db()
    assert trees.fields["espece"]["annotations"][LABELS] == {"Platane": "Platanus"}


def test_a_label_too_long_is_refused_and_what_was_typed_stays(town, trees):
    answer = client_of(town.contributor).post(screen(), sent(Tilleul="x" * 101, Platane="Platanus"))
    assert answer.status_code == 422
    assert 'value="Platanus"' in text_of(answer)


def test_proposals_fill_what_is_empty_and_nothing_is_kept(town, trees, monkeypatch):
    monkeypatch.setattr("parvis.web.backoffice.datasets.value_labels.proposed_labels", lambda _column, _values: CALLED)
    answer = client_of(town.contributor).post(screen(), {**sent(Tilleul="Le tilleul", Platane=""), "acte": "proposer"})
    body = text_of(answer)
    assert 'value="Le tilleul"' in body
    assert 'value="Platanus"' in body
    trees.refresh_from_db()
    assert trees.fields == {}


def test_columns_of_places_take_no_labels_and_strangers_see_nothing(town, trees, client):
    assert client_of(town.contributor).get(screen("geo")).status_code == 404
    assert client.get(screen()).status_code == 302


def test_screens_show_labels_and_the_value_stands_beside(client, labelled):
    table = text_of(client.get("/explore/dataset/arbres/table/"))
    assert re.search(r'<span\s+title="Dans les données\s: Platane"\s*>Platanus</span>', table)
    card = text_of(client.get("/explore/dataset/arbres/information/"))
    assert "<li><code>Platane</code> Platanus</li>" in card
    shown = re.sub(r'<details.*?</details>|"[^"]*"', "", card)
    assert "Platanus" in shown
    assert "Platane" not in shown
    layer = layer_of(labelled)
    legend = next(one for one in layer["legends"] if one["field"] == "espece")
    assert legend["names"] == CALLED


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("op=egal&valeur=platanus", 8),
        ("op=egal&valeur=Platane", 8),
        ("op=contient&valeur=tili", 8),
        ("op=different&valeur=Tilia", 32),
    ],
)
def test_a_filter_takes_a_value_by_its_label(client, labelled, query, count):
    body = client.get(f"/explore/dataset/arbres/table/?colonne=espece&{query}&taille=50").content.decode()
    assert body.count("Arbre n°") == count


def test_answers_and_files_keep_the_values(client, labelled):
    base = "/api/explore/v2.1/catalog/datasets/arbres"
    dataset = client.get(base).json()
    field = next(one for one in dataset["fields"] if one["name"] == "espece")
    assert field["annotations"] == {"facet": True, "labels": CALLED}
    records = client.get(f"{base}/records?refine=espece:Platane").json()
    assert {row["espece"] for row in records["results"]} == {"Platane"}
    assert client.get(f"{base}/records", {"where": 'espece = "Platanus"'}).json()["total_count"] == 0
    content = b"".join(client.get(f"{base}/exports/csv").streaming_content).decode()
    assert "Platane" in content
    assert "Platanus" not in content
    first = client.get("/api/datasets/1.0/arbres/").json()
    annotations = next(one for one in first["fields"] if one["name"] == "espece")["annotations"]
    assert {"name": "labels", "args": ["Platane=Platanus", "Tilleul=Tilia"]} in annotations
