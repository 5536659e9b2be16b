"""``geocluster``, ``geopreview``, ``geopolygon`` and ``boundingbox`` over HTTP; what they compute is tested in the core."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
RECORDS = "/api/records/1.0"


def test_the_extent(ask, trees):
    assert ask(f"{RECORDS}/boundingbox/?dataset=arbres-essai") == {
        "bbox": [1.48, 48.43, 1.5, 48.46],
        "count": 5,
        "geometries": {"Point": 5},
    }


def test_clusters(ask, trees):
    body = ask(
        f"{RECORDS}/geocluster/?dataset=arbres-essai&clusterprecision=8&clusterdistance=50&geofilter.bbox=48,1,49,2"
        "&return_polygons=true&y.serie1.expr=hauteur&y.serie1.func=MAX"
    )
    assert [row["count"] for row in body["clusters"]] == [5]
    assert body["clusters"][0]["series"] == {"serie1": 21}


def test_shapes(ask, trees):
    seen = ask(f"{RECORDS}/geopreview/?dataset=arbres-essai&clusterprecision=8&rows=1000")
    assert len(seen) == 5
    digest = seen[0]["geo_digest"]
    page = ask(f"{RECORDS}/search/?dataset=arbres-essai&geo_digest={digest}")
    assert [record["geometry"] for record in page["records"]] == [seen[0]["geometry"]]
    assert len(ask(f"{RECORDS}/geopolygon/?dataset=arbres-essai&clusterprecision=8")["clusters"]) == 5


def test_errors(client, trees):
    assert client.get(f"{RECORDS}/geocluster/?dataset=arbres-essai").status_code == 400
    assert client.get(f"{RECORDS}/boundingbox/?dataset=jamais").status_code == 404
