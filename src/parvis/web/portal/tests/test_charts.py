"""The « Analyser » tab, saved charts, pictures, the API: what each reader is shown."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import fields
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jsonschema
import pytest

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.marks import MARKS
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.charts.factories import made_rows, make_chart, make_stands
from parvis.hub.records.rules import Status as RecordStatus
from parvis.hub.ui.tests.markup import tight
from parvis.web.portal import drawing_schemas

pytestmark = pytest.mark.django_db

TAB = "/explore/dataset/arceaux/analyze/"
BARS = {"type": "bars", "groupe": "commune", "calcul": "sum", "mesure": "places"}


def shown(client, address, status=200, **headers):
    answer = client.get(address, **headers)
    assert answer.status_code == status, answer.content[:2000]
    return unescape(tight(answer.content.decode()))


def sentence(body):
    return re.search(r"data-chart-sentence>(.*?)</p>", body)[1].replace("\u202f", " ").replace("\xa0", " ")


def picture(body):
    return re.search(r'<img src="([^"]*)"', body)[1]


def test_the_tab_shows_a_chart_at_once_and_proposes_others(client):
    make_stands()
    body = shown(client, TAB)
    assert sentence(body).startswith("En décembre 2023, 7 places")
    assert body.count('rel="nofollow"><strong>') >= 3
    assert 'aria-current="page">Analyser' in body


def test_the_address_says_the_whole_chart(client):
    make_stands()
    body = shown(client, f"{TAB}?{urlencode(BARS)}")
    total = sum(row[3] for row in made_rows())
    assert sentence(body).startswith("Évry-Courcouronnes vient en tête avec")
    assert f"{total} places en tout" in sentence(body)
    for name, value in BARS.items():
        assert f'name="{name}"' in body and f'<option value="{value}" selected' in body


def test_every_type_answers_from_its_name_alone(client):
    make_stands()
    for mark in MARKS:
        body = shown(client, f"{TAB}?type={mark}")
        assert sentence(body), mark


def test_filters_are_those_of_the_table_and_go_with_the_chart(client):
    make_stands()
    query = {**BARS, "colonne": "modele", "op": "egal", "valeur": "Box"}
    body = shown(client, f"{TAB}?{urlencode(query)}")
    boxes = sum(row[3] for row in made_rows() if row[1] == "Box")
    assert f"{boxes} places" in sentence(body)
    assert dict(parse_qsl(urlsplit(re.search(r"(/api/explore[^\"]*exports/csv[^\"]*)", body)[1]).query))["where"] == (
        '`modele` = "Box"'
    )


def test_a_filter_that_makes_no_sense_is_explained_in_the_place_of_the_chart(client):
    make_stands()
    query = {**BARS, "colonne": "places", "op": "min", "valeur": "beaucoup"}
    body = shown(client, f"{TAB}?{urlencode(query)}", status=400)
    assert "« beaucoup » ne peut pas être comparé" in body and 'name="groupe"' in body


def test_a_chart_that_shows_too_much_proposes_another_one_click_away(client):
    make_stands()
    body = shown(client, f"{TAB}?type=pie&groupe=prix", status=400)
    assert "c’est trop pour ce type" in body
    proposed = re.search(r'href="(\?[^"]*)#graphique" rel="nofollow">Dessiner ainsi', body)[1]
    assert sentence(shown(client, TAB + proposed))


def test_each_value_of_the_table_leads_to_its_rows(client):
    make_stands()
    body = shown(client, f"{TAB}?{urlencode({**BARS, 'calcul': 'count', 'mesure': ''})}")
    trails = re.findall(r'<a class="trail" href="([^"]*table/[^"]*)"[^>]*>(\d+)</a>', body)
    values = [(address, int(text)) for address, text in trails if "colonne" in address]
    assert sum(value for _address, value in values) == 60
    for address, value in values:
        assert rows_told(client, address) == str(value)


def written(client, address):
    return tight(client.get(address).content.decode())


def rows_told(client, address: str) -> str:
    return re.search(r'id="lignes">.*?>(\d+)</a> ligne', shown(client, unescape(address)))[1]


@pytest.mark.parametrize(("measure", "width"), [("places", "2"), ("prix", "25")])
def test_the_bars_of_a_histogram_lead_to_their_rows(client, measure, width):
    make_stands()
    body = written(client, f"{TAB}?type=histogram&mesure={measure}&pas={width}")
    trails = re.findall(rf'<a class="trail" href="([^"]*colonne={measure}[^"]*)"[^>]*>(\d+)</a>', body)
    assert sum(int(value) for _address, value in trails) == 60
    for address, value in trails:
        assert rows_told(client, address) == value


def test_each_figure_of_a_box_tells_itself_and_leads_to_the_rows_of_its_group(client):
    make_stands()
    body = written(client, f"{TAB}?type=box&mesure=prix&groupe=modele")
    links = re.findall(r'<a class="trail" href="([^"]*table/[^"]*)" data-trail="([^"]*)"[^>]*data-group="(\w+)"[^>]*>([^<]*)</a>', body)  # fmt: skip
    assert len(links) == 12  # six figures, two models
    rows = {model: str(sum(row[1] == model for row in made_rows())) for model in ("Arceau", "Box")}
    for address, facts, group, text in links:
        assert json.loads(unescape(facts))[0][1] == text
        assert rows_told(client, address) == rows[group]
    medians = [unescape(facts) for _address, facts, _group, _text in links if "Médiane" in facts]
    assert len(medians) == body.count('data-rank="') == 2


def test_a_box_of_all_rows_leads_to_all_rows(client):
    make_stands()
    body = written(client, f"{TAB}?type=box&mesure=prix")
    address = re.search(r'<a class="trail" href="([^"]*)"[^>]*data-rank="0"', body)[1]
    assert rows_told(client, address) == "60"


def test_points_that_are_rows_lead_to_the_rows_that_have_both_values(client):
    make_stands()
    body = written(client, f"{TAB}?type=points&mesure=prix&contre=places")
    links = re.findall(r'<a class="trail" href="([^"]*)"[^>]*data-rank="(\d+)"', body)
    assert [rank for _address, rank in links] == [str(rank) for rank in range(60)]
    pairs = Counter((row[3], row[4]) for row in made_rows())
    for address, _rank in links[:5]:
        parameters = dict(
            zip(*(parse_qs(urlsplit(unescape(address)).query)[name] for name in ("colonne", "valeur")), strict=True)
        )
        assert rows_told(client, address) == str(pairs[int(parameters["places"]), float(parameters["prix"])])


def test_values_of_several_datasets_lead_each_to_its_own(client):
    make_stands()
    make_stands(dataset_id="boxes", title="Boxes fermés")
    sources = [{"dataset": name, "grouping": "modele", "label": name} for name in ("arceaux", "boxes")]
    body = written(client, f"/graphiques/-/cadre/?{urlencode({'c': json.dumps({'mark': 'bars', 'sources': sources})})}")
    links = re.findall(r'href="[^"]*/dataset/(\w+)/table/[^"]*"[^>]*data-group="\w+" data-series="(\w+)"', body)
    assert len(links) == 4
    assert all(dataset == series for dataset, series in links)
    origins = re.findall(r'class="trail chart-origin" href="[^"]*/dataset/(\w+)/[^"]*".*?data-series="([^"]*)"', body)
    assert [(name, json.loads(unescape(series))) for name, series in origins] == [
        ("arceaux", ["arceaux"]),
        ("boxes", ["boxes"]),
    ]


def test_where_no_filter_says_a_value_its_trail_leads_to_all_the_rows_that_were_asked(client):
    make_stands()
    source = {"dataset": "arceaux", "grouping": "modele", "where": ["`places` > 3"]}
    body = written(
        client, f"/graphiques/-/cadre/?{urlencode({'c': json.dumps({'mark': 'bars', 'sources': [source]})})}"
    )
    address = unescape(re.search(r'<a class="trail" href="([^"]*)"', body)[1])
    answer = client.get(address)
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[0] == "c_group;c_value"


@pytest.mark.parametrize("step", ["year", "month"])
def test_values_in_time_lead_to_the_rows_of_that_time(client, step):
    make_stands()
    body = shown(client, f"{TAB}?type=lines&groupe=pose_le&pas={step}&calcul=count")
    trails = re.findall(r'<a class="trail" href="([^"]*colonne=pose_le[^"]*)"[^>]*>(\d+)</a>', body)
    assert sum(int(value) for _address, value in trails) == 60
    for address, value in trails[1:6]:
        assert rows_told(client, address) == value


def test_the_data_behind_a_chart_is_the_answer_of_the_api(client):
    make_stands()
    body = shown(client, f"{TAB}?{urlencode(BARS)}")
    answer = client.get(re.search(r'href="(/api/explore[^"]*exports/csv[^"]*)"', body)[1])
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    sums = {name: int(value) for name, value in (line.split(";") for line in text.strip().split("\r\n")[1:])}
    assert sums["Grigny"] == sum(row[3] for row in made_rows() if row[0] == "Grigny")


@pytest.mark.parametrize("name", ["image.svg", "image.png", "dessin.json"])
def test_pictures_are_given_with_a_mark_and_are_not_drawn_twice_for_nothing(client, name):
    make_stands()
    address = picture(shown(client, f"{TAB}?{urlencode(BARS)}")).replace("image.svg", name)
    first = client.get(address)
    assert first.status_code == 200 and first.content
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "default-src 'none'" in first["Content-Security-Policy"]
    assert "no-cache" in first["Cache-Control"]


def test_a_reader_who_chose_dark_is_given_dark_pictures(client):
    make_stands()
    client.cookies["apparence"] = "dark"
    body = shown(client, TAB)
    sources = re.findall(r'srcset="([^"]*)"', body)
    assert sources and all("theme=dark" in address for address in sources)


def test_the_chart_alone_may_be_framed_elsewhere_and_the_tab_may_not(client):
    make_stands()
    embed = client.get(f"/explore/embed{TAB.removeprefix('/explore')}?{urlencode(BARS)}")
    assert embed.status_code == 200 and "X-Frame-Options" not in embed
    assert "frame-ancestors 'self' *" in embed["Content-Security-Policy"]
    assert "Composer le graphique" not in embed.content.decode()
    assert client.get(TAB)["X-Frame-Options"] == "SAMEORIGIN"


def test_former_filters_of_the_tab_are_understood(client):
    make_stands()
    body = shown(client, f"{TAB}?refine.modele=Box")
    assert 'value="Box"' in body


def test_what_has_nothing_to_draw_says_so(client, monkeypatch):
    make_stands()
    monkeypatch.setattr("parvis.hub.charts.maker.suggest", lambda *_all: [])
    assert "Ce jeu n’a rien à dessiner" in shown(client, TAB)


# Rights


@pytest.mark.parametrize("change", [{"access": Access.RESTRICTED}, {"status": Status.UNPUBLISHED}])
def test_no_door_draws_a_dataset_that_the_reader_may_not_read(client, change):
    dataset = make_stands()
    chart = make_chart(dataset)
    unsaved = picture(shown(client, f"{TAB}?{urlencode(BARS)}"))
    saved = chart.get_absolute_url()
    api = f"/api/parvis/v1/charts/{chart.slug}"
    doors = [TAB, unsaved, unsaved.replace("image.svg", "dessin.json"), unsaved.replace("image.svg", "image.png")]
    doors += [saved, f"{saved}image.svg", f"{saved}image.png", f"{saved}dessin.json", api]
    for name, value in change.items():
        setattr(dataset, name, value)
    dataset.save()
    for door in doors:
        answer = client.get(door)
        assert answer.status_code == 404, door
        assert "Grigny" not in answer.content.decode(errors="replace")
    for door in (f"{saved}cadre/", unsaved.replace("image.svg", "cadre/")):
        answer = client.get(door)
        assert answer.status_code in (400, 404)
        assert "Grigny" not in answer.content.decode() and "Des places partout" not in answer.content.decode()
    for listing in ("/graphiques/", "/api/parvis/v1/charts", "/sitemap.xml"):
        assert chart.slug not in client.get(listing).content.decode()
    client.force_login(make_member(dataset.organisation, Role.CONTRIBUTOR))
    assert client.get(f"{saved}image.svg").status_code == 200


def test_a_draft_has_no_page_for_strangers(client):
    dataset = make_stands()
    chart = make_chart(dataset, status=RecordStatus.DRAFT)
    doors = ["", "image.svg", "image.png", "dessin.json", "cadre/"]
    addresses = [chart.get_absolute_url() + door for door in doors] + [f"/api/parvis/v1/charts/{chart.slug}"]
    assert [client.get(address).status_code for address in addresses] == [404] * 6
    assert "Des places partout" not in shown(client, "/graphiques/")
    client.force_login(make_member(dataset.organisation, Role.CONTRIBUTOR))
    assert "Brouillon" in shown(client, chart.get_absolute_url())


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "x", '{"mark":"bars"}', '{"mark":"bars","sources":[{"dataset":"../x"}]}']
)
def test_a_description_that_makes_no_sense_is_refused(client, text):
    for name in ("image.svg", "dessin.json", "cadre/"):
        assert client.get(f"/graphiques/-/{name}", {"c": text}).status_code == 400


def test_a_condition_written_by_a_stranger_is_a_condition_and_nothing_else(client):
    make_stands()
    source = SeriesSource("arceaux", grouping="commune", where=("1=1); DROP TABLE rows; --",))
    answer = client.get("/graphiques/-/image.svg", {"c": ChartDescription("bars", (source,)).to_json()})
    assert answer.status_code == 400


# Drawing charts


def test_a_chart_follows_a_dataset_whose_identifier_changed(client):
    dataset = make_stands()
    chart = make_chart(dataset)
    dataset.aliases.create(former_id="arceaux")
    dataset.dataset_id = "arceaux-a-velos"
    dataset.save()
    assert "/explore/dataset/arceaux-a-velos/" in shown(client, chart.get_absolute_url())
    assert "Des places partout" in shown(client, "/graphiques/")


def test_a_saved_chart_has_a_page_a_picture_to_share_and_a_way_to_cite_it(client):
    chart = make_chart(make_stands())
    body = shown(client, chart.get_absolute_url())
    assert '<h1 class="chart-title">Des places partout</h1>' in body
    assert re.search(r'<meta property="og:image" content="http[^"]*/graphiques/des-places-partout/image.png', body)
    assert "/graphiques/des-places-partout/cadre/" in body and "d’après « Arceaux à vélos »" in body
    assert "Des places partout" in shown(client, "/graphiques/")
    assert chart.get_absolute_url() in shown(client, "/sitemap.xml")


def test_who_may_change_a_saved_chart_is_led_to_its_form(client):
    chart = make_chart(make_stands())
    assert "Modifier ce graphique" not in shown(client, chart.get_absolute_url())
    client.force_login(make_member(chart.organisation, Role.CONTRIBUTOR))
    assert f'"/admin/graphiques/{chart.slug}/">Modifier ce graphique' in shown(client, chart.get_absolute_url())


def test_the_api_gives_what_was_asked_what_was_answered_and_how_it_is_drawn(client):
    chart = make_chart(make_stands())
    body = json.loads(client.get(f"/api/parvis/v1/charts/{chart.slug}").content)
    assert body["title"] == "Des places partout"
    assert ChartDescription.from_dict(body["description"]) == chart.described
    assert sum(row["value"] for row in body["values"]) == sum(row[3] for row in made_rows())
    assert body["vega_lite"]["$schema"].endswith("vega-lite/v6.json")
    assert body["sources"][0]["select"] == "sum(`places`) as c_value"
    assert set(body) == set(drawing_schemas.Chart.model_fields)
    assert set(body["sources"][0]) == set(drawing_schemas.ChartSource.model_fields)
    listed = json.loads(client.get("/api/parvis/v1/charts").content)
    assert (listed["total_count"], listed["results"][0]["slug"]) == (1, chart.slug)
    assert json.loads(client.get("/api/parvis/v1/charts/jamais").content)["error_code"] == "not-found"
    assert client.post("/api/parvis/v1/charts").status_code == 405


def test_the_description_of_the_api_says_all_that_a_chart_may_hold(client):
    schemas = client.get("/api/parvis/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["ChartSeries"]["properties"]) == {attribute.name for attribute in fields(ChartDescription.part)}
    body = client.get(f"/api/parvis/v1/charts/{make_chart(make_stands()).slug}").json()
    jsonschema.validate(body, {"$ref": "#/components/schemas/Chart", "components": {"schemas": schemas}})


def test_a_page_of_a_chart_in_english_is_english(client):
    chart = make_chart(make_stands())
    body = shown(client, chart.get_absolute_url(), headers={"Accept-Language": "en"})
    assert "comes first with" in body and "Download or embed the chart" in body
