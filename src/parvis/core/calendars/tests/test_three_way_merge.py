"""A source read again: three sides compared field by field, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from parvis.core.calendars.events import Event, Place, Schedule, Source, State, Timing
from parvis.core.calendars.three_way_merge import digest_of, merge, update

START = datetime(2026, 5, 8, 20)
SAID = Event(
    "7",
    "Concert",
    Schedule((Timing(START, START + timedelta(hours=2)),)),
    summary="Jazz",
    place=Place("Agora"),
    sources=(Source("OpenAgenda", "7"),),
)


def source_again(*read, last=(SAID,), here=(SAID,)):
    return update("OpenAgenda", {event.sources[0].identifier: event for event in last}, read, here)


def test_what_the_source_changed_is_taken():
    merged = merge(SAID, replace(SAID, summary="Jazz et blues", state=State.FULL), SAID)
    assert (merged.event.summary, merged.event.state) == ("Jazz et blues", State.FULL)
    assert (set(merged.taken), merged.conflicts) == ({"summary", "state"}, ())


def test_what_was_edited_here_stays():
    merged = merge(SAID, SAID, replace(SAID, summary="Corrigé"))
    assert (merged.event.summary, merged.taken, merged.conflicts) == ("Corrigé", (), ())


def test_each_side_may_change_its_own_field():
    merged = merge(SAID, replace(SAID, title="Grand concert"), replace(SAID, summary="Corrigé"))
    assert (merged.event.title, merged.event.summary) == ("Grand concert", "Corrigé")


def test_a_field_changed_on_both_sides_stays_as_here_and_is_told():
    merged = merge(SAID, replace(SAID, summary="Du blues"), replace(SAID, summary="Du swing"))
    assert (merged.event.summary, merged.conflicts) == ("Du swing", ("summary",))


def test_the_same_change_on_both_sides_is_no_conflict():
    merged = merge(SAID, replace(SAID, summary="Du blues"), replace(SAID, summary="Du blues"))
    assert (merged.taken, merged.conflicts) == ((), ())


def test_a_field_emptied_here_is_not_filled_again():
    assert merge(SAID, SAID, replace(SAID, place=None)).event.place is None


def test_a_second_source_fills_what_is_empty_and_is_kept():
    other = replace(SAID, uid="x", summary="Autre", organiser="Ville", sources=(Source("Site", "x"),))
    merged = merge(None, other, SAID)
    assert (merged.event.summary, merged.event.organiser, merged.taken) == ("Jazz", "Ville", ("organiser",))
    assert [source.name for source in merged.event.sources] == ["OpenAgenda", "Site"]
    assert merged.event.uid == "7"


def test_the_digest_follows_what_is_said_and_not_when_it_was_read():
    later = replace(SAID, updated=datetime(2026, 1, 1, tzinfo=UTC), sources=())
    assert digest_of(SAID) == digest_of(later) != digest_of(replace(SAID, title="Autre"))


def test_reading_the_same_again_changes_nothing():
    outcome = source_again(SAID)
    assert (outcome.added, outcome.merged, outcome.unchanged, outcome.missing) == ((), (), 1, ())


def test_a_new_event_is_added_with_the_digest_of_what_was_said():
    new = replace(SAID, uid="8", sources=(Source("OpenAgenda", "8"),))
    [added] = source_again(SAID, new).added
    assert added.sources[0].digest == digest_of(new)


def test_what_the_source_no_longer_has_is_told_and_stays():
    outcome = source_again()
    assert (outcome.missing, outcome.merged) == (("7",), ())


def test_what_was_removed_here_does_not_come_back():
    outcome = source_again(SAID, here=())
    assert (outcome.added, outcome.removed) == ((), ("7",))


def test_events_of_other_sources_are_left_alone():
    other = replace(SAID, uid="9", sources=(Source("Site", "9"),))
    assert source_again(SAID, here=(SAID, other)).missing == ()


def test_a_change_keeps_every_source_and_the_identifier_here():
    current = replace(SAID, uid="parvis-1", sources=(*SAID.sources, Source("Site", "z")))
    [merged] = source_again(replace(SAID, title="Grand concert"), here=(current,)).merged
    assert merged.event.uid == "parvis-1"
    assert [source.name for source in merged.event.sources] == ["OpenAgenda", "Site"]
    assert merged.event.sources[0].digest == digest_of(replace(SAID, title="Grand concert"))
