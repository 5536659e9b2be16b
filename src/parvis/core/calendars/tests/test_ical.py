"""iCalendar: the dirt of real calendars read, ours written, and the same dates after a round trip."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Event, Mode, Override, Place, Schedule, State, Timing
from parvis.core.calendars.formats import ical, ical_writer
from parvis.core.calendars.recurrence import occurrences
from parvis.core.calendars.tests.conftest import NOW, PARIS
from parvis.core.calendars.tests.test_zones import DEFINED

YEAR = (datetime(2026, 1, 1, tzinfo=PARIS), datetime(2027, 1, 1, tzinfo=PARIS))


def read(*lines, head="", tail="END:VCALENDAR"):
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, [head]), *lines, *filter(None, [tail])])
    return ical.read(text.encode(), "agenda.ics", "Mairie")


def vevent(*lines, uid="UID:1", start="DTSTART;TZID=Europe/Paris:20260505T200000", title="SUMMARY:Concert"):
    return "\n".join(["BEGIN:VEVENT", *filter(None, [uid, start, title]), *lines, "END:VEVENT"])


def only(*lines, head="", **more):
    reading = read(vevent(*lines, **more), head=head)
    [event] = reading.events
    return event


def starts(event):
    return [one.start.strftime("%m-%d %H:%M") for one in occurrences(event, *YEAR)]


WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


def test_a_bare_day_excepts_or_moves_what_begins_on_it_at_whatever_hour():
    assert starts(only(WEEKLY, "EXDATE;VALUE=DATE:20260512")) == ["05-05 20:00", "05-19 20:00"]
    moved = vevent("RECURRENCE-ID;VALUE=DATE:20260512", start="DTSTART;TZID=Europe/Paris:20260513T210000")
    [event] = read(vevent(WEEKLY), moved).events
    assert starts(event) == ["05-05 20:00", "05-13 21:00", "05-19 20:00"]


def test_one_broken_byte_spoils_its_line_alone_and_lines_are_folded_in_the_middle_of_a_letter():
    text = vevent("LOCATION:Théâtre", "DESCRIPTION:l'X", title="SUMMARY:Fête d’été")
    content = "\r\n".join(["BEGIN:VCALENDAR", *text.split("\n"), "END:VCALENDAR"]).encode()
    content = content.replace(b"X", b"\xe9t\xe9").replace(b"F\xc3\xaate", b"F\xc3\r\n \xaate")
    [event] = ical.read(content, "agenda.ics").events
    assert (event.title, event.place.name, event.description) == ("Fête d’été", "Théâtre", "l'été")


def test_what_its_calendar_says_is_private_is_left_out_and_told():
    for word in ("PRIVATE", "confidential"):
        reading = read(vevent(f"CLASS:{word}"), vevent("CLASS:PUBLIC", uid="UID:2"))
        assert [event.uid for event in reading.events] == ["2"]
        assert "privé" in reading.problems[0].sentence.values["reason"].message


def test_a_file_that_stops_inside_an_event_is_told():
    reading = read(vevent(), "BEGIN:VEVENT", "UID:2", "SUMMARY:À moitié", "DTSTART:20260505T180000Z", tail="")
    assert [event.uid for event in reading.events] == ["1"]
    assert "coupé" in reading.problems[0].sentence.message


def test_rules_that_are_not_followed_are_told():
    for more in ("EXRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2"):
        assert read(vevent(WEEKLY, more)).problems[0].sentence.values == {"name": more.partition(":")[0]}


def test_an_event_without_identifier_has_the_same_one_each_time():
    first, again = only(uid=""), only(uid="")
    assert first.uid == again.uid != only(uid="", title="SUMMARY:Autre").uid


def test_a_start_alone_is_a_moment_or_a_day():
    [timing] = only().schedule.timings
    assert timing.start == timing.end
    [day] = only(start="DTSTART;VALUE=DATE:20260505").schedule.timings
    assert (day.all_day, day.end - day.start) == (True, timedelta(days=1))


def test_a_duration_stands_for_an_end():
    [timing] = only("DURATION:PT1H30M").schedule.timings
    assert timing.end - timing.start == timedelta(minutes=90)


def test_the_end_of_whole_days_is_the_day_after_the_last():
    event = only("DTEND;VALUE=DATE:20260508", start="DTSTART;VALUE=DATE:20260505")
    [occurrence] = occurrences(event, *YEAR)
    assert (occurrence.day, occurrence.last_day) == (date(2026, 5, 5), date(2026, 5, 7))


def test_an_end_before_the_start_is_of_the_night_that_follows():
    [timing] = only("DTEND;TZID=Europe/Paris:20260505T020000").schedule.timings
    assert timing.end - timing.start == timedelta(hours=6)


def test_lines_that_were_not_folded_are_put_together():
    event = only("DESCRIPTION:Une ligne", "une autre", "", "et une troisième", " pliée", "X-NOISE;X=1:abc")
    assert event.description == "Une ligne\nune autre\net une troisièmepliée"


def test_several_calendars_in_one_file_are_one_reading():
    reading = read(vevent(), "END:VCALENDAR", "BEGIN:VCALENDAR", vevent(uid="UID:2"))
    assert [event.uid for event in reading.events] == ["1", "2"]


def test_an_event_that_never_ends_takes_no_other_away():
    broken = "BEGIN:VEVENT\nUID:0\nDTSTART:20260505T100000\nSUMMARY:Sans fin"
    reading = read(broken, vevent(), tail="")
    assert [event.title for event in reading.events] == ["Sans fin", "Concert"]


def test_a_broken_event_is_told_and_the_others_are_read():
    reading = read(vevent(start="DTSTART:2026"), vevent(uid="UID:2"), vevent(start=""))
    assert [event.uid for event in reading.events] == ["2"]
    assert [problem.where for problem in reading.problems] == ["1", "VEVENT 1", "VEVENT 3"]


def test_a_broken_property_is_told_and_the_event_is_read_without_it():
    reading = read(vevent("LAST-MODIFIED:hier", "GEO:ici", "EXDATE:jamais", "DTEND:plus tard"))
    [event] = reading.events
    assert (event.title, event.place, event.updated) == ("Concert", None, None)
    assert {problem.sentence.text("fr").split()[0] for problem in reading.problems} == {
        "LAST-MODIFIED",
        "GEO",
        "EXDATE",
        "DTEND",
    }


def test_windows_1252_and_utf_16_are_read():
    text = f"BEGIN:VCALENDAR\r\n{vevent(title='SUMMARY:Fête d’été')}\r\nEND:VCALENDAR"
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        assert ical.read(text.encode(encoding), "x").events[0].title == "Fête d’été"


@pytest.mark.parametrize(
    ("start", "head", "expected"),
    [
        ("DTSTART;TZID=Romance Standard Time:20260505T200000", "", "05-05 20:00"),
        ('DTSTART;TZID="Fuseau de la mairie":20260505T200000', DEFINED, "05-05 20:00"),
        ("DTSTART:20260505T180000Z", "", "05-05 20:00"),
        ("DTSTART:20260505T200000", "", "05-05 20:00"),
        ("DTSTART;TZID=Indian/Reunion:20260505T200000", "", "05-05 20:00"),
        ("DTSTART:20260505T180000Z", "X-WR-TIMEZONE:Indian/Reunion", "05-05 22:00"),
        ("DTSTART;VALUE=DATE-TIME:20260505T200000", "X-WR-TIMEZONE:Indian/Reunion", "05-05 20:00"),
        ("DTSTART;TZID=Inconnu:20260505T200000", "", "05-05 20:00"),
    ],
)
def test_every_way_to_write_a_time_is_on_the_clocks_of_the_place(start, head, expected):
    assert starts(only(start=start, head=head)) == [expected]


def test_a_zone_nobody_knows_is_told():
    reading = read(vevent(start="DTSTART;TZID=Inconnu:20260505T200000"))
    assert "Inconnu" in reading.problems[0].sentence.text("fr")


def test_a_zone_that_lies_about_paris_is_not_followed():
    lying = DEFINED.replace("Fuseau de la mairie", "Europe/Paris").replace("+0100", "-0900").replace("+0200", "-0800")
    [occurrence] = occurrences(only(head=lying), *YEAR)
    assert occurrence.start.isoformat() == "2026-05-05T20:00:00+02:00"


def test_a_rule_with_exceptions_and_an_override():
    override = vevent(
        "RECURRENCE-ID;TZID=Europe/Paris:20260519T200000",
        "STATUS:CANCELLED",
        start="DTSTART;TZID=Europe/Paris:20260519T200000",
    )
    master = vevent("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260512T180000Z", "DTEND;TZID=Europe/Paris:20260505T220000")
    [event] = read(override, master).events
    assert starts(event) == ["05-05 20:00", "05-19 20:00", "05-26 20:00"]
    assert [one.state for one in occurrences(event, *YEAR)][1] is State.CANCELLED


def test_a_list_of_dates_and_of_periods():
    event = only(
        "DURATION:PT1H",
        "RDATE;TZID=Europe/Paris:20260506T200000,20260507T200000",
        "RDATE;VALUE=PERIOD:20260508T180000Z/PT3H",
    )
    dates = occurrences(event, *YEAR)
    assert starts(event) == ["05-05 20:00", "05-06 20:00", "05-07 20:00", "05-08 20:00"]
    assert [one.end - one.start for one in dates][2:] == [timedelta(hours=1), timedelta(hours=3)]


def test_a_rule_that_cannot_be_followed_leaves_the_first_date_and_is_told():
    reading = read(vevent("RRULE:FREQ=SECONDLY"), vevent("RRULE:FREQ=DAYLY", uid="UID:2"))
    assert [len(occurrences(event, *YEAR)) for event in reading.events] == [1, 1]
    assert len(reading.problems) == 2


def test_the_highest_sequence_is_the_event():
    old, new = vevent("SEQUENCE:1", title="SUMMARY:Vieux"), vevent("SEQUENCE:2", title="SUMMARY:Neuf")
    assert [event.title for event in read(new, old).events] == ["Neuf"]


def test_one_identifier_for_all_is_told_and_loses_nothing():
    reading = read(vevent(title="SUMMARY:Bal"), vevent(title="SUMMARY:Loto"))
    assert sorted(event.title for event in reading.events) == ["Bal", "Loto"]
    assert len({event.uid for event in reading.events}) == 2
    assert reading.problems


def test_the_dates_of_one_event_written_one_by_one_are_its_dates():
    again = vevent(start="DTSTART;TZID=Europe/Paris:20260506T200000")
    assert starts(read(vevent(), again).events[0]) == ["05-05 20:00", "05-06 20:00"]


def test_what_is_said_of_an_event():
    event = only(
        "LOCATION:Théâtre\\, place de l’Agora\\, 91000 Évry-Courcouronnes",
        "GEO:48.62;2.43",
        "CATEGORIES:Musique,Jazz",
        "CATEGORIES:Jeune public",
        "URL:https://exemple.fr/concert",
        "ORGANIZER;CN=Service culture:MAILTO:culture@exemple.fr",
        "STATUS:CANCELLED",
        "SEQUENCE:3",
        "LAST-MODIFIED:20260101T100000Z",
        "IMAGE;VALUE=URI:https://exemple.fr/a.jpg",
        "DESCRIPTION:<p>Entrée libre</p>",
    )
    assert event.place == Place(
        "Théâtre", "place de l’Agora, 91000 Évry-Courcouronnes", "91000", "Évry-Courcouronnes", "", 48.62, 2.43
    )
    assert (event.keywords, event.organiser) == (("Musique", "Jazz", "Jeune public"), "Service culture")
    assert (event.state, event.sequence, event.free) == (State.CANCELLED, 3, True)
    assert event.updated == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert event.picture.address == "https://exemple.fr/a.jpg"
    assert event.sources[0].name == "Mairie"


def test_addresses_that_run_code_are_left_out():
    for address in (
        "javascript:alert(1)",
        "javascript://exemple.fr/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
    ):
        event = only(f"URL:{address}", f"IMAGE;VALUE=URI:{address}")
        assert (event.address, event.picture) == ("", None)


def test_an_address_in_capitals_is_one():
    assert only("URL:HTTPS://exemple.fr/A").address == "https://exemple.fr/A"


def test_what_is_no_calendar_is_refused():
    with pytest.raises(UnreadableAgenda):
        ical.read(b"%PDF-1.7", "x.ics")


def test_an_empty_calendar_is_one():
    assert read().events == ()


def write(*events):
    return ical_writer.write(events, "Agenda, de la ville", NOW)


def test_the_calendar_says_its_name_and_when_to_ask_again():
    text = write(only()).decode().replace("\r\n ", "")
    assert "X-WR-CALNAME:Agenda\\, de la ville" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in text
    assert max(map(len, write(only("DESCRIPTION:" + "é" * 400)).split(b"\r\n"))) <= 75


def test_the_event_says_its_state_place_and_themes():
    full = replace(only("GEO:48.62;2.43", "CATEGORIES:jazz"), state=State.CANCELLED, sequence=2, mode=Mode.MIXED)
    [component] = icalendar.Calendar.from_ical(write(full)).walk("VEVENT")
    assert str(component["STATUS"]) == "CANCELLED"
    assert component["SEQUENCE"] == 2
    assert component["GEO"].to_ical() == "48.62;2.43"
    assert component["CATEGORIES"].to_ical() == b"jazz"


def timing(*start, hours=1.0, **more):
    begin = datetime(*start)
    return Timing(begin, begin + timedelta(hours=hours), **more)


SCHEDULES = [
    Schedule((timing(2026, 5, 5, 20),)),
    Schedule((timing(2026, 5, 5, 20), timing(2026, 5, 6, 20), timing(2026, 5, 7, 9, hours=8))),
    Schedule((timing(2026, 5, 5, hours=48, all_day=True),), rule="FREQ=MONTHLY;COUNT=3"),
    Schedule((timing(2026, 3, 24, 18),), rule="FREQ=WEEKLY;COUNT=4", exceptions=(datetime(2026, 3, 31, 18),)),
    Schedule((timing(2026, 3, 24, 18),), "Indian/Reunion", rule="FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20261101T000000Z"),
    Schedule(
        (timing(2026, 3, 24, 18),),
        rule="FREQ=WEEKLY;COUNT=4",
        overrides=(Override(datetime(2026, 3, 31, 18), timing(2026, 4, 2, 21), State.SCHEDULED, "Report"),),
    ),
    Schedule(
        (Timing(datetime(2026, 3, 24, 18, tzinfo=UTC), datetime(2026, 3, 24, 19, tzinfo=UTC)),),
        rule="FREQ=DAILY;COUNT=9",
        rule_zone="UTC",
    ),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_dates_are_the_same_after_a_round_trip(schedule):
    event = Event("1", "Concert", schedule)
    if schedule.zone != "Europe/Paris":
        aware = tuple(Timing(schedule.local(t.start), schedule.local(t.end)) for t in schedule.timings)
        event = replace(event, schedule=replace(schedule, timings=aware))
    [back] = ical.read(write(event), "x").events
    assert [(o.start, o.end, o.all_day, o.title) for o in occurrences(back, *YEAR)] == [
        (o.start, o.end, o.all_day, o.title) for o in occurrences(event, *YEAR)
    ]


def test_texts_come_back_whatever_they_hold():
    awkward = 'Virgule, point-virgule; barre \\ guillemets " deux-points : accents é\nEND:VEVENT\nBEGIN:VEVENT'
    [back] = ical.read(write(Event("1", "Concert", SCHEDULES[0], description=awkward)), "x").events
    assert back.description == awkward
