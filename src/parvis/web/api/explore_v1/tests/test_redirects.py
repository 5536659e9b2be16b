"""``/explore/dataset/<id>/download/`` and identifiers that changed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_the_download_address_of_scripts(client, trees):
    address = "/explore/dataset/arbres-essai/download/?format=csv&use_labels_for_header=True&csv_separator=;"
    for written in (address, address.replace("/?", "?")):
        response = client.get(written)
        lines = b"".join(response.streaming_content).decode().split("\r\n")
        assert lines[0] == "Référence;Essence;Quartier;Hauteur (m);Plantation;Remarquable;Usages;Position"
        assert len(lines) == 8


def test_filters_of_version_1_apply(client, trees):
    response = client.get("/explore/dataset/arbres-essai/download/?refine.essence=Platane&fields=ref")
    assert b"".join(response.streaming_content).decode() == "ref\r\nA4\r\n"


def test_former_identifiers_still_answer(client, ask, trees):
    trees.aliases.create(former_id="vieux")
    assert client.get("/explore/dataset/vieux/download/").status_code == 200
    assert ask("/api/records/1.0/search/?dataset=vieux&rows=0")["nhits"] == 6
    assert ask("/api/datasets/1.0/vieux/")["datasetid"] == "arbres-essai"
    moved = client.get("/api/datasets/1.0/vieux/attachments/rien")
    assert (moved.status_code, moved["Location"]) == (301, "/api/datasets/1.0/arbres-essai/attachments/rien")


def test_an_unknown_dataset_is_told_as_json(client, db):
    response = client.get("/explore/dataset/jamais/download/?format=csv")
    assert response.status_code == 404
    assert "jamais" in response.json()["error"]
