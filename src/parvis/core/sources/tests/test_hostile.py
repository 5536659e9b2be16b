"""Whatever an answer is, it gives a page or an error of the house, soon, and what it gives holds."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.children.outcomes import from_bytes, to_bytes
from parvis.core.errors import ParvisError
from parvis.core.sources import paging
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings, Standing
from parvis.core.sources.dialects import DIALECTS, ROWS
from parvis.core.sources.tests import test_catalogues as catalogues
from parvis.core.sources.tests import test_services as services
from parvis.core.sources.tests.conftest import DATA, Elsewhere
from parvis.core.sources.tests.test_csw import ISO_3
from parvis.core.sources.tests.test_dcat import WHOLE
from parvis.core.sources.tests.test_feeds import EVENT
from parvis.core.sources.tests.test_ogc_records import PYCSW, RECORDS

STANDING = {slug for slug, dialect in DIALECTS.items() if isinstance(dialect, Standing)}
"""Those that ask nothing, and so have no answer to read."""
URLS = {
    "openagenda": "https://api.openagenda.com/v2/agendas/1",
    "arcgis": services.ARCGIS,
    "grist": "https://grist.example.fr/api/docs/abcDEF123456",
}
JSON_ANSWERS: dict[str, Any] = {
    "udata": catalogues._udata(catalogues.UDATA),
    "ckan": catalogues._ckan([catalogues.CKAN], 9),
    "explore_v1": {"nhits": 9, "datasets": [catalogues.ODS]},
    "data_json": {"dataset": [catalogues.DATA_JSON]},
    "ogc_features": json.loads((DATA / "ogc_collections.json").read_text()),
    "ogc_records": {
        "features": [PYCSW, *RECORDS[:1]],
        "numberMatched": 9,
        "links": [{"rel": "next", "href": "?offset=2"}],
    },
    "arcgis": {"layers": [services.LAYER_0], "folders": [], "services": [{"name": "a", "type": "MapServer"}]},
    "openagenda": {"uid": 1, "title": "a"},
    "gbfs": {"data": {"fr": {"feeds": [{"name": "station_information", "url": "https://a.example/b"}]}}},
    "grist": {
        "name": "a",
        "tables": [{"id": "A"}],
        "columns": [{"id": "a", "fields": {}}],
        "records": [{"id": 1, "fields": {}}],
    },
}
ROWS_ANSWERS: dict[str, Any] = {
    "ogc_features": services._collection(range(2), links=[{"rel": "next", "href": "?offset=2"}]),
    "arcgis": services.LAYER_0,
    "openagenda": {"events": [EVENT], "after": [1]},
    "gbfs": JSON_ANSWERS["gbfs"],
    "grist": JSON_ANSWERS["grist"],
}
XML_ANSWERS = {"csw": ISO_3, "wfs": (DATA / "wfs_capabilities.xml").read_text()}
WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["\ud800", "<b>", "http://[", "https://a.example/\x00", "9999-99-99", "a\u202eb", "&#0;", "1e999", "-" * 300]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    st.just([[[[[[[]]]]]]]),
)


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, part in inner for place in _places(part, (*way, key)))]


@st.composite
def spoiled(draw: st.DrawFn, answers: dict[str, Any]) -> tuple[str, str]:
    """A right answer with some of its values replaced by wrong ones."""
    slug = draw(st.sampled_from(sorted(answers)))
    value = json.loads(json.dumps(answers[slug]))
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(_places(value)))
        if not way:
            continue
        target = value
        for key in way[:-1]:
            target = target[key]
        target[way[-1]] = copy.deepcopy(draw(WRONG))
    return slug, json.dumps(value)


@st.composite
def torn(draw: st.DrawFn) -> tuple[str, str]:
    """A right text with a part cut out, or repeated."""
    slug = draw(st.sampled_from(["csw", "wfs", "dcat"]))
    text = XML_ANSWERS.get(slug, WHOLE)
    start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 200))
    return slug, text[:start] + text[start : start + length] * draw(st.sampled_from([0, 2])) + text[start + length :]


def _page(answer: Path, request: Request, sought: Settings, slug: str) -> Page:
    return DIALECTS[slug].read(answer, request, sought)


def _check(slug: str, body: str | bytes, elsewhere: Elsewhere) -> None:
    sought = Settings(URLS.get(slug, "https://data.evry.example/a"))
    (request,) = DIALECTS[slug].first(sought)
    if slug == "arcgis":
        request = Request(request.url, state={"step": "layers"})
    if slug == "grist":
        request = Request(
            request.url, state={"step": "tables", "root": request.url, "name": "", "owner": "", "changed": ""}
        )
    path = elsewhere.folder / "answer"
    path.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"))
    try:
        page = _page(path, request, sought, slug)
    except ParvisError:
        return
    assert from_bytes(_page, to_bytes(page)) == page  # it crosses from the child as it is
    for item in page.items:
        _check_item(item)
    for following in page.following:
        assert following.url.startswith(("http://", "https://"))
        assert all(isinstance(value, str) for value in following.state.values())


def _check_item(item: Item) -> None:
    assert item.identifier
    assert item.title
    lines = [item.identifier, item.title, item.publisher, item.licence, *item.keywords, *item.themes, *item.spatial]
    assert all("\n" not in line and line.isprintable() for line in lines)
    assert len(item.keywords) <= 200 and len(item.title) <= 500 and len(item.description) <= 20_000
    assert all(part.url.startswith(("http://", "https://", "ftp://")) for part in item.resources)
    for day in (item.issued, item.modified, item.temporal_start, item.temporal_end):
        assert day == "" or day[:4].isdigit()
    assert item.bbox is None or (-180 <= item.bbox[0] <= 180 and item.bbox[1] <= item.bbox[3] <= 90)
    json.dumps(item.identifier).encode()


QUICK = settings(
    max_examples=80, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@QUICK
@given(case=spoiled(JSON_ANSWERS))
def test_wrong_values_in_a_right_answer(elsewhere: Elsewhere, case: tuple[str, str]) -> None:
    _check(*case, elsewhere)


@QUICK
@given(case=torn())
def test_torn_texts(elsewhere: Elsewhere, case: tuple[str, str]) -> None:
    _check(*case, elsewhere)


@settings(parent=QUICK, max_examples=40)
@given(slug=st.sampled_from(sorted(set(DIALECTS) - STANDING)), body=st.binary(max_size=200))
def test_any_bytes(elsewhere: Elsewhere, slug: str, body: bytes) -> None:
    _check(slug, body, elsewhere)


@settings(parent=QUICK, max_examples=60)
@given(case=spoiled(ROWS_ANSWERS), step=st.integers(0, 3))
def test_wrong_values_in_rows(elsewhere: Elsewhere, case: tuple[str, str], step: int) -> None:
    slug, body = case
    urls = {"arcgis": f"{services.ARCGIS}/a/FeatureServer/0", "grist": URLS["grist"] + "/tables/A"}
    destination = elsewhere.folder / "rows"
    destination.unlink(missing_ok=True)
    pending = ROWS[slug].first(
        Resource(urls.get(slug, "https://data.evry.example/a")), Settings("https://data.evry.example/a")
    )
    for _ in range(step + 1):
        if not pending:
            break
        try:
            pending = ROWS[slug].rows(elsewhere.answer(body.encode("utf-8", "surrogatepass")), pending[0], destination)
        except ParvisError:
            break
    if destination.exists():
        for line in destination.read_bytes().splitlines():
            assert isinstance(json.loads(line, parse_constant=pytest.fail), dict)


def test_a_way_without_end_is_cut(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 10)

    def server(request: Request) -> dict[str, Any]:
        start = int(request.url.rpartition("start=")[2])
        return catalogues._ckan([catalogues.CKAN | {"id": str(start)}], 10**9)

    whole = elsewhere.harvest("ckan", server, "https://data.evry.example", most=10)
    assert (len(whole.items), "plus de 10 pages" in whole.reasons) == (10, True)


def test_an_answer_too_large_is_not_read(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.core.sources.answers.MOST_BYTES", 1_000_000)
    for slug in sorted(set(DIALECTS) - STANDING - {"gtfs"}):
        with pytest.raises(ParvisError, match="plus de 1.Mo"):
            elsewhere.read(slug, b" " * 1_000_001, URLS.get(slug, "https://data.evry.example/a"))


@pytest.mark.parametrize(
    ("slug", "body"),
    [
        ("ckan", "<!---->" * 300),
        ("ckan", "<!-- " + "--" * 900),
        ("udata", "<html>" + "<title" * 20_000),
        (
            "data_json",
            json.dumps(
                {"dataset": [catalogues.DATA_JSON | {"description": "<p" * 100_000, "temporal": " /" * 10_000}]}
            ),
        ),
        (
            "data_json",
            json.dumps(
                {"dataset": [catalogues.DATA_JSON | {"spatial": [[[1, 2]]] * 100_000, "theme": "a,b " * 50_000}]}
            ),
        ),
        ("dcat", WHOLE.replace('"WFS"', f'"""{"-1" * 200_000}\n"""')),
        ("dcat", WHOLE.replace("departement/91", "id.insee.fr/geo/" * 20_000)),
        ("dcat", WHOLE.replace("text/csv", "media-types/" * 20_000)),
        ("dcat", WHOLE.replace("POLYGON((1.9 48.2", "POLYGON((" + "1" * 1_000_000)),
        ("csw", ISO_3.replace("Tous.", "&lt;p " * 100_000)),
    ],
)
def test_texts_made_to_last_do_not(elsewhere: Elsewhere, slug: str, body: str) -> None:
    start = time.process_time()
    _check(slug, body, elsewhere)
    assert time.process_time() - start < 3
