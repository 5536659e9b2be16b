"""Schedules: what people write, when it falls due, and how it is told back."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from parvis.core.schedules import BadSchedule, cron_of, next_after, phrase

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("words", "cron", "spoken"),
    [
        ("chaque nuit à 3 h", "0 3 * * *", "chaque jour à 3 h"),
        ("Toutes les 15 minutes", "*/15 * * * *", "toutes les 15 minutes"),
        ("le lundi à 6 h 30", "30 6 * * 1", "le lundi à 6 h 30"),
        ("le lundi et le jeudi à 6h", "0 6 * * 1,4", "le lundi et le jeudi à 6 h"),
        ("tous les jours à 6 h et 18 h", "0 6,18 * * *", "chaque jour à 6 h et 18 h"),
        ("du lundi au vendredi à 7:15", "15 7 * * 1-5", "du lundi au vendredi à 7 h 15"),
        ("du samedi au lundi", "0 6 * * 0,1,6", "le dimanche et le lundi et le samedi à 6 h"),
        ("chaque heure", "0 * * * *", "chaque heure"),
        ("toutes les 2 heures", "0 */2 * * *", "toutes les 2 heures"),
        ("le 1er du mois à minuit", "0 0 1 * *", "le 1er du mois à 0 h"),
        ("le 1er et le 15 du mois", "0 6 1,15 * *", "selon « 0 6 1,15 * * »"),
        ("chaque soir", "0 19 * * *", "chaque jour à 19 h"),
        ("à midi", "0 12 * * *", "chaque jour à 12 h"),
        ("chaque semaine", "0 6 * * 1", "le lundi à 6 h"),
        ("5 4 * * 1-5", "5 4 * * 1-5", "du lundi au vendredi à 4 h 05"),
        ("à la demande", "", "à la demande"),
    ],
)
def test_a_phrase_is_understood_and_told_back(words, cron, spoken):
    assert cron_of(words) == cron
    assert phrase(cron).text("fr") == spoken
    assert phrase(cron).text("en")


@pytest.mark.parametrize(
    "words",
    [
        "toutes les 45 minutes",
        "le lundi à 25 h",
        "bientôt",
        "0 0 30 2 *",
        "toutes les 0 heures",
        "* * *",
        "le 32 du mois",
    ],
)
def test_what_says_no_moment_is_refused(words):
    with pytest.raises(BadSchedule):
        cron_of(words)


def test_changes_of_hour_lose_and_repeat_nothing():
    nightly = cron_of("chaque nuit à 2 h 30")
    spring = next_after(nightly, datetime(2027, 3, 27, 12, tzinfo=PARIS))
    assert spring.isoformat() == "2027-03-28T03:00:00+02:00", "2:30 does not exist that night"
    autumn = next_after(nightly, datetime(2026, 10, 24, 12, tzinfo=PARIS))
    assert autumn.isoformat() == "2026-10-25T02:30:00+02:00"
    assert next_after(nightly, autumn).isoformat() == "2026-10-26T02:30:00+01:00", "2:30 comes twice that night"
    moment, passed = datetime(2027, 3, 28, 1, 40, tzinfo=PARIS), []
    while len(passed) < 3:
        moment = next_after("*/15 * * * *", moment)
        passed.append(moment.isoformat()[11:19])
    assert passed == ["01:45:00", "03:00:00", "03:15:00"]
