"""Files of strangers: told apart, read in a confined child, and never more than refused."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Event
from parvis.core.calendars.files import FORMATS, LARGEST, read_file
from parvis.core.calendars.formats import ical_writer, jsonld_writer
from parvis.core.calendars.formats.fields import Reading
from parvis.core.calendars.tests.conftest import DATA, NOW
from parvis.core.children import Permits, call
from parvis.core.errors import ParvisError

REAL = read_file((DATA / "openagenda_paris.json").read_bytes(), "x").events
CALENDAR = ical_writer.write(REAL, "Agenda", NOW)
GRAPH = json.dumps(jsonld_writer.write(REAL, NOW)).encode()
PAGE = b"<html><script type='application/ld+json'>" + GRAPH + b"</script>"
TABLE = (DATA / "openagenda_jep_2019.csv").read_bytes()
SEEDS = (
    CALENDAR[:9_000],
    GRAPH[:6_000],
    PAGE[:6_000],
    TABLE[:9_000],
    (DATA / "openagenda_paris.json").read_bytes()[:9_000],
)


@pytest.mark.parametrize(
    ("content", "number"), [(CALENDAR, 19), (b"\n\n" + CALENDAR, 19), (GRAPH, 19), (PAGE, 19), (TABLE, 7)]
)
def test_formats_are_told_apart_by_what_they_hold(content, number):
    assert len(read_file(content, "x").events) == number


def test_a_confined_child_reads_what_this_process_does():
    for content in (CALENDAR, TABLE, GRAPH):
        reading = call(read_file, content, "x", "Ville", permits=Permits(name="x"))
        assert isinstance(reading, Reading)
        assert reading == read_file(content, "x", "Ville")


def test_a_child_tells_a_refusal_as_this_process_does():
    with pytest.raises(UnreadableAgenda):
        call(read_file, b"{}", "x", permits=Permits(name="x"))


@pytest.mark.parametrize("content", [b"", b"   ", b"\x00", b"%PDF-1.7\n%", b"PK\x03\x04", b"a" * (LARGEST + 1)])
def test_what_is_no_agenda_is_refused(content):
    with pytest.raises(UnreadableAgenda):
        read_file(content, "x")


def bears(reading):
    """Whatever was read is whole: it comes back from JSON, and its addresses open nothing but the web, mails and telephones."""
    for event in reading.events:
        assert Event.from_dict(json.loads(json.dumps(event.to_dict()))) == event
        opened = (
            event.address,
            event.online_address,
            event.picture.address if event.picture else "",
            *event.registration,
        )
        assert all(address.startswith(("http://", "https://", "mailto:", "tel:")) for address in opened if address)


@pytest.mark.parametrize("reader", FORMATS, ids=lambda one: one.name)
@given(content=st.binary(max_size=300))
@settings(max_examples=60, deadline=timedelta(minutes=1))
def test_any_bytes_are_read_or_refused(reader, content):
    with contextlib.suppress(ParvisError):
        bears(reader.read(content, "x", ""))


@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=8),
    cut=st.floats(0, 1),
)
@settings(max_examples=150, deadline=timedelta(minutes=1))
def test_real_files_broken_anywhere_are_read_or_refused(seed, changes, cut):
    content = bytearray(seed[: max(200, int(len(seed) * cut))])
    for place, piece in changes:
        start = int(place * len(content))
        content[start : start + len(piece)] = piece
    with contextlib.suppress(ParvisError):
        bears(read_file(bytes(content), "x", "Ville"))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates().map(str)
keys = st.sampled_from(
    [
        "uid",
        "title",
        "name",
        "@type",
        "startDate",
        "timings",
        "begin",
        "end",
        "location",
        "address",
        "geo",
        "status",
        "fr",
        "events",
        "offers",
        "price",
        "eventSchedule",
        "repeatFrequency",
        "byDay",
        "accessibility",
        "keywords",
        "age",
        "min",
    ]
)
values = st.recursive(
    scalars | st.just("Event"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=25,
)


@given(facts=st.dictionaries(keys, values, max_size=10))
@settings(max_examples=150, deadline=timedelta(minutes=1))
def test_json_of_any_shape_is_read_or_refused(facts):
    shapes = (
        {"events": [{"uid": 1, "title": {"fr": "t"}, "location": {}} | facts]},
        {"@context": "x", "@type": "Event", "name": "t", "startDate": "2026-05-05T10:00:00"} | facts,
    )
    for shape in shapes:
        with contextlib.suppress(ParvisError):
            bears(read_file(json.dumps(shape).encode(), "x"))


lines = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "UID:1",
        "SUMMARY:Fête",
        "DTSTART:20260505T100000Z",
        "DTSTART;VALUE=DATE:20260505",
        "DTSTART;TZID=Europe/Paris:20260505T100000",
        "DTSTART:00010101T000000Z",
        "DTSTART:99991231T235959Z",
        "DTEND:20260505",
        "DTEND;VALUE=DATE:20260101",
        "DURATION:-P1W",
        "DURATION:P99999999W",
        "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z",
        "RRULE:FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2",
        "RRULE:FREQ=YEARLY;COUNT=3;BYDAY=-1SU",
        "RRULE:",
        "EXDATE;VALUE=DATE:20260506,20260507",
        "EXDATE:x",
        "RDATE;VALUE=PERIOD:20260505T100000Z/PT1H",
        "RDATE:20260507T100000Z,20260508T100000",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260506T100000Z",
        "RECURRENCE-ID;VALUE=DATE:20260506",
        "GEO:x;y",
        "GEO:91;181",
        "CATEGORIES:a,b",
        "ORGANIZER;CN=:mailto:x",
        "SEQUENCE:-1",
        "LAST-MODIFIED:20260101T000000z",
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA",
        "BEGIN:VALARM",
        "END:VALARM",
        'X-A;B="c:',
        " suite",
        "sans deux-points",
    ]
)


@given(body=st.lists(lines, max_size=14))
@settings(max_examples=250, deadline=timedelta(minutes=1))
def test_lines_of_calendars_in_any_order_are_read_or_refused(body):
    content = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20260505T100000Z", *body, "END:VEVENT"])
    reading = read_file(content.encode(), "x", "Ville")
    bears(reading)
    ical_writer.write(reading.events, "x", NOW)
