"""Pages of former portals as pieces, whatever their HTML is."""

import base64
import json

import pytest

from parvis.core.sources.page_skeletons import embedded, parameters_of, skeleton_of
from parvis.core.sources.portal_lists import read_list


def texts(html: str) -> list[str]:
    return [piece.html for piece in skeleton_of(html).pieces if piece.kind == "text"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Un<p>Deux", ["<p>Un</p><p>Deux</p>"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["<ul><li>a</li><li>b</li><li>c</li></ul>"]),
        ("<h1><b>Titre</b></h1>suite", ["<h2>Titre</h2><p>suite</p>"]),
        ("<p>a <b>gras <i>et</p><p>après", ["<p>a <b>gras <i>et</i></b></p><p>après</p>"]),
        ("<p onclick=x()>&lt;script&gt;alert(1)</p>", ["<p>&lt;script&gt;alert(1)</p>"]),
        ('<p><a href=" java\nscript:x">a</a> <a href="data:x">b</a> <a href="//x.fr/">c</a></p>', ['<p>a b <a href="//x.fr/">c</a></p>']),
        ("<table><tr><td>1<td>2<tr><td>3</table>", ["<p>1 — 2</p><p>3</p>"]),
        ("<style>p{}</style><noscript>non</noscript><form>non</form><svg><p>non</svg>oui", ["<p>oui</p>"]),
        ("<p>{{ a }} b {{ c | d }}</p>", ["<p>b</p>"]),
        ("", []),
        ("<p>\u202eépelé à l’envers\x00</p>", ["<p>épelé à l’envers</p>"]),
    ],
)  # fmt: skip
def test_words_are_written_anew(html, expected):
    assert texts(html) == expected


def test_a_context_says_which_data_a_widget_shows_and_what_is_computed_is_lost():
    (piece,) = skeleton_of(
        """<div ods-dataset-context context="C" c-dataset="velos" c-domain="data.fr"
        c-parameters="{'refine.a': ['x', 'y, z'], disjunctive.a: true, q: 'l\\'eau', 'sort': '-b', 'refine.d': vm.chosen}">
        <ods-map context="c"><ods-map-layer context="c" color-by-field="a"><p>{{ record.fields.a }} du modèle</p></ods-map>"""
    ).pieces
    assert (piece.kind, piece.widget, piece.dataset, piece.domain) == ("map", "ods-map-layer", "velos", "data.fr")
    assert piece.filters == {"a": ["x", "y, z"], "q": ["l'eau"], "sort": ["-b"]}
    assert piece.lost == ["refine.d"]
    assert parameters_of("vm.parameters") == ({}, ["parameters"])
    assert parameters_of("{}") == ({}, [])


def test_a_chart_has_what_its_query_and_its_series_say():
    pieces = skeleton_of(
        """<ods-dataset-context context="c" c-dataset="v"><ods-chart><ods-chart-query context="c" field-x="jour" timescale="month">
        <ods-chart-serie chart-type="line" function-y="AVG" expression-y="n"></ods-chart-serie><ods-chart-serie chart-type="bar"/>
        </ods-chart-query></ods-chart></ods-dataset-context>"""
    ).pieces
    assert [piece.settings for piece in pieces] == [
        {"field-x": "jour", "timescale": "month", "chart-type": "line", "function-y": "AVG", "expression-y": "n"},
        {"field-x": "jour", "timescale": "month", "chart-type": "bar"},
    ]


def test_frames_of_portals_are_read_by_their_address_and_others_are_named():
    chart = {"queries": [{"xAxis": "a", "charts": [{"type": "pie", "func": "SUM", "yAxis": "b"}], "config": {"dataset": "d", "options": {"refine.c": "x"}}}]}  # fmt: skip
    text = base64.urlsafe_b64encode(json.dumps(chart).encode()).decode().rstrip("=")
    (piece,) = embedded(f"https://data.fr/chart/embed/?dataChart={text}")
    assert (piece.kind, piece.dataset, piece.domain, piece.filters) == ("chart", "d", "data.fr", {"c": ["x"]})
    assert piece.settings == {"chart-type": "pie", "function-y": "SUM", "expression-y": "b", "field-x": "a"}
    (piece,) = embedded("/explore/embed/dataset/les%20arbres/map/?refine.c=x")
    assert (piece.kind, piece.dataset, piece.filters) == ("map", "les arbres", {"c": ["x"]})
    assert embedded("https://data.fr/?dataChart=!!!")[0].kind == "note"
    assert embedded("https://[") == []
    assert [piece.kind for piece in skeleton_of('<iframe src="https://video.fr/x">').pieces] == ["note"]


@pytest.mark.parametrize("html", ["<b> " * 100_000, "<ul><li>" * 50_000, "<a href=x>" * 50_000, "<" * 200_000, "<p>x</p>" * 50_000, "<ods-table>" * 20_000])  # fmt: skip
def test_pages_made_to_harm_end(html):
    skeleton = skeleton_of(html)
    assert len(skeleton.pieces) <= 400
    assert skeleton.is_cut == ("ods-table" in html)


def test_lists_are_read_in_the_shapes_that_portals_have(tmp_path):
    answer = tmp_path / "answer"

    def read(kind: str, document: object):
        answer.write_text(json.dumps(document))
        return read_list(answer, kind)

    row = {"email": " A@B.fr ", "first_name": "A" * 999, "groups": [{"uid": "g"}, 3], "permissions": ["x", None]}
    for shape in ([row, 4, {}], {"results": [row], "total_count": 9}, {"items": [row], "nhits": 9}):
        page_of_users = read("users", shape)
        assert page_of_users.total == (None if isinstance(shape, list) else 9)
        (user,) = page_of_users.facts()
        assert (user["identifier"], len(user["first_name"]), user["groups"], user["permissions"]) == (
            "a@b.fr",
            60,
            ["g"],
            ["x"],
        )
    former = {"slug": "p", "title": "Titre", "content": {"main": {"text": {"fr": "a"}}, "right": {"text": {"fr": "b"}}}}
    (page,) = read("pages", [former]).facts()
    assert (page["title"], page["html"]) == ("Titre", {"fr": "ab"})
    with pytest.raises(Exception, match="liste"):
        read("users", {"a": 1})
