"""Where a move stands, in words and figures: what is done, in hand, left, how fast, and what failed."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.hub.harvesting.models import Item, Run, RunItem
from parvis.hub.harvesting.move_rest import parts_of_rest
from parvis.hub.harvesting.rules import COMPARED, Outcome, State
from parvis.hub.harvesting.selectors import counts_so_far, reasons_of
from parvis.hub.jobs.models import Job
from parvis.hub.ui.formatting import SPACE, instant, number, size

EVERY: Final = 5
"""Seconds between two looks, without JavaScript."""
_STAGES: Final = {
    "fetch": gettext_lazy("téléchargement"),
    "read": gettext_lazy("lecture"),
    "detect": gettext_lazy("examen des colonnes"),
    "geocode": gettext_lazy("géocodage"),
    "write": gettext_lazy("écriture"),
    "publish": gettext_lazy("mise en ligne"),
    "compare": gettext_lazy("comparaison"),
    "wait": gettext_lazy("attente du portail"),
}
_FIGURES: Final = ("seen", "total", "left", "compared", "to_compare", "failed", "per_minute")
_SHOWN_FAILURES: Final = 20
_LEAST_SECONDS: Final = 3.0
"""Of work, before a pace is told."""


_PLAN_STAGES: Final = {
    "recognise": gettext_lazy("Reconnaissance du portail"),
    "read": gettext_lazy("Lecture du catalogue"),
    "rest": gettext_lazy("Lecture du reste du portail"),
}


def plan_facts(job: Job) -> dict[str, Any]:
    """A dry run at work, as its page and its script show it."""
    parts = [str(_PLAN_STAGES.get(job.stage, _PLAN_STAGES["read"])) if job.started else _("En attente de son tour")]
    if job.stage == "read" and job.done:
        there = _("%(done)s jeux sur %(total)s") if job.total else _("%(done)s jeux")
        parts.append(there % {"done": number(job.done), "total": number(job.total)})
    elif job.stage == "wait":
        parts.append(str(_STAGES["wait"]))
    percent = min(100, round(100 * job.done / job.total)) if job.total and job.stage == "read" else None
    return {"text": " · ".join(parts), "percent": percent, "over": job.is_over}


def run_progress(run: Run) -> dict[str, Any]:
    """A move at work, or over: counts, share, pace, time left, what is in hand."""
    counts = counts_so_far(run)
    seen, compared, failed = (counts.get(name, 0) for name in ("seen", COMPARED, Outcome.FAILED))
    to_compare = max(_to_compare(run), compared)
    is_comparing = run.pending == [] and seen > 0
    total = max(run.total or 0, seen)
    steps, done = total + (to_compare if is_comparing else total), seen + compared
    pace = _pace(run, done)
    left = round((steps - done) / pace) if pace and not run.is_over and steps > done else None
    facts = {
        "over": run.is_over,
        "percent": (100 if run.state == State.DONE else min(99, round(100 * done / steps))) if steps else None,
        "seen": seen,
        "total": total,
        "left": max(total - seen, 0),
        "compared": compared,
        "to_compare": to_compare if is_comparing or run.is_over else None,
        "failed": failed,
        "per_minute": round(pace * 60) if pace else None,
        "seconds_left": left,
        "current": "" if run.is_over else run.current,
        "stage": _stage(run),
    }
    return {**facts, "text": _words(run, facts, is_comparing=is_comparing)}


def figures_of(facts: dict[str, Any]) -> dict[str, str]:
    """The counts of a move as its page writes them."""
    return {name: number(facts[name]) if facts[name] is not None else "—" for name in _FIGURES}


def latest_failures(run: Run) -> list[str]:
    """What could not come, and why: the latest first."""
    rows = RunItem.objects.filter(run=run, outcome=Outcome.FAILED).order_by("-pk")[:_SHOWN_FAILURES]
    return [f"{row.title or row.identifier} — {_(' ; ').join(reasons_of(row))}" for row in rows]


def _to_compare(run: Run) -> int:
    return Item.objects.filter(source=run.source_id, dataset__isnull=False, gone=None).count()


def _pace(run: Run, done: int) -> float | None:
    """Steps a second of work."""
    seconds = run.worked
    job = run.job
    if job is not None and job.state == Job.State.RUNNING and job.started:
        seconds += (timezone.now() - job.started).total_seconds()
    return done / seconds if done and seconds >= _LEAST_SECONDS else None


def _stage(run: Run) -> str:
    """What is being done of the dataset in hand."""
    job = run.job
    if run.is_over or job is None:
        return ""
    if job.stage not in _STAGES:
        parts = parts_of_rest()
        return _("reste du portail : %s") % parts[job.stage] if job.stage in parts else ""
    count = ""
    if job.done and job.stage != "compare":
        count = f" {size(job.done) if job.stage == 'fetch' else number(job.done)}"
    return f"{_STAGES[job.stage]}{count}"


def duration(seconds: int) -> str:
    """« 2 h 10 min », « 3 min », « 20 s »."""
    if seconds < 90:
        return f"{seconds}{SPACE}s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}{SPACE}h{SPACE}{rest:02}{SPACE}min" if hours else f"{minutes}{SPACE}min"


def _words(run: Run, facts: dict[str, Any], *, is_comparing: bool) -> str:
    if run.is_over:
        return str(run.get_state_display()).capitalize()
    if run.resumes and run.resumes > timezone.now():
        return _("En attente jusqu’au %s, à la demande du portail") % instant(run.resumes)
    if run.state == State.QUEUED:
        return _("En attente de son tour")
    if is_comparing:
        values = {"done": number(facts["compared"]), "total": number(facts["to_compare"] or 0)}
        parts = [_("Comparaison : %(done)s jeux sur %(total)s") % values]
    else:
        values = {"done": number(facts["seen"]), "total": number(facts["total"])}
        parts = [_("Copie : %(done)s jeux sur %(total)s") % values]
    if run.stop_requested:
        parts.append(_("s’arrête après le jeu en cours"))
    if facts["current"]:
        parts.append(_("en cours : « %s »") % facts["current"][:80])
    parts += filter(None, [facts["stage"]])
    if facts["per_minute"]:
        parts.append(_("%s étapes par minute") % number(facts["per_minute"]))
    if facts["seconds_left"]:
        parts.append(_("encore %s environ") % duration(facts["seconds_left"]))
    if facts["failed"]:
        words = ngettext("%s jeu en échec", "%s jeux en échec", facts["failed"])
        parts.append(words % number(facts["failed"]))
    return " · ".join(parts)
