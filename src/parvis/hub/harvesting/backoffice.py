"""« Sources » in the back office: the list, the form with its trial, a source and its readings, a reading item by item."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn, TitleColumn

from parvis.core.errors import NotFound, ParvisError
from parvis.core.fetching.addresses import without_secrets
from parvis.core.metadata import LICENCES
from parvis.core.schedules import BadSchedule, phrase
from parvis.core.sources.dialects import DIALECTS
from parvis.core.translation import SOURCE
from parvis.hub.backoffice.policies import may_administer, may_publish
from parvis.hub.backoffice.screens import (
    FormScreen,
    ListScreen,
    Screen,
    ScreenSet,
    sentence,
    stored_sentence,
)
from parvis.hub.harvesting.forms import SourceForm, initial_of
from parvis.hub.harvesting.hook_backoffice import HookScreen
from parvis.hub.harvesting.hooks import hook_of
from parvis.hub.harvesting.models import Item, Run, RunItem, Source
from parvis.hub.harvesting.move_backoffice import steps_of
from parvis.hub.harvesting.move_reports import MOVE_STATES, PARTS, VISIBILITIES, report_csv, report_of
from parvis.hub.harvesting.move_rest import rests
from parvis.hub.harvesting.preview import preview
from parvis.hub.harvesting.publishers import ForPublishers
from parvis.hub.harvesting.rules import COMPARED, Decision, Mode, State
from parvis.hub.harvesting.selectors import (
    counts_so_far,
    item_of,
    items_of,
    latest_run,
    open_run,
    reasons_of,
    run_of,
    source_of,
    sources_managed_by,
    undecided_items,
)
from parvis.hub.harvesting.sources import (
    ask_run,
    believe,
    checked,
    decide,
    decide_all,
    remove_source,
    resume_run,
    save_source,
    stop_run,
)
from parvis.hub.harvesting.takeovers import may_prevent, prevent, takeover_of, takeovers_of
from parvis.hub.ui.formatting import instant, number

SHOWN_RUNS = 20
PER_PAGE = 100
OUTCOMES = dict(RunItem.OUTCOMES)


class SourceList(ForPublishers, ListScreen):
    """The sources of the organisations for which the person puts things online."""

    model = Source
    page_title = gettext_lazy("Sources")
    add_url_name = "harvesting:add"
    add_item_label = gettext_lazy("Ajouter une source")
    default_ordering = "title"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, organisation, kind, calendar, state, next reading."""
        return [
            TitleColumn("title", label=_("Source"), get_url=lambda row: reverse("harvesting:source", args=[row.slug])),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("schedule", label=_("Quand"), accessor=schedule_words),
            StatusTagColumn(
                "state", label=_("État"), accessor=state_words, primary=lambda row: row.active and not row.failures
            ),
            Column("next_run", label=_("Prochaine lecture"), accessor=lambda row: next_words(row)),
        ]

    def get_base_queryset(self) -> QuerySet[Source]:
        """Through the person's eyes."""
        return sources_managed_by(self.actor)


def schedule_words(source: Source) -> str:
    """When it is read."""
    return phrase(source.schedule).text(get_language() or SOURCE)


def state_words(source: Source) -> str:
    """Out of service, or how its latest reading went."""
    if not source.active:
        return _("hors service")
    run = latest_run(source)
    if run is None:
        return _("jamais lue")
    return run_words(run)


def run_words(run: Run) -> str:
    """How a reading went, or is going."""
    if run.is_suspicious:
        return _("à confirmer")
    return _("s’arrête") if run.stop_requested and not run.is_over else run.get_state_display()


def next_words(source: Source) -> str:
    """The moment of the next reading."""
    return instant(source.next_run) if source.active and source.next_run else "—"


def counts_of(run: Run) -> list[tuple[str, str, str]]:
    """Outcome, its words and how many, of those that there are."""
    counts = counts_so_far(run)
    return [(name, str(OUTCOMES[name]), number(counts[name])) for name in OUTCOMES if counts.get(name)]


@method_decorator(never_cache, name="dispatch")
class SourceFormScreen(ForPublishers, FormScreen):
    """Add a source or change one; « Essayer » saves nothing and shows its first twenty datasets."""

    template_name = "harvesting/backoffice/form.html"
    form_class = SourceForm
    done = gettext_lazy("La source est enregistrée.")

    @cached_property
    def source(self) -> Source | None:
        """None for a new one."""
        slug = self.kwargs.get("slug")
        return source_of(self.actor, slug) if slug else None

    def get_page_title(self) -> str:
        """What is done."""
        return _("Régler la source") if self.source else _("Ajouter une source")

    def trail(self) -> list[tuple[str, str]]:
        """The list, the source."""
        above = [(reverse("harvesting:list"), _("Sources"))]
        if self.source is not None:
            above.append((reverse("harvesting:source", args=[self.source.slug]), self.source.title))
        return above

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who fills it."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        """The source as it is."""
        return initial_of(self.source) if self.source else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, whether a secret is kept."""
        has_secrets = self.source is not None and bool(self.source.secrets)
        return {**super().get_context_data(**kwargs), "source": self.source, "has_secrets": has_secrets}

    def field_of(self, error: ParvisError) -> str | None:
        """Beside what is wrong."""
        return "schedule" if isinstance(error, BadSchedule) else None

    def act(self, form: SourceForm) -> HttpResponse | None:
        """Try, or keep."""
        if self.request.POST.get("acte") == "essayer":
            return self._try(form)
        saved = save_source(self.actor, form.target, self.source, secrets=form.secrets, **form.values())
        messages.success(self.request, str(self.done))
        return redirect("harvesting:source", saved.slug)

    def _try(self, form: SourceForm) -> HttpResponse:
        """The first items of what is in the form, with the secret that is there when none is given; nothing is saved."""
        language = get_language() or SOURCE
        former = Source.objects.get(pk=self.source.pk) if self.source else None
        secrets, address = (former.secrets, former.url) if former else ("", "")
        row = checked(form.target, former, **form.values())
        row.secrets = form.sealed() or (secrets if row.url == address else "")
        try:
            result = preview(row)
        except ParvisError as error:
            form.add_error(None, sentence(error))
            return self.form_invalid(form)
        licences = {row.slug: row.name for row in LICENCES}
        rows = [
            (item, licences.get(item.licence, item.licence), item.reason.text(language) if item.reason else "")
            for item in result.items
        ]
        return self.render_to_response(self.get_context_data(form=form, preview=result, rows=rows))


@method_decorator(never_cache, name="dispatch")
class SourceScreen(ForPublishers, Screen):
    """A source: its state, what waits for a decision, its latest readings; buttons to read, stop, resume, remove."""

    template_name = "harvesting/backoffice/source.html"

    @cached_property
    def source(self) -> Source:
        """The one of the address."""
        return source_of(self.actor, self.kwargs["slug"])

    def get_page_title(self) -> str:
        """Its name."""
        return self.source.title

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("harvesting:list"), _("Sources"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that is shown."""
        source, dialect = self.source, DIALECTS.get(self.source.dialect)
        runs = list(source.runs.order_by("-pk")[:SHOWN_RUNS])
        return {
            **super().get_context_data(**kwargs),
            "source": source,
            "dialect": _(dialect.label) if dialect else source.dialect,
            "schedule": schedule_words(source),
            "next": next_words(source),
            "open": open_run(source),
            "hook": hook_of(source),
            "latest": runs[0] if runs else None,
            "may_resume": bool(runs) and runs[0].state in (State.FAILED, State.STOPPED),
            "runs": [(run, run_words(run), counts_of(run)) for run in runs],
            "has_steps": source.mode == Mode.MOVE and may_administer(self.request.user),
            "twins": list(undecided_items(source)[:50]),
            "takeovers": [
                (item, instant(item.takes_over) if item.takes_over else "", may_prevent(self.actor, item))
                for item in takeovers_of(source)[:50]
            ],
        }

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Do what the button says."""
        act = request.POST.get("acte", "")
        if act in ("meme", "autre"):
            decision = Decision.SAME if act == "meme" else Decision.SEPARATE
            key = request.POST.get("jeu", "")
            decide(
                self.actor,
                item_of(self.actor, self.source, int(key) if key.isdecimal() and len(key) < 18 else 0),
                decision,
            )
            messages.success(request, _("C’est noté : la prochaine lecture en tiendra compte."))
        elif act in ("tous-memes", "tous-autres"):
            done, refused = decide_all(
                self.actor, self.source, Decision.SAME if act == "tous-memes" else Decision.SEPARATE
            )
            words = ngettext(
                "C’est noté pour %(count)s jeu : la prochaine lecture en tiendra compte.",
                "C’est noté pour %(count)s jeux : la prochaine lecture en tiendra compte.",
                done,
            ) % {"count": number(done)}
            messages.success(request, words)
            if refused:
                words = _("Il en reste %s, d’organisations pour lesquelles vous ne publiez pas.") % number(refused)
                messages.warning(request, words)
        elif act == "lire":
            ask_run(self.actor, self.source, complete=bool(request.POST.get("tout")))
            messages.success(request, _("La lecture part dans un instant."))
        elif act == "retirer":
            remove_source(self.actor, self.source)
            messages.success(request, _("La source est retirée ; les jeux qu’elle a apportés restent."))
            return redirect("harvesting:list")
        else:
            raise NotFound(name=act[:40])
        return redirect(request.path)


@method_decorator(never_cache, name="dispatch")
class TakeoverScreen(Screen):
    """A dataset that another source is about to keep up to date, for those who may prevent it."""

    header_icon = "download"
    template_name = "harvesting/backoffice/takeover.html"
    page_title = gettext_lazy("Une autre source pour ce jeu")

    @cached_property
    def item(self) -> Item:
        """The one of the address."""
        return takeover_of(self.actor, self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which dataset, which source, from when."""
        item = self.item
        former = Item.objects.filter(dataset=item.twin).select_related("source").first()
        moment = instant(item.takes_over) if item.takes_over else ""
        facts = {"item": item, "moment": moment, "former": former.source if former else None}
        facts["address"] = without_secrets(item.source.url)  # shown to others than those who set the source
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, key: int) -> HttpResponse:
        """Prevent it."""
        twin = self.item.twin
        prevent(self.actor, self.item)
        messages.success(request, _("C’est annulé : le jeu reste à qui le tient à jour."))
        return redirect(twin.get_absolute_url() if twin else "/admin/")


@method_decorator(never_cache, name="dispatch")
class RunScreen(ForPublishers, Screen):
    """A reading: how it went, and item by item what it did and why."""

    template_name = "harvesting/backoffice/run.html"

    @cached_property
    def run(self) -> Run:
        """The one of the address."""
        return run_of(self.actor, self.kwargs["key"])

    def get_page_title(self) -> str:
        """Its moment."""
        return _("Lecture du %s") % instant(self.run.created)

    def trail(self) -> list[tuple[str, str]]:
        """The list, the source."""
        source = self.run.source
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[source.slug]), source.title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, which filter the items, and a page of these."""
        run, outcome = self.run, self.request.GET.get("issue", "")
        outcome = outcome if outcome in OUTCOMES else ""
        page = Paginator(items_of(run, outcome), PER_PAGE).get_page(self.request.GET.get("page"))
        message, remedy = stored_sentence(run.error)
        latest = latest_run(run.source)
        is_latest = latest is not None and latest.pk == run.pk
        seen = counts_so_far(run).get("seen", 0)
        return {
            **super().get_context_data(**kwargs),
            "run": run,
            "source": run.source,
            "state": run_words(run),
            "counts": counts_of(run),
            "seen": number(seen),
            "seen_count": seen,
            "total": number(run.total) if run.total is not None else "",
            "outcome": outcome,
            "outcome_words": OUTCOMES.get(outcome, ""),
            "items": page,
            "rows": [(row, str(OUTCOMES.get(row.outcome, "")), self._reasons(row)) for row in page],
            "problem": f"{message} {remedy}".strip(),
            "resumes": instant(run.resumes) if run.resumes else "",
            "may_resume": is_latest and run.state in (State.FAILED, State.STOPPED),
            "may_believe": is_latest and run.is_suspicious,
            "is_move": run.source.mode == Mode.MOVE,
            "compared": number(run.counts.get(COMPARED, 0)),
        }

    def _reasons(self, row: RunItem | Item) -> list[str]:
        return reasons_of(row) if isinstance(row, RunItem) else []

    def post(self, request: HttpRequest, key: int) -> HttpResponse:
        """Stop, resume, believe."""
        act = request.POST.get("acte", "")
        if act not in _ACTS:
            raise NotFound(name=act[:40])
        function, words = _ACTS[act]
        function(self.actor, self.run)
        messages.success(request, str(words))
        return redirect(request.path)


@method_decorator(never_cache, name="dispatch")
class ReportScreen(ForPublishers, Screen):
    """What a portal that moved in came to: each dataset compared with what is there, what did not come and why; as files too."""

    template_name = "harvesting/backoffice/report.html"

    @cached_property
    def run(self) -> Run:
        """The one of the address; NotFound for a reading that compares nothing."""
        run = run_of(self.actor, self.kwargs["key"])
        if run.source.mode != Mode.MOVE:
            raise NotFound(name=f"rapport {run.pk}")
        return run

    def get_page_title(self) -> str:
        """Of which reading."""
        return _("Rapport d’emménagement")

    def trail(self) -> list[tuple[str, str]]:
        """The list, the source, the reading."""
        source = self.run.source
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[source.slug]), source.title),
            (reverse("harvesting:run", args=[self.run.pk]), _("Lecture du %s") % instant(self.run.created)),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the whole report as a file."""
        form = request.GET.get("format", "")
        if form == "json":
            response: HttpResponse = JsonResponse(report_of(self.run), json_dumps_params={"ensure_ascii": False})
        elif form == "csv":
            response = HttpResponse("".join(report_csv(report_of(self.run))), content_type="text/csv; charset=utf-8")
        else:
            return super().get(request, *args, **kwargs)
        response["Content-Disposition"] = f'attachment; filename="emmenagement-{self.run.pk}.{form}"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Totals, and a page of datasets, those that differ first."""
        report = report_of(self.run)
        rows = sorted(report["datasets"], key=lambda row: (row["state"] == "same", row["title"].casefold()))
        state = self.request.GET.get("etat", "")
        shown = [row for row in rows if row["state"] == state] if state in MOVE_STATES else rows
        there, here = report["rows"]
        totals = [(name, MOVE_STATES[name], number(count)) for name, count in report["totals"].items() if count]
        return {
            **super().get_context_data(**kwargs),
            "run": self.run,
            "source": self.run.source,
            "steps": steps_of(self.run.source, "report"),
            "twin_count": undecided_items(self.run.source).count(),
            "same": number(report["totals"].get("same", 0)),
            "same_count": report["totals"].get("same", 0),
            "all": number(len(rows)),
            "has_rest": bool(rests(self.run.source)),
            "totals": totals,
            "state": state if state in MOVE_STATES else "",
            "there": number(there),
            "here": number(here),
            "out_of_reach": report["out_of_reach"],
            "datasets": Paginator(list(map(_shown_dataset, shown)), PER_PAGE).get_page(self.request.GET.get("page")),
        }


def _shown_dataset(row: dict[str, Any]) -> dict[str, Any]:
    """A dataset of a report as its page shows it."""
    parts = list(map(part_words, row["differences"]))
    return {**row, "lines": list(map(number, row["rows"] or ())), "words": MOVE_STATES[row["state"]], "parts": parts}


def part_words(difference: dict[str, Any]) -> tuple[str, Any, Any]:
    """What differs, in words, then what is there and what is here."""
    name, there, here = difference["name"], difference["there"], difference["here"]
    if (difference["part"], name) == ("identifier", "visibility"):
        return _("visibilité"), *(VISIBILITIES.get(value, value) for value in (there, here))
    return f"{PARTS.get(difference['part'], difference['part'])} {name}".strip(), there, here


_ACTS = {
    "arreter": (stop_run, gettext_lazy("La lecture s’arrête.")),
    "reprendre": (resume_run, gettext_lazy("La lecture reprend où elle s’était arrêtée.")),
    "confirmer": (believe, gettext_lazy("Les absences sont comptées.")),
}
"""What the buttons of a reading do."""

SCREENS = ScreenSet(
    "harvesting",
    "sources",
    ("", SourceList, "list"),
    ("ajouter/", SourceFormScreen, "add"),
    ("lecture/<int:key>/", RunScreen, "run"),
    ("lecture/<int:key>/rapport/", ReportScreen, "report"),
    ("passage/<int:key>/", TakeoverScreen, "takeover"),
    ("<slug:slug>/", SourceScreen, "source"),
    ("<slug:slug>/regler/", SourceFormScreen, "edit"),
    ("<slug:slug>/appel/", HookScreen, "hook"),
    menu_order=125,
    shown=may_publish,
)
