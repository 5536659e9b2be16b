"""Tables of events: OpenAgenda's CSV export, those that people write, and the rows that the dataset publishes."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Mode, Picture, Place, State
from parvis.core.calendars.formats import openagenda, rows, table
from parvis.core.calendars.recurrence import planned
from parvis.core.calendars.tests.conftest import DATA, NOW, PARIS


def read(*lines):
    return table.read("\n".join(lines).encode(), "agenda.csv", "Ville")


def only(header, row):
    reading = read(header, row)
    assert reading.problems == ()
    [event] = reading.events
    return event


def test_the_csv_export_of_openagenda_is_read_with_its_cells_of_several_lines():
    reading = table.read((DATA / "openagenda_jep_2019.csv").read_bytes(), "jep.csv")
    events = {event.uid: event for event in reading.events}
    assert len(events) == 7 and reading.problems == ()
    toys = events["12132243"]
    assert [one.start.isoformat() for one in planned(toys, NOW)] == [
        "2019-09-21T14:00:00+02:00",
        "2019-09-22T14:00:00+02:00",
    ]
    assert (toys.place.name, toys.place.accessibility, toys.free) == ("Nef des Jouets", ("mi",), True)
    assert events["69948532"].free is False
    assert events["42193670"].registration == ("mailto:journee-patrimoine.ca-colmar@justice.fr",)
    assert events["5497158"].keywords[:2] == ("Jeux d'évasions", "escape game")
    assert events["5497158"].organiser == "Communauté de paroisse Saint Joseph Espérance"


def test_an_export_of_opendatasoft_is_read():
    event = only(
        "uid;title_fr;timings;location_coordinates;location_city",
        '1;Bal;"[{""begin"": ""2026-07-13T21:00:00+02:00"", ""end"": ""2026-07-14T02:00:00+02:00""}]";48.6, 2.4;Grigny',
    )
    assert (event.title, event.place.city, event.place.latitude) == ("Bal", "Grigny", 48.6)
    assert planned(event, NOW)[0].day == date(2026, 7, 13)


def test_what_a_town_hall_writes_is_read():
    event = only(
        "Titre;Date de début;Heure de début;Heure de fin;Lieu;Code INSEE;Tarif;Thème;Gratuit",
        "Loto;05/05/2026;14h30;18:00;Salle des fêtes;91286;5 €;jeux, seniors;",
    )
    [occurrence] = planned(event, NOW)
    assert (occurrence.start.isoformat(), occurrence.all_day) == ("2026-05-05T14:30:00+02:00", False)
    assert (event.place.commune, event.free, event.keywords) == ("91286", False, ("jeux", "seniors"))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (("05/05/2026", "20h"), ("05/05/2026", "23h"), "05-05 20:00 05-05 23:00"),
        (("5/5/26", "8h"), ("", "9H30"), "05-05 08:00 05-05 09:30"),
        (("5/5/26", "8:00:00"), ("5/5/26", "9.30"), "05-05 08:00 05-05 09:30"),
        (("05/05/2026", "22 h 30"), ("05/05/2026", "02h00"), "05-05 22:30 05-06 02:00"),
        (("05/05/2026", "10h"), ("07/05/2026", ""), "05-05 10:00 05-07 10:00"),
    ],
)
def test_hours_are_read_as_people_write_them(start, end, expected):
    event = only("titre;date_debut;heure_debut;date_fin;heure_fin", ";".join(("Bal", *start, *end)))
    [timing] = event.schedule.timings
    assert f"{timing.start:%m-%d %H:%M} {timing.end:%m-%d %H:%M}" == expected


def test_a_day_alone_is_a_whole_day_and_two_days_go_to_the_end_of_the_last():
    [occurrence] = planned(only("titre,debut,fin", "Expo,2026-05-05,2026-05-07"), NOW)
    assert (occurrence.all_day, occurrence.last_day) == (True, date(2026, 5, 7))


def test_rows_that_cannot_be_events_are_told_with_their_line():
    reading = read("titre,debut", "Expo,2026-05-05", "Sans date,", ",2026-05-05", "Fausse,2026-02-30")
    assert len(reading.events) == 1
    assert [problem.where for problem in reading.problems] == ["ligne 3", "ligne 4", "ligne 5"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"\x00\x01", b'"'])
def test_what_is_no_table_of_events_is_refused(content):
    with pytest.raises(UnreadableAgenda):
        table.read(content, "x.csv")


def test_the_row_of_an_event_tells_its_next_date(event):
    weekly = event(datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;COUNT=4")
    [row] = rows.event_rows([weekly], NOW)
    assert tuple(row) == rows.EVENT_COLUMNS
    assert (row["debut"], row["jour"]) == ("2026-05-05T18:00:00+02:00", "2026-05-05")
    assert (row["premiere_date"], row["derniere_date"], row["occurrences"]) == ("2026-04-28", "2026-05-19", 4)


def test_the_row_of_what_goes_on_tells_that_it_does(event):
    [row] = rows.event_rows([event(datetime(2026, 5, 4, 11), 3, rule="FREQ=DAILY;COUNT=4")], NOW)
    assert row["jour"] == "2026-05-04"


def test_the_row_of_what_is_over_tells_its_last_date_and_of_what_has_none_nothing(event):
    over, undated = event(datetime(2020, 1, 1, 18)), event(datetime(2020, 1, 1)).__class__("2", "Un jour")
    last, never = rows.event_rows([over, undated], NOW)
    assert last["jour"] == "2020-01-01"
    assert (never["debut"], never["occurrences"]) == (None, 0)


def test_a_row_an_occurrence_says_when_it_is(event):
    lesson = event(datetime(2026, 5, 5, 18), 1.5, rule="FREQ=WEEKLY;COUNT=4")
    start = datetime(2026, 5, 10, tzinfo=PARIS)
    published = list(rows.occurrence_rows([lesson], start, start + timedelta(days=14)))
    assert [row["jour"] for row in published] == ["2026-05-12", "2026-05-19"]
    assert tuple(published[0]) == rows.OCCURRENCE_COLUMNS
    assert (published[0]["jour_semaine"], published[0]["heure"], published[0]["duree_minutes"]) == ("mardi", 18, 90)


def test_the_rows_published_are_read_back(event):
    real = openagenda.read((DATA / "openagenda_paris.json").read_bytes(), "x").events
    single = [one for one in real if len(one.schedule.timings) == 1]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows.EVENT_COLUMNS)
    writer.writeheader()
    writer.writerows(rows.event_rows(single, NOW))
    back = table.read(text.getvalue().encode(), "x.csv")
    assert back.problems == ()
    for original, reread in zip(single, back.events, strict=True):
        same = (
            "uid",
            "title",
            "summary",
            "description",
            "place",
            "mode",
            "state",
            "conditions",
            "registration",
            "keywords",
        )
        assert [getattr(original, name) for name in same] == [getattr(reread, name) for name in same]
        assert planned(original, NOW) == planned(reread, NOW)


def test_state_mode_and_picture_have_columns_of_their_own():
    event = only(
        "titre,debut,etat,mode,image,image_alternative,image_credit,latitude,longitude,accessibilite",
        'Bal,2026-05-05,cancelled,en ligne,https://exemple.fr/a.jpg,Un bal,Jeanne,"48,6",200,mi;vi',
    )
    assert (event.state, event.mode) == (State.CANCELLED, Mode.ONLINE)
    assert event.picture == Picture("https://exemple.fr/a.jpg", "Un bal", "Jeanne")
    assert event.place == Place(latitude=48.6, accessibility=("mi", "vi"))
