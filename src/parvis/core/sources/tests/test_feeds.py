"""Feeds and documents: GBFS, GTFS, OpenAgenda, Grist."""

import io
import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.errors import ParvisError
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import BadSource, PageInstead, SourceRefuses
from parvis.core.sources.tests.conftest import Elsewhere

GBFS = "https://velos.example.fr/gbfs/gbfs.json"
STATIONS = [
    {"station_id": "1", "name": "Gare", "lat": 48.63, "lon": 2.43, "capacity": 20},
    {"station_id": "2", "name": "Mairie", "lat": "?", "lon": 2.44},
]
STATUS = {"station_id": "1", "num_docks_available": 7, "is_renting": True, "last_reported": 1767322800}


def _gbfs(version: int) -> Any:
    names = [
        "system_information",
        "station_information",
        "station_status",
        "vehicle_status" if version > 2 else "free_bike_status",
    ]
    feeds = [{"name": name, "url": f"https://flux.example.com/{name}"} for name in names]

    def text(words: str) -> Any:
        return [{"text": "x", "language": "en"}, {"text": words, "language": "fr"}] if version > 2 else words

    def server(request: Request) -> Any:
        data: dict[str, Any] = {
            "gbfs.json": {"feeds": feeds} if version > 2 else {"en": {"feeds": []}, "fr": {"feeds": feeds}},
            "system_information": {
                "system_id": "evry",
                "name": text("Vélos d'Évry"),
                "operator": text("Régie"),
                "timezone": "Europe/Paris",
                "license_id": "etalab-2.0",
            },
            "station_information": {"stations": [row | {"name": text(str(row["name"]))} for row in STATIONS]},
            "station_status": {
                "stations": [
                    STATUS
                    | (
                        {
                            "num_vehicles_available": 3,
                            "vehicle_types_available": [{"vehicle_type_id": "elec", "count": 1}],
                            "last_reported": "2026-01-02T04:00:00+01:00",
                        }
                        if version > 2
                        else {"num_bikes_available": 3}
                    )
                ]
            },
            "vehicle_status": {"vehicles": [{"vehicle_id": "v", "lat": 48.6, "lon": 2.4}]},
            "free_bike_status": {"bikes": [{"bike_id": "v", "lat": 48.6, "lon": 2.4}]},
        }
        name = request.url.rpartition("/")[2]
        return {"version": f"{version}.0", "last_updated": 1767322800, "ttl": 60, "data": data[name]}

    return server


@pytest.mark.parametrize("version", [2, 3])
def test_stations_are_joined_with_what_is_free_in_them(elsewhere: Elsewhere, version: int) -> None:
    stations, vehicles = elsewhere.harvest("gbfs", _gbfs(version), GBFS).items
    assert (stations.identifier, vehicles.identifier) == ("evry/stations", "evry/vehicles")
    assert stations.title == "Stations de véhicules partagés – Vélos d'Évry"
    assert (stations.publisher, stations.licence, stations.frequency) == ("Régie", "lov2", "continuous")
    gare, mairie = elsewhere.rows("gbfs", _gbfs(version), stations.resources[0])
    assert gare["geometry"] == {"type": "Point", "coordinates": [2.43, 48.63]}
    counted = "num_vehicles_available" if version > 2 else "num_bikes_available"
    assert (gare["properties"]["name"], gare["properties"][counted], gare["properties"]["capacity"]) == ("Gare", 3, 20)
    assert gare["properties"]["last_reported"][:10] == "2026-01-02"
    assert gare["properties"].get("available_elec") == (1 if version > 2 else None)
    assert (mairie["geometry"], mairie["properties"]["name"]) == (None, "Mairie")
    (vehicle,) = elsewhere.rows("gbfs", _gbfs(version), vehicles.resources[0])
    assert vehicle["geometry"]["coordinates"] == [2.4, 48.6]
    assert [path.name for path in elsewhere.folder.glob("*.stations")] == []


def _zip(**files: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"reseau/{name}.txt", text)
    return body.getvalue()


FILES = {
    "agency": "\ufeffagency_id,agency_name,agency_url\nT,Tice,https://tice.example\n",
    "feed_info": "feed_publisher_name,feed_lang,feed_start_date,feed_end_date,feed_version\nÎdFM,fr,20260101,20261231,7\n",
    "stops": 'stop_id,stop_name,stop_lat,stop_lon\n1,"Gare, quai A",48.63,2.43\n2,Perdu,0,0\n3,Court\n',
    "routes": "route_id,agency_id,route_short_name,route_type,route_color\nA,T,401,3,00FF00\nB,T,402,3,\n",
    "trips": "route_id,service_id,trip_id,direction_id,shape_id\nA,s,1,0,x\nA,s,2,0,y\nA,s,3,0,y\nA,s,4,1,x\n",
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nx,48.1,2.1,2\nx,48.0,2.0,1\ny,48.5,2.5,1\ny,48.6,2.6,2\n",
}
ZIP = "https://tice.example/gtfs.zip"


def test_stops_and_lines_of_a_timetable(elsewhere: Elsewhere) -> None:
    archive = elsewhere.answer(_zip(**FILES))
    stops, routes = elsewhere.harvest("gtfs", lambda _: archive, ZIP).items
    assert (stops.identifier, stops.title, stops.publisher) == ("gtfs.zip/stops", "Arrêts – Tice", "ÎdFM")
    assert (stops.temporal_start, stops.temporal_end, stops.language) == ("2026-01-01", "2026-12-31", "fr")
    rows = elsewhere.rows("gtfs", lambda _: archive, stops.resources[0])
    assert [row["properties"]["stop_name"] for row in rows] == ["Gare, quai A", "Perdu", "Court"]
    assert [row["geometry"] and row["geometry"]["coordinates"] for row in rows] == [[2.43, 48.63], None, None]
    line, other = elsewhere.rows("gtfs", lambda _: archive, routes.resources[0])
    assert line["geometry"]["coordinates"] == [[[2.5, 48.5], [2.6, 48.6]], [[2.0, 48.0], [2.1, 48.1]]]
    assert (line["properties"]["mode"], line["properties"]["trips"], line["properties"]["agency_name"]) == (
        "bus",
        4,
        "Tice",
    )
    assert (other["geometry"], other["properties"]["trips"]) == (None, 0)


def test_archives_that_are_none_or_harm_are_refused(elsewhere: Elsewhere) -> None:
    bomb = _zip(**(FILES | {"shapes": "0" * 100_000_000}))
    for body in (b"PK\x03\x04 rien", b"rien du tout", _zip(stops=FILES["stops"]), bomb):
        with pytest.raises(ParvisError):
            elsewhere.read("gtfs", body, ZIP)
    with pytest.raises(PageInstead):
        elsewhere.read("gtfs", "<html><title>404</title></html>", ZIP)


EVENT: dict[str, Any] = {
    "uid": 86142721,
    "slug": "visite",
    "title": "Visite",
    "description": "Une visite",
    "longDescription": "<p>Venez <script>alert(1)</script>nombreux</p>",
    "keywords": ["patrimoine"],
    "attendanceMode": 1,
    "status": 6,
    "timings": [{"begin": "2026-09-19T10:00:00+02:00", "end": "2026-09-19T12:00:00+02:00"}],
    "lastTiming": {"begin": "2026-09-20T10:00:00+02:00", "end": "2026-09-20T12:00:00+02:00"},
    "timezone": "Europe/Paris",
    "location": {
        "uid": 1,
        "name": "Mairie",
        "address": "1 place",
        "city": "Évry",
        "postalCode": "91000",
        "insee": "91228",
        "latitude": 48.63,
        "longitude": 2.43,
    },
    "registration": [{"type": "email", "value": "a@evry.example"}, "0160000000"],
    "accessibility": {"mi": True, "hi": False},
    "image": {"base": "https://cdn.openagenda.com/main/", "filename": "a.jpg"},
    "updatedAt": "2026-09-01T00:00:00.000Z",
}


def _openagenda(request: Request) -> Any:
    parts = urlsplit(request.url)
    assert parts.hostname == "api.openagenda.com"
    agenda = {
        "uid": 12,
        "slug": "evry",
        "title": "Évry",
        "description": "Sorties",
        "updatedAt": "2026-09-01T00:00:00.000Z",
    }
    if parts.path.endswith("/events"):
        question = parse_qs(parts.query)
        assert (question["detailed"], question["monolingual"]) == (["1"], ["fr"])
        rank = int(question.get("after[]", ["0"])[0])
        events = [EVENT | {"uid": number} for number in range(rank, min(rank + 300, 700))]
        return {"total": 700, "events": events, "after": [rank + 300, None] if events else None, "success": True}
    return {"agendas": [agenda], "success": True} if parts.path.endswith("/agendas") else agenda


@pytest.mark.parametrize(
    "url",
    [
        "https://openagenda.com/fr/evry",
        "https://openagenda.com/evry?lang=fr",
        "https://api.openagenda.com/v2/agendas/12",
    ],
)
def test_an_agenda_and_all_its_events(elsewhere: Elsewhere, url: str) -> None:
    (agenda,) = elsewhere.harvest("openagenda", _openagenda, url).items
    assert (agenda.identifier, agenda.title, agenda.landing_page) == ("12", "Évry", "https://openagenda.com/evry")
    rows = elsewhere.rows("openagenda", _openagenda, agenda.resources[0])
    assert [row["properties"]["uid"] for row in rows] == list(range(700))
    event = rows[0]["properties"]
    assert (event["title"], event["long_description"], event["insee"]) == ("Visite", "Venez nombreux", "91228")
    assert (event["status"], event["attendance"], event["accessibility"]) == ("annulé", "sur place", ["mi"])
    assert (event["first_begin"], event["last_end"]) == ("2026-09-19T10:00:00+02:00", "2026-09-20T12:00:00+02:00")
    assert (event["registration"], event["image"]) == (
        ["a@evry.example", "0160000000"],
        "https://cdn.openagenda.com/main/a.jpg",
    )
    assert rows[0]["geometry"]["coordinates"] == [2.43, 48.63]


def test_an_agenda_that_is_not_there_or_needs_a_key(elsewhere: Elsewhere) -> None:
    with pytest.raises(SourceRefuses, match="aucun agenda"):
        elsewhere.read("openagenda", {"agendas": [], "success": True}, "https://openagenda.com/rien")
    with pytest.raises(SourceRefuses, match="key"):
        elsewhere.read("openagenda", {"message": "key is invalid"}, "https://openagenda.com/rien")


DOCUMENT = "https://grist.numerique.gouv.fr/api/docs/abcDEF123456"


def _grist(request: Request) -> Any:
    path = (
        urlsplit(request.url).path.removeprefix("/api/docs/abcDEF123456").removeprefix("/o/docs/api/docs/abcDEF123456")
    )
    columns = [
        ("nom", "Nom", "Text"),
        ("le", "Planté le", "Date"),
        ("vu", "Vu", "DateTime:Europe/Paris"),
        ("tags", "Mots", "ChoiceList"),
        ("b", "nom", "Text"),
        ("gristHelper_Display", "x", "Any"),
        ("manualSort", "manualSort", "ManualSortPos"),
    ]
    return {
        "": {
            "id": "abc",
            "name": "Arbres d'Évry",
            "workspace": {"name": "Parcs", "org": {"name": "Évry"}},
            "updatedAt": "2026-01-02T03:04:05.000Z",
        },
        "/tables": {"tables": [{"id": "Arbres", "fields": {}}, {"id": "Agents"}, {"id": "_grist_Views"}]},
        "/tables/Arbres/columns": {
            "columns": [{"id": i, "fields": {"label": label, "type": kind}} for i, label, kind in columns]
        },
        "/tables/Arbres/records": {
            "records": [
                {
                    "id": 1,
                    "fields": {
                        "nom": "Chêne",
                        "le": 1577836800,
                        "vu": 1767322800,
                        "tags": ["L", "a", "b"],
                        "b": ["E", "TypeError"],
                    },
                }
            ]
        },
    }[path]


@pytest.mark.parametrize(
    "url",
    [DOCUMENT, f"{DOCUMENT}/tables/Arbres", "https://grist.numerique.gouv.fr/o/docs/abcDEF123456/Arbres-dEvry/p/3"],
)
def test_the_tables_of_a_document(elsewhere: Elsewhere, url: str) -> None:
    items = elsewhere.harvest("grist", _grist, url).items
    assert [item.identifier for item in items] == [
        f"abcDEF123456/{name}" for name in ("Arbres", "Agents")[: 1 if "tables" in url else 2]
    ]
    assert (items[0].title, items[0].publisher, items[0].modified[:10]) == (
        "Arbres – Arbres d'Évry",
        "Évry",
        "2026-01-02",
    )
    (row,) = elsewhere.rows("grist", _grist, items[0].resources[0])
    assert row == {
        "id": 1,
        "nom": "Chêne",
        "Planté le": "2020-01-01",
        "Vu": "2026-01-02T03:00:00+00:00",
        "Mots": ["a", "b"],
        "b": None,
    }


def test_a_document_that_is_closed_says_so(elsewhere: Elsewhere) -> None:
    with pytest.raises(SourceRefuses, match="access denied"):
        elsewhere.read("grist", {"error": "access denied"}, DOCUMENT)
    with pytest.raises(BadSource):
        elsewhere.read("grist", {}, "https://grist.numerique.gouv.fr/")
