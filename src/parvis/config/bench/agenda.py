"""The agenda of a region: what its list costs with a hundred thousand events, beside the same list with a thousand."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.config.bench.figures import Figure, percentile, turns_for
from parvis.config.bench.inside import inside
from parvis.config.bench.pages import answer_seconds

FEW, MANY = 1_000, 100_000
"""For a million rows; for a trial of the benchmark on a few, twice as many as the few at least."""
TURNS = 20
_WARMING = 4
BUDGET = 50
"""Milliseconds, of the design."""

LISTS = (
    ("à venir", "/agenda/"),
    ("aujourd’hui", "/agenda/?quand=aujourdhui"),
    ("ce week-end", "/agenda/?quand=weekend"),
    ("ces sept jours", "/agenda/?quand=semaine"),
    ("ce mois-ci", "/agenda/?quand=mois"),
    ("une commune", "/agenda/?commune=Commune+{turn}"),
    ("un thème, gratuit", "/agenda/?theme=Danse&gratuit=1&page={turn}"),
    ("un mot fréquent", "/agenda/?q=concert&page={turn}"),
    ("un mot rare", "/agenda/?q=numero+{turn}77"),
    ("un mot, ce mois-ci", "/agenda/?q=danse&quand=mois&page={turn}"),
    ("une page lointaine", "/agenda/?page=1{turn}"),
)
"""What is asked, another page or value each time."""

_MAKE = """
import random, sys
from datetime import timedelta
from django.utils import timezone
from parvis.core.text import fold
from django.apps import apps
from django.db import connection
Event, EventDay = apps.get_model("agenda.Event"), apps.get_model("agenda.EventDay")
from parvis.hub.accounts.models import Organisation
chance, now = random.Random(7), timezone.now().replace(minute=0, second=0, microsecond=0)
owner = Organisation.objects.first() or Organisation.objects.create(slug="mesure", name="Mesure")
themes = ("Concert", "Danse", "Exposition", "Visite", "Atelier", "Conférence", "Marché", "Sport")
text = "Une soirée ouverte à toutes et à tous, où l’on rencontre celles et ceux qui font la vie du quartier. " * 4
there, wanted, events = Event.objects.count(), int(sys.argv[1]), []
for number in range(there, wanted):
    theme = chance.choice(themes)
    start = now + timedelta(hours=chance.randrange(-24 * 200, 24 * 365))
    event = Event(
        organisation=owner, slug=f"evenement-{number}", uid=f"mesure-{number}", title=f"{theme} numéro {number}", summary=text[:90],
        text=text, theme=theme, audience=chance.choice(("tout public", "enfants", "adultes")), city=f"Commune {number % 400}",
        venue=f"Salle {number % 900}", latitude=48 + chance.random(), longitude=2 + chance.random(), is_free=number % 3 == 0,
        is_accessible=number % 4 == 0, status="published", live=True, last_published_at=now,
    )
    event.search_text = fold(" ".join(filter(None, event.texts())))
    # One in twenty lasts a month, one in twenty comes back each week of a year.
    repeats, lasts = (52, 1) if number % 20 == 0 else (1, 30) if number % 20 == 1 else (1, 1)
    starts = [start + timedelta(weeks=week) for week in range(repeats)]
    event.turns = [(begin + timedelta(days=day), begin, begin + timedelta(days=lasts - 1, hours=2)) for begin in starts for day in range(lasts)]
    event.next_start = min((begin for _day, begin, end in event.turns if end > now), default=None)
    events.append(event)
Event.objects.bulk_create(events, batch_size=500)
days = (
    EventDay(event=event, day=timezone.localtime(day).date(), start=begin, end=end)
    for event in events for day, begin, end in event.turns
)
EventDay.objects.bulk_create(days, batch_size=2_000)
with connection.cursor() as cursor:  # as each morning's work does
    cursor.execute("PRAGMA analysis_limit = 1000")
    cursor.execute("ANALYZE")
"""


def make_events(environment: Mapping[str, str], number: int) -> None:
    """Have that many events online in the instance of that environment, half of them to come, with their days."""
    inside(_MAKE, environment, str(number))


def agenda_figures(address: str, environment: Mapping[str, str], rows: int) -> list[Figure]:
    """Of each list, p95 over HTTP once warm with many events (as goes with so many ``rows``), beside its p95 with few."""
    number, turns = min(MANY, max(rows // 10, 2 * FEW)), turns_for(TURNS, rows)
    make_events(environment, FEW)
    few = _times(address, turns)
    make_events(environment, number)
    many = _times(address, turns)
    figures = []
    for label, _path in LISTS:
        slow, quick = (percentile(times[label], 0.95) * 1000 for times in (many, few))
        figures.append(Figure("agenda", f"{label}, p95", "ms", slow, budget=BUDGET))
        figures.append(
            Figure("agenda", f"{label}, p95 de {_spaced(number)} événements", "ms", slow, f"de {_spaced(FEW)}", quick)
        )
    return figures


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _times(address: str, turns: int) -> dict[str, list[float]]:
    """By label, the seconds of each answer once warm."""
    times = {}
    for label, path in LISTS:
        for turn in range(_WARMING):
            answer_seconds(address + path.format(turn=turn + 50))
        times[label] = [answer_seconds(address + path.format(turn=turn)) for turn in range(1, turns + 1)]
    return times
