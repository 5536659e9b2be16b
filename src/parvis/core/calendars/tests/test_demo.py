"""The events of the demonstration: real ones, that reach nobody."""

from __future__ import annotations

import json
import re

from parvis.core.calendars.duplicates import duplicate_pairs
from parvis.core.calendars.files import read_file
from parvis.core.calendars.tests.conftest import NOW
from parvis.packs.bundled_files import demo_rows

TEXT = json.dumps(demo_rows("agenda"), ensure_ascii=False)


def test_all_are_read_and_one_was_announced_twice():
    events = read_file(TEXT.encode(), "agenda.json", "OpenAgenda").events
    assert len(events) == 61
    assert all(event.place and event.schedule.timings and event.title for event in events)
    assert len(duplicate_pairs(events, NOW)) == 1


def test_no_telephone_nor_mailbox_is_in_them():
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+|(?:\+33|\b0)\s?[1-9](?:[ .-]?\d\d){4}", TEXT) == []
