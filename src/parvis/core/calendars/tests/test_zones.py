"""Time zones by the names that calendars give them."""

from __future__ import annotations

import pytest

from parvis.core.calendars.zones import zone_of

DEFINED = """BEGIN:VTIMEZONE
TZID:Fuseau de la mairie
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ('"Europe/Paris"', "Europe/Paris"),
        ("/freeassociation.sourceforge.net/Europe/Paris", "Europe/Paris"),
        ("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Romance Standard Time", "Europe/Paris"),
        ("(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"),
        ("Indian/Reunion", "Indian/Reunion"),
        ("Z", "UTC"),
        ("Fuseau de la mairie", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_names_lead_to_zones(name, zone):
    assert zone_of(name) == zone


def test_a_name_nobody_knows_is_told_by_its_definition():
    assert zone_of("Fuseau de la mairie", [DEFINED]) == "Europe/Paris"


def test_a_definition_may_give_its_location():
    block = "BEGIN:VTIMEZONE\nTZID:Chez nous\nX-LIC-LOCATION:Indian/Reunion\nEND:VTIMEZONE"
    assert zone_of("Chez nous", [block]) == "Indian/Reunion"


def test_a_broken_definition_tells_nothing():
    assert zone_of("Cassé", ["BEGIN:VTIMEZONE\nTZID:Cassé\nBEGIN:STANDARD\nEND:VTIMEZONE"]) is None
