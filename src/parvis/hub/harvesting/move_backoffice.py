"""« Emménager » in the back office: the portal, the dry run and its words, the move at work; the report is that of its reading."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.core.metadata import LICENCES, THEMES
from parvis.core.sources.word_tables import KINDS, MOST_BYTES, NEW, BadMappingFile, words_csv
from parvis.core.translation import SOURCE, Sentence
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import ActorMixin, FormScreen, Screen, ScreenSet, sentence, stored_sentence
from parvis.hub.harvesting.models import MovePlan, Source
from parvis.hub.harvesting.move_forms import MoveForm, WordsFileForm, move_initial
from parvis.hub.harvesting.move_kinds import MOVE_KINDS
from parvis.hub.harvesting.move_progress import EVERY, figures_of, latest_failures, plan_facts, run_progress
from parvis.hub.harvesting.move_rest import rest_from_json
from parvis.hub.harvesting.move_services import (
    RECOGNISED,
    ask_plan,
    begin_move,
    choose_table,
    choose_words,
    known_kind,
    moves_managed_by,
    set_move,
    words_of,
)
from parvis.hub.harvesting.rules import AlreadyRunning, Mode, State
from parvis.hub.harvesting.selectors import latest_run, open_run, source_of, undecided_items
from parvis.hub.harvesting.sources import resume_run, stop_run
from parvis.hub.ui.formatting import instant, number

PER_PAGE = 100
SHOWN_DATASETS = 20
KIND_WORDS = {
    "organisation": gettext_lazy("Organisations"),
    "licence": gettext_lazy("Licences"),
    "theme": gettext_lazy("Thèmes"),
}


class ForAdministrators(ActorMixin):
    """Closed to who administers no organisation."""

    header_icon = "download"

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_administer(request.user):
            raise Forbidden(action="emménager depuis un autre portail")
        return super()._answer_or_fall_back(request, *args, **kwargs)


class OneMove(ForAdministrators):
    """The move of the address."""

    kwargs: dict[str, Any]

    @cached_property
    def source(self) -> Source:
        """It; NotFound for what is no move of theirs."""
        source = source_of(self.actor, self.kwargs["slug"])
        if source.mode != Mode.MOVE:
            raise NotFound(name=source.slug)
        return source

    @cached_property
    def plan(self) -> MovePlan:
        """Its dry run, which may not have been asked for yet."""
        plan = MovePlan.objects.select_related("job", "source__organisation").filter(source=self.source).first()
        return plan or MovePlan(source=self.source)

    def trail(self) -> list[tuple[str, str]]:
        """The moves."""
        return [(reverse("move_in:start"), _("Emménager"))]

    def here(self, name: str) -> str:
        """The address of a step of this move."""
        return reverse(f"move_in:{name}", args=[self.source.slug])


def steps_of(source: Source | None, current: str) -> list[dict[str, Any]]:
    """The four steps, each with its address once there is something behind it."""
    run = latest_run(source) if source else None
    rows = [
        ("portal", _("Le portail"), reverse("move_in:portal", args=[source.slug]) if source else ""),
        ("words", _("L’essai et les mots"), reverse("move_in:words", args=[source.slug]) if source else ""),
        ("follow", _("L’emménagement"), reverse("move_in:follow", args=[source.slug]) if source and run else ""),
        ("report", _("Le rapport"), reverse("harvesting:report", args=[run.pk]) if run else ""),
    ]
    names = [name for name, _label, _url in rows]
    return [
        {"number": n, "label": label, "url": url, "current": name == current, "done": n <= names.index(current)}
        for n, (name, label, url) in enumerate(rows, 1)
    ]


@method_decorator(never_cache, name="dispatch")
class PortalScreen(ForAdministrators, FormScreen):
    """The first step: which portal; the moves that were begun already."""

    template_name = "harvesting/backoffice/move_start.html"
    page_title = gettext_lazy("Emménager")
    form_class = MoveForm

    @cached_property
    def source(self) -> Source | None:
        """None for a new one."""
        slug = self.kwargs.get("slug")
        source = source_of(self.actor, slug) if slug else None
        if source is not None and source.mode != Mode.MOVE:
            raise NotFound(name=source.slug)
        return source

    def trail(self) -> list[tuple[str, str]]:
        """The moves, from one of them."""
        return [(reverse("move_in:start"), _("Emménager"))] if self.source else []

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who fills it, and of what kind the portal is known to be."""
        return {**super().get_form_kwargs(), "actor": self.actor, "kind": known_kind(self.source)}

    def get_initial(self) -> dict[str, Any]:
        """The move as it is set."""
        if self.source:
            return move_initial(self.source)
        rows = list(organisations_where(self.actor, "administer")[:2])
        return {"organisation": rows[0].pk} if len(rows) == 1 else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the moves there are."""
        moves = [] if self.source else moves_managed_by(self.actor)
        rows = [(source, latest_run(source)) for source in moves]
        return {
            **super().get_context_data(**kwargs),
            "steps": steps_of(self.source, "portal"),
            "source": self.source,
            "has_key": self.source is not None and bool(self.source.secrets),
            "moves": [(source, run.get_state_display() if run else _("pas encore commencé")) for source, run in rows],
        }

    def field_of(self, error: Any) -> str | None:
        """What is wrong is nearly always the address."""
        return "url" if error.code == "source-address" else None

    def act(self, form: MoveForm) -> HttpResponse:
        """Keep it and have it tried."""
        row = form.cleaned_data
        plan = set_move(self.actor, row["organisation"], self.source, row["key"], **form.values())
        return redirect("move_in:words", plan.source.slug)


@method_decorator(never_cache, name="dispatch")
class WordsScreen(OneMove, Screen):
    """The second step: the dry run at work, then what would come and the words to correct."""

    template_name = "harvesting/backoffice/move_words.html"

    def get_page_title(self) -> str:
        """Of which portal."""
        return self.source.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dry run, its datasets and its words, a page of each."""
        plan, job = self.plan, self.plan.job
        is_at_work = job is not None and not job.is_over
        message, remedy = stored_sentence(job.error) if job is not None else ("", "")
        noted = [row for row in plan.facts.get("datasets", []) if row["note"]]
        run = latest_run(self.source)
        return {
            **super().get_context_data(**kwargs),
            "steps": steps_of(self.source, "words"),
            "source": self.source,
            "plan": plan,
            "read": instant(plan.read) if plan.read else "",
            "progress": plan_facts(job) if job is not None and is_at_work else None,
            "every": EVERY,
            "problem": f"{message} {remedy}".strip(),
            "recognised": _note(plan.facts.get(RECOGNISED)),
            "kind_name": MOVE_KINDS[self.source.dialect].name if known_kind(self.source) else "",
            "rest": rest_from_json(plan.facts.get("rest", []), get_language() or SOURCE),
            "totals": _totals(plan.facts),
            "refused": number(plan.facts.get("refused", 0)),
            "rows": _shown(noted[:SHOWN_DATASETS]),
            "file_form": kwargs.get("file_form") or WordsFileForm(),
            "open_run": open_run(self.source),
            "is_again": run is not None,
            "may_resume": run is not None and run.state in (State.FAILED, State.STOPPED),
            **self._words(kwargs.get("typed") or {}),
        }

    def _words(self, typed: dict[str, str]) -> dict[str, Any]:
        words = words_of(self.plan, self.actor)
        kinds = [(kind, sum(row["kind"] == kind for row in words)) for kind in KINDS]
        kind = self.request.GET.get("genre", "")
        kind = kind if kind in KINDS else next((name for name, count in kinds if count), "organisation")
        page = Paginator([row for row in words if row["kind"] == kind], PER_PAGE).get_page(self.request.GET.get("page"))
        choices = {
            "licence": [(row.slug, row.name) for row in LICENCES if row.slug != "other"],
            "theme": [(row.slug, row.label) for row in THEMES],
        }
        return {
            "kind": kind,
            "kinds": [(name, KIND_WORDS[name], number(count)) for name, count in kinds if count],
            "words": page,
            "word_rows": [
                (rank, {**row, "ours": typed.get(row["word"], row["ours"])}, number(row["datasets"]))
                for rank, row in enumerate(page)
            ],
            "choices": choices.get(kind, []),
            "organisations": organisations_where(self.actor, "publish") if kind == "organisation" else [],
            "new": NEW,
        }

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Try again, keep words, take a table of them, or begin."""
        act = request.POST.get("acte", "")
        try:
            if act in ("essayer", "commencer") and (refused := self._refused_words(request)):
                return refused
            if act == "essayer":
                ask_plan(self.actor, self.source)
            elif act == "mots":
                return self._keep_words(request)
            elif act == "tableau":
                return self._take_table(request)
            elif act == "commencer":
                return self._begin(request)
            else:
                raise NotFound(name=act[:40])
        except AlreadyRunning as error:  # somebody else pressed first: there is one move, and both follow it
            messages.info(request, sentence(error))
            return redirect(self.here("follow"))
        return redirect(request.path)

    def _typed(self, request: HttpRequest) -> tuple[str, dict[str, str]]:
        """Words whose value was changed on the page: what somebody else changed meanwhile of the others stays."""
        kind = request.POST.get("genre", "")
        if kind not in KINDS:
            raise NotFound(name=kind[:40])
        typed = {}
        for rank in range(PER_PAGE):
            word, value = request.POST.get(f"mot-{rank}"), request.POST.get(f"ici-{rank}")
            if word is not None and value is not None and value.strip() != request.POST.get(f"avant-{rank}", ""):
                typed[word] = value.strip()
        return kind, typed

    def _refused_words(self, request: HttpRequest) -> HttpResponse | None:
        """Keep what is typed on the page when another button than its own is pressed; the page again when a word is refused."""
        if "genre" not in request.POST:
            return None
        kind, typed = self._typed(request)
        try:
            if typed:
                choose_words(self.actor, self._saved_plan(), {KINDS[kind]: typed})
        except RequestError as error:
            return self.render_to_response(self.get_context_data(typed=typed, wrong=sentence(error)), status=422)
        return None

    def _keep_words(self, request: HttpRequest) -> HttpResponse:
        if refused := self._refused_words(request):
            return refused
        count = len(self._typed(request)[1])
        words = ngettext("%s mot est gardé.", "%s mots sont gardés.", count) % number(count)
        messages.success(request, words if count else _("Rien n’a été changé."))
        return redirect(request.get_full_path())

    def _take_table(self, request: HttpRequest) -> HttpResponse:
        form = WordsFileForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["table"]
            try:
                if upload.size > MOST_BYTES:
                    reason = Sentence("plus de {most} octets", {"most": MOST_BYTES})
                    raise BadMappingFile(file=upload.name[:100], reason=reason)
                count = choose_table(self.actor, self._saved_plan(), upload.name[:100], upload.read())
            except (RequestError, BadMappingFile) as error:
                form.add_error("table", sentence(error))
            else:
                words = ngettext("%s mot est lu dans le tableau.", "%s mots sont lus dans le tableau.", count)
                messages.success(request, words % number(count))
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(file_form=form), status=422)

    def _begin(self, request: HttpRequest) -> HttpResponse:
        begin_move(self.actor, self.source)
        messages.success(request, _("L’emménagement commence. Vous pouvez fermer cette page : le travail continue."))
        return redirect(self.here("follow"))

    def _saved_plan(self) -> MovePlan:
        if self.plan.pk is None:
            raise NotFound(name=self.source.slug)
        return self.plan

    def fallback(self) -> str:
        """This page."""
        return self.here("words")


@method_decorator(never_cache, name="dispatch")
class DatasetsScreen(OneMove, Screen):
    """Each dataset of the dry run: those that ask for a decision, those that are left, all of them."""

    template_name = "harvesting/backoffice/move_datasets.html"

    def get_page_title(self) -> str:
        """What is listed."""
        return _("Les jeux de l’essai")

    def trail(self) -> list[tuple[str, str]]:
        """The moves, this one."""
        return [*super().trail(), (self.here("words"), self.source.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of them."""
        every = self.plan.facts.get("datasets", [])
        lists = {
            "tous": (_("tous"), every),
            "regarder": (_("à regarder"), [row for row in every if row["note"] and not row["left"]]),
            "laisses": (_("laissés"), [row for row in every if row["left"]]),
            "reserves": (_("réservés"), [row for row in every if row["visibility"] == "restricted"]),
        }
        chosen = self.request.GET.get("jeux", "tous")
        chosen = chosen if chosen in lists else "tous"
        datasets = Paginator(lists[chosen][1], PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            **super().get_context_data(**kwargs),
            "steps": steps_of(self.source, "words"),
            "source": self.source,
            "filters": [(name, words, number(len(rows))) for name, (words, rows) in lists.items()],
            "chosen": chosen,
            "datasets": datasets,
            "rows": _shown(list(datasets)),
        }


class WordsTable(OneMove, Screen):
    """The table of words, for a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It, as it stands."""
        rows = [(row["kind"], row["word"], row["ours"], row["datasets"]) for row in words_of(self.plan, self.actor)]
        answer = HttpResponse(words_csv(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="correspondances-{self.source.slug}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


@method_decorator(never_cache, name="dispatch")
class FollowScreen(OneMove, Screen):
    """The third step: the move at work; stopped, taken up, begun again for differences."""

    template_name = "harvesting/backoffice/move_follow.html"

    def get_page_title(self) -> str:
        """Of which portal."""
        return self.source.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is followed that was never begun."""
        return super().get(request, *args, **kwargs) if latest_run(self.source) else redirect(self.here("words"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it stands, and the latest failures."""
        run = latest_run(self.source)
        assert run is not None
        facts = run_progress(run)
        message, remedy = stored_sentence(run.error)
        return {
            **super().get_context_data(**kwargs),
            "steps": steps_of(self.source, "follow"),
            "source": self.source,
            "run": run,
            "progress": facts,
            "figures": figures_of(facts),
            "every": EVERY,
            "problem": f"{message} {remedy}".strip(),
            "failures": latest_failures(run),
            "twin_count": undecided_items(self.source).count(),
            "may_resume": run.state in (State.FAILED, State.STOPPED),
            "is_done": run.state == State.DONE,
        }

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Stop, take up, begin again. Two who press at once do it once."""
        act, run = request.POST.get("acte", ""), latest_run(self.source)
        if act not in ("arreter", "reprendre", "recommencer") or run is None:
            raise NotFound(name=act[:40])
        try:
            if act == "arreter" and not run.is_over:
                stop_run(self.actor, run)
                messages.success(request, _("L’emménagement s’arrête. Ce qui est venu reste, et il reprendra de là."))
            elif act == "reprendre":
                resume_run(self.actor, run)
                messages.success(request, _("L’emménagement reprend où il s’était arrêté."))
            elif act == "recommencer":
                begin_move(self.actor, self.source)
                messages.success(request, _("L’emménagement recommence : seules les différences viennent."))
        except AlreadyRunning as error:
            messages.info(request, sentence(error))
        return redirect(request.path)


class ProgressAnswer(OneMove, Screen):
    """Where the dry run, or the move, stands, as JSON for its page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """``next`` is where to go once it is over."""
        if request.GET.get("de") == "essai":
            facts = plan_facts(self.plan.job) if self.plan.job else {"text": "", "percent": None, "over": True}
            facts["next"] = self.here("words")
        else:
            run = latest_run(self.source)
            if run is None:
                raise NotFound(name=self.source.slug)
            facts = run_progress(run)
            facts |= {
                "figures": figures_of(facts),
                "lists": {"failures": latest_failures(run)},
                "next": self.here("follow"),
            }
        return JsonResponse(facts, headers={"Cache-Control": "no-store"})


class MoveScreen(OneMove, Screen):
    """A move: the step where it stands."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead there."""
        return redirect(self.here("follow" if latest_run(self.source) else "words"))


def _totals(facts: dict[str, Any]) -> dict[str, str]:
    """How much would come; a portal of files does not say how many rows they have."""
    totals = {name: number(count) for name, count in facts.get("totals", {}).items()}
    if totals and all(row["rows"] is None for row in facts.get("datasets", [])):
        totals["rows"] = "—"
    return totals


def _shown(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, str]]:
    """Datasets of a dry run, what must be said of each, and their rows, as pages show them."""
    return [(row, _note(row["note"]), number(row["rows"]) if row["rows"] is not None else "—") for row in rows]


def _note(written: Any) -> str:
    note = Sentence.from_json(written) if written else None
    return note.text(get_language() or SOURCE) if note else ""


SCREENS = ScreenSet(
    "move_in",
    "emmenager",
    ("", PortalScreen, "start"),
    ("<slug:slug>/", MoveScreen, "move"),
    ("<slug:slug>/portail/", PortalScreen, "portal"),
    ("<slug:slug>/mots/", WordsScreen, "words"),
    ("<slug:slug>/mots.csv", WordsTable, "table"),
    ("<slug:slug>/jeux/", DatasetsScreen, "datasets"),
    ("<slug:slug>/suivi/", FollowScreen, "follow"),
    ("<slug:slug>/suivi.json", ProgressAnswer, "progress"),
    menu_order=126,
    shown=may_administer,
)
