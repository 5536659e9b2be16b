"""Dates of events that repeat, compared with dates counted otherwise: by the calendar module, by hand, by dateutil on local time."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr

from parvis.core.calendars.errors import BadRecurrence
from parvis.core.calendars.events import Override, State, Timing
from parvis.core.calendars.recurrence import next_occurrence, occurrences, planned, today
from parvis.core.calendars.tests.conftest import NOW, PARIS


def days(dates):
    return [occurrence.day for occurrence in dates]


def window(first, last, zone=PARIS):
    return (datetime(*first, tzinfo=zone), datetime(*last, tzinfo=zone))


def by_hand(rule, start, first, last, zone="Europe/Paris"):
    """The starts in UTC, by dateutil alone: local times first, zones of dateutil afterwards."""
    tzinfo = tz.gettz(zone)
    naive = rrulestr(rule, dtstart=start)
    aware = (tz.resolve_imaginary(moment.replace(tzinfo=tzinfo)).astimezone(UTC) for moment in naive)
    inside = []
    for moment in aware:
        if moment >= last:
            break
        if moment >= first:
            inside.append(moment)
    return inside


def test_the_last_sunday_of_each_month_is_the_last_week_with_a_sunday(event):
    market = event(datetime(2026, 1, 25, 9), rule="FREQ=MONTHLY;BYDAY=-1SU")
    expected = [
        date(2026, month, max(week[6] for week in calendar.monthcalendar(2026, month))) for month in range(1, 13)
    ]
    assert days(occurrences(market, *window((2026, 1, 1), (2027, 1, 1)))) == expected


def test_the_last_working_day_of_each_month(event):
    council = event(datetime(2026, 1, 30, 18), rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    expected = []
    for month in range(1, 13):
        last = date(2026, month, calendar.monthrange(2026, month)[1])
        expected.append(last - timedelta(days=max(0, last.weekday() - 4)))
    assert days(occurrences(council, *window((2026, 1, 1), (2027, 1, 1)))) == expected


@pytest.mark.parametrize(
    ("rule", "start", "zone"),
    [
        ("FREQ=DAILY", datetime(2026, 3, 20, 2, 30), "Europe/Paris"),
        ("FREQ=DAILY;INTERVAL=3", datetime(2026, 10, 20, 2, 30), "Europe/Paris"),
        ("FREQ=WEEKLY;BYDAY=TU,SA;WKST=SU", datetime(2026, 1, 3, 18), "Europe/Paris"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", datetime(2026, 1, 5, 18), "Europe/Paris"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO", datetime(2026, 1, 5, 18), "Europe/Paris"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", datetime(2026, 1, 31, 20), "Europe/Paris"),
        ("FREQ=MONTHLY;BYDAY=2SA,4SA", datetime(2026, 1, 10, 14), "Indian/Reunion"),
        ("FREQ=DAILY;BYHOUR=10,14,16;BYDAY=SA,SU", datetime(2026, 5, 2, 10), "America/Martinique"),
        ("FREQ=YEARLY;BYMONTH=9;BYDAY=3SA,3SU", datetime(2025, 9, 20, 10), "Pacific/Noumea"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", datetime(2024, 5, 13, 10), "Europe/Paris"),
        ("FREQ=YEARLY;BYYEARDAY=-1", datetime(2020, 12, 31, 22), "America/Miquelon"),
        ("FREQ=DAILY;COUNT=40", datetime(2026, 2, 10, 21), "Europe/Paris"),
    ],
)
def test_rules_give_what_dateutil_gives_on_the_clocks_of_the_place(event, rule, start, zone):
    first, last = window((2026, 1, 1), (2027, 1, 1), UTC)
    series = event(start, rule=rule, zone=zone)
    dates = [occurrence.start.astimezone(UTC) for occurrence in occurrences(series, first, last)]
    assert dates == by_hand(rule, start, first + timedelta(seconds=1), last, zone) and dates


def test_a_class_stays_at_the_same_hour_through_both_changes_of_hour(event):
    lesson = event(datetime(2026, 1, 5, 18), rule="FREQ=WEEKLY")
    dates = occurrences(lesson, *window((2026, 1, 1), (2027, 1, 1)))
    assert {occurrence.start.hour for occurrence in dates} == {18}
    assert {occurrence.start.utcoffset() for occurrence in dates} == {timedelta(hours=1), timedelta(hours=2)}


def test_half_past_two_does_not_exist_in_march_and_is_an_hour_later(event):
    night = event(datetime(2026, 3, 28, 2, 30), rule="FREQ=DAILY;COUNT=3")
    dates = [one.start.isoformat() for one in occurrences(night, *window((2026, 3, 1), (2026, 4, 1)))]
    assert dates == ["2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"]


def test_a_time_that_the_change_of_hour_skips_is_met_when_it_is_shown(event):
    night = event(datetime(2026, 3, 28, 2, 30), 0.1, rule="FREQ=DAILY;COUNT=3")
    assert len(occurrences(night, *window((2026, 3, 29, 3, 15), (2026, 3, 29, 3, 45)))) == 1


def test_half_past_two_comes_twice_in_october_and_the_first_is_meant(event):
    night = event(datetime(2026, 10, 24, 2, 30), rule="FREQ=DAILY;COUNT=3")
    dates = [one.start.isoformat() for one in occurrences(night, *window((2026, 10, 1), (2026, 11, 1)))]
    assert dates == ["2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]


def test_the_second_half_past_two_can_be_written_with_its_offset(event):
    second = datetime.fromisoformat("2026-10-25T02:30:00+01:00")
    [occurrence] = occurrences(event(second), *window((2026, 10, 1), (2026, 11, 1)))
    assert occurrence.start.isoformat() == "2026-10-25T02:30:00+01:00"


def test_an_exception_in_utc_meets_the_occurrence_of_a_zone(event):
    weekly = event(
        datetime(2026, 3, 22, 18), rule="FREQ=WEEKLY;COUNT=3", exceptions=(datetime(2026, 3, 29, 16, tzinfo=UTC),)
    )
    assert days(occurrences(weekly, *window((2026, 3, 1), (2026, 5, 1)))) == [date(2026, 3, 22), date(2026, 4, 5)]


def test_until_is_included_and_in_utc(event):
    weekly = event(datetime(2026, 3, 22, 18), rule="FREQ=WEEKLY;UNTIL=20260405T160000Z")
    assert days(occurrences(weekly, *window((2026, 3, 1), (2026, 6, 1))))[-1] == date(2026, 4, 5)
    earlier = event(datetime(2026, 3, 22, 18), rule="FREQ=WEEKLY;UNTIL=20260405T155959Z")
    assert days(occurrences(earlier, *window((2026, 3, 1), (2026, 6, 1))))[-1] == date(2026, 3, 29)


def test_until_a_bare_date_includes_that_day(event):
    weekly = event(datetime(2026, 3, 22, 18), rule="FREQ=WEEKLY;UNTIL=20260405")
    assert days(occurrences(weekly, *window((2026, 3, 1), (2026, 6, 1))))[-1] == date(2026, 4, 5)


def test_an_end_in_the_year_9999_is_no_end(event):
    weekly = event(datetime(2026, 3, 22, 18), rule="FREQ=WEEKLY;UNTIL=99991231T235959Z")
    assert len(occurrences(weekly, *window((2030, 1, 1), (2030, 2, 1)))) == 4


def moved(state=State.RESCHEDULED, **more):
    later = datetime(2026, 6, 12, 20)
    return Override(datetime(2026, 5, 5, 18), Timing(later, later + timedelta(hours=1)), state, **more)


def test_an_occurrence_moved_out_of_the_window_leaves_it_and_comes_into_another(event):
    weekly = event(datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;COUNT=4", overrides=(moved(title="Report"),))
    assert days(occurrences(weekly, *window((2026, 5, 1), (2026, 6, 1)))) == [date(2026, 5, 12), date(2026, 5, 19)]
    [occurrence] = occurrences(weekly, *window((2026, 6, 1), (2026, 7, 1)))
    assert (occurrence.start.hour, occurrence.state, occurrence.title) == (20, State.RESCHEDULED, "Report")


def test_one_occurrence_alone_may_be_cancelled(event):
    again = Override(
        datetime(2026, 5, 5, 18), Timing(datetime(2026, 5, 5, 18), datetime(2026, 5, 5, 19)), State.CANCELLED
    )
    weekly = event(datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;COUNT=3", overrides=(again,))
    states = [one.state for one in occurrences(weekly, *window((2026, 4, 1), (2026, 6, 1)))]
    assert states == [State.SCHEDULED, State.CANCELLED, State.SCHEDULED]


def test_a_cancelled_event_is_cancelled_each_time(event):
    weekly = event(datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;COUNT=2", state=State.CANCELLED)
    assert {one.state for one in occurrences(weekly, *window((2026, 4, 1), (2026, 6, 1)))} == {State.CANCELLED}


def test_later_occurrences_may_move_together(event):
    change = Timing(datetime(2026, 5, 5, 19), datetime(2026, 5, 5, 20))
    following = Override(datetime(2026, 5, 5, 18), change, following=True)
    weekly = event(datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;COUNT=4", overrides=(following,))
    hours = [one.start.hour for one in occurrences(weekly, *window((2026, 4, 1), (2026, 6, 1)))]
    assert hours == [18, 19, 19, 19]


def test_whole_days_of_each_week_are_days_whatever_the_zone(event):
    fair = event(datetime(2026, 3, 28), 48, all_day=True, rule="FREQ=WEEKLY;COUNT=2", zone="Indian/Reunion")
    first, second = occurrences(fair, *window((2026, 3, 1), (2026, 5, 1)))
    assert (first.day, first.last_day, first.all_day) == (date(2026, 3, 28), date(2026, 3, 29), True)
    assert second.day == date(2026, 4, 4)


def test_the_29_of_february_comes_every_four_years_but_1900_and_2100(event):
    leap = event(datetime(2024, 2, 29, 12), rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    dates = [one.day.year for one in occurrences(leap, *window((2024, 1, 1), (2110, 1, 1)))]
    assert dates == [year for year in range(2024, 2110) if calendar.isleap(year)]


def test_a_rule_of_a_calendar_in_utc_follows_no_change_of_hour(event):
    weekly = event(datetime(2026, 3, 22, 17, tzinfo=UTC), rule="FREQ=WEEKLY;COUNT=2", rule_zone="UTC")
    assert [one.start.hour for one in occurrences(weekly, *window((2026, 3, 1), (2026, 5, 1)))] == [18, 19]


def test_dates_of_a_list_may_last_otherwise_and_be_added_to_a_rule(event):
    weekly = event(datetime(2026, 5, 5, 18), rule="FREQ=WEEKLY;COUNT=2")
    extra = Timing(datetime(2026, 5, 7, 9), datetime(2026, 5, 7, 17))
    schedule = weekly.schedule.__class__((*weekly.schedule.timings, extra), rule=weekly.schedule.rule)
    dates = occurrences(weekly.__class__("e", "t", schedule), *window((2026, 5, 1), (2026, 6, 1)))
    assert [(one.day.day, one.end - one.start) for one in dates] == [
        (5, timedelta(hours=1)),
        (7, timedelta(hours=8)),
        (12, timedelta(hours=1)),
    ]


def test_a_party_until_three_belongs_to_the_day_it_starts_and_is_still_today_at_one(event):
    party = event(datetime(2026, 5, 8, 22), 5)
    [occurrence] = occurrences(party, *window((2026, 5, 8), (2026, 5, 10)))
    assert (occurrence.day, occurrence.last_day) == (date(2026, 5, 8), date(2026, 5, 8))
    assert not occurrence.is_on(date(2026, 5, 9))
    at_one, at_four = (datetime(2026, 5, 9, hour, tzinfo=PARIS) for hour in (1, 4))
    assert [pair[0].uid for pair in today([party], at_one)] == ["e"]
    assert today([party], at_four) == []


def test_an_exhibition_of_a_month_is_of_each_of_its_days(event):
    exhibition = event(datetime(2026, 5, 1), 24 * 31, all_day=True)
    assert today([exhibition], NOW) != []
    [occurrence] = occurrences(exhibition, NOW, NOW + timedelta(days=1))
    assert (occurrence.day, occurrence.last_day) == (date(2026, 5, 1), date(2026, 5, 31))


def test_the_day_is_that_of_the_place_and_not_of_who_looks(event):
    concert = event(datetime(2026, 5, 8, 1), zone="Indian/Reunion")
    [occurrence] = occurrences(concert, *window((2026, 5, 1), (2026, 6, 1)))
    assert occurrence.start.astimezone(PARIS).date() == date(2026, 5, 7)
    assert occurrence.day == date(2026, 5, 8)


def test_what_ends_when_the_window_begins_is_out_and_what_starts_when_it_ends_too(event):
    concert = event(datetime(2026, 5, 8, 20), 2)
    assert occurrences(concert, *window((2026, 5, 8, 22), (2026, 5, 9))) == []
    assert occurrences(concert, *window((2026, 5, 8, 18), (2026, 5, 8, 20))) == []
    assert len(occurrences(concert, *window((2026, 5, 8, 21, 59), (2026, 5, 9)))) == 1


def test_the_next_one_may_already_go_on(event):
    weekly = event(datetime(2026, 4, 27, 11, 30), 2, rule="FREQ=WEEKLY")
    assert next_occurrence(weekly, NOW).day == NOW.date()
    assert next_occurrence(event(datetime(2020, 1, 1)), NOW) is None


def test_occurrences_are_bounded_in_number_and_in_order(event):
    daily = event(datetime(2026, 1, 1, 10), rule="FREQ=DAILY;BYHOUR=16,10")
    dates = occurrences(daily, *window((2026, 1, 1), (2028, 1, 1)), most=5)
    assert [(one.day.day, one.start.hour) for one in dates] == [(1, 10), (1, 16), (2, 10), (2, 16), (3, 10)]


def test_a_rule_of_each_day_since_1900_is_followed_and_one_of_each_half_hour_is_refused_so_late(event):
    assert (
        len(occurrences(event(datetime(1900, 1, 1, 10), rule="FREQ=DAILY"), *window((2026, 1, 1), (2026, 1, 8)))) == 7
    )
    often = ",".join(map(str, range(24)))
    busy = event(datetime(1990, 1, 1), rule=f"FREQ=DAILY;BYHOUR={often};BYMINUTE=0,30")
    started = thread_time()
    with pytest.raises(BadRecurrence):
        occurrences(busy, *window((2026, 1, 1), (2026, 1, 8)))
    assert thread_time() - started < 1


def test_a_huge_count_costs_nothing_and_is_counted(event):
    first, last = window((2026, 5, 1), (2026, 5, 8))
    assert len(occurrences(event(datetime(2020, 1, 1, 10), rule="FREQ=DAILY;COUNT=999999999"), first, last)) == 7
    assert occurrences(event(datetime(2020, 1, 1, 10), rule="FREQ=DAILY;COUNT=10"), first, last) == []


def test_an_event_without_a_date_has_no_occurrence(event):
    assert planned(event(datetime(2026, 1, 1)).__class__("e", "Sans date"), NOW) == []


def test_zones_that_the_machine_knows_by_one_name_are_the_same_for_dateutil():
    assert datetime(2026, 7, 1, tzinfo=ZoneInfo("Indian/Reunion")).utcoffset() == timedelta(hours=4)
