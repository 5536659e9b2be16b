"""``/api/records/1.0/analyze/``, over HTTP; the numbers are tested in the core."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
ANALYZE = "/api/records/1.0/analyze/?dataset=arbres-essai"


def test_points_of_a_serie(ask, trees):
    assert ask(f"{ANALYZE}&x=essence&y.n.func=COUNT&y.h.func=AVG&y.h.expr=hauteur&sort=n") == [
        {"x": "Érable", "n": 3, "h": 13.75},
        {"x": "Tilleul", "n": 2, "h": 8.125},
        {"x": "Platane", "n": 1, "h": 21},
    ]


def test_a_cut_is_told_in_a_header(client, trees):
    assert "ods-analyze-truncated" not in client.get(f"{ANALYZE}&x=essence&y.n.func=COUNT")
    cut = client.get(f"{ANALYZE}&x=essence&y.n.func=COUNT&maxpoints=1")
    assert (cut["ods-analyze-truncated"], len(cut.json())) == ("true", 1)


def test_points_as_csv(client, trees):
    response = client.get(f"{ANALYZE}&x=plantation&precision=month&y.n.func=COUNT&format=csv&q=plantation>2010")
    assert response.content.decode() == "x.year;x.month;n\r\n2012;2;1\r\n2019;12;1\r\n"


def test_points_by_post_and_by_script(client, trees):
    posted = client.post("/api/records/1.0/analyze/", {"dataset": "arbres-essai", "y.serie1.func": "COUNT"})
    assert posted.json() == [{"serie1": 6}]
    script = client.get(f"{ANALYZE}&y.serie1.func=COUNT&format=jsonp&callback=f")
    assert script.content == b'/**/f([{"serie1": 6}]);'


def test_errors(client, trees):
    assert client.get(f"{ANALYZE}&x=nope&y.n.func=COUNT").status_code == 400
    assert client.get("/api/records/1.0/analyze/?y.n.func=COUNT").status_code == 400
