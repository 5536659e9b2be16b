"""Steps of preparation, chosen by menus, with their effect on the first rows; the whole of them is a recipe, which may be read and
pasted as text."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.core.ingest import Preview
from parvis.core.recipes import read_recipe, step_sentence, write_recipe
from parvis.core.recipes.lineage import recipe_of, with_recipe
from parvis.core.recipes.reading import Recipe, check_steps
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import PREFIX, Group, Preparation
from parvis.core.transforms.preparation.table import PREPARATIONS
from parvis.core.translation import SOURCE
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.datastore.previews import preview_steps
from parvis.hub.datastore.services import examine_import
from parvis.hub.validation.selectors import import_mark
from parvis.hub.validation.services import change_steps
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.recipe_forms import Around, StepForm
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER
from parvis.web.backoffice.messages import failure_label

GROUPS = {
    Group.COLUMNS: gettext_lazy("Colonnes"),
    Group.TEXT: gettext_lazy("Textes"),
    Group.VALUES: gettext_lazy("Valeurs"),
    Group.ROWS: gettext_lazy("Lignes"),
    Group.SHAPE: gettext_lazy("Forme du tableau"),
    Group.STRUCTURES: gettext_lazy("JSON, XML, web"),
    Group.PLACES: gettext_lazy("Lieux"),
    Group.TABLES: gettext_lazy("Autres jeux de données"),
}
SHOWN_FAILURES = 10
MOST_DATASETS = 500
"""Datasets in a menu; a recipe written as text may name any."""


class RecipeScreen(ImportScreen):
    """The steps in order, the form of one, what it does to the first rows."""

    step = "import_reading"
    template_name = "backoffice/assistant/recipe.html"

    def get_page_title(self) -> str:
        """Its own: it is no step of the stepper, since most files need none."""
        return _("Préparer les données")

    @property
    def is_open(self) -> bool:
        """Unless work goes on, all is over, or the file is not there yet."""
        imported = self.imported
        return imported.state not in BUSY_OR_OVER and imported.deposit is not None and imported.deposit.is_whole

    @cached_property
    def listed(self) -> list[Step]:
        """The steps of preparation of this import, in order."""
        return [Step.from_dict(row) for row in self.imported.steps if str(row["name"]).startswith(PREFIX)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The steps in words, the menu of steps, the form that is open with its preview."""
        language = get_language() or SOURCE
        rank, row = self._open_step(kwargs.pop("at", None))
        earlier = self.listed[: rank - 1] if rank else self.listed
        preview: Preview | None = kwargs.pop("preview", None) or self._previewed(earlier if row else self.listed)
        headers = (
            preview.before.headers if preview and kwargs.get("tried") else preview.after.headers if preview else []
        )
        form = kwargs.pop("form", None)
        if row is not None and form is None:
            step = self.listed[rank - 1].parameters if rank else {}
            form = StepForm(row, Around(headers, self._datasets()), step=step)
        return {
            "text": write_recipe(recipe_of(s.to_dict() for s in self.listed)) if self.listed else "",
            **super().get_context_data(**kwargs),
            "sentences": [(n, step_sentence(step, language), step.parameters.get("comment", "")) for n, step in enumerate(self.listed, 1)],
            "groups": [(label, [p for p in PREPARATIONS.values() if p.group is group]) for group, label in GROUPS.items()],
            "row": row,
            "rank": rank,
            "form": form,
            "preview": preview,
            "failures": [(*failure[:4], failure_label(failure[4])) for failure in preview.failures[:SHOWN_FAILURES]] if preview else [],
            "choices_mark": import_mark(self.imported),
        }  # fmt: skip

    def _open_step(self, at: tuple[int, Preparation] | None) -> tuple[int, Preparation | None]:
        """The rank (0 for a new one) and the row of the step whose form is open."""
        if at is not None:
            return at
        query = self.request.GET
        rank = int(query["etape"]) if query.get("etape", "").isdecimal() else 0
        if 0 < rank <= len(self.listed):
            return rank, PREPARATIONS.get(self.listed[rank - 1].name.removeprefix(PREFIX))
        return 0, PREPARATIONS.get(query.get("ajouter", ""))

    def _datasets(self) -> list[tuple[str, str]]:
        own = self.imported.dataset_id
        rows = (datasets_managed_by(self.actor) | datasets_visible_to(self.actor)).exclude(pk=own).exclude(current=None)
        return [(row.dataset_id, row.title) for row in rows.distinct().order_by("title")[:MOST_DATASETS]]

    def _previewed(self, steps: list[Step]) -> Preview | None:
        try:
            return preview_steps(self.actor, self.imported, steps, get_language() or SOURCE)
        except ParvisError as error:
            messages.error(self.request, sentence(error))
            return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try or save a step, move one, take one away, take a whole recipe, or go on."""
        for word, act in (("retirer", self._remove), ("monter", self._raise)):
            if request.POST.get(word, "").isdecimal():
                return act(int(request.POST[word]))
        if "texte" in request.POST and "recette" in request.POST:
            return self._take_text(request.POST["texte"])
        if "continuer" in request.POST:
            examine_import(self.actor, self.imported)
            return redirect(self.here("import_wait"))
        return self._step(request)

    def _step(self, request: HttpRequest) -> HttpResponse:
        rank = int(request.POST["etape"]) if request.POST.get("etape", "").isdecimal() else 0
        row = PREPARATIONS.get(request.POST.get("do", ""))
        if row is None or rank > len(self.listed):
            return redirect(self.here("import_recipe"))
        earlier = self.listed[: rank - 1] if rank else list(self.listed)
        base = self._previewed(earlier)
        around = Around(base.after.headers if base else (), self._datasets())
        former = self.listed[rank - 1].parameters if rank else {}
        form = StepForm(row, around, request.POST, step=former)
        if not form.is_valid():
            return self._again(form, rank, row, base)
        step = Step(row.step_name, form.parameters())
        try:
            check_steps([step])
        except ParvisError as error:
            form.add_error(None, sentence(error))
            return self._again(form, rank, row, base)
        if "apercu" in request.POST:
            tried = self._previewed([*earlier, step])
            status = 422 if tried is None or tried.failed_step else 200
            context = self.get_context_data(form=form, at=(rank, row), preview=tried or base, tried=True)
            return self.render_to_response(context, status=status)
        steps = [*earlier, step, *(self.listed[rank:] if rank else [])]
        self._save(steps)
        return redirect(self.here("import_recipe"))

    def _again(self, form: StepForm, rank: int, row: Preparation, base: Preview | None) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, at=(rank, row), preview=base), status=422)

    def _save(self, steps: list[Step]) -> None:
        whole = with_recipe(self.imported.steps, Recipe(tuple(steps)))
        change_steps(self.actor, self.imported, whole, based_on=self.request.POST.get("based_on", ""))

    def _remove(self, rank: int) -> HttpResponse:
        if 0 < rank <= len(self.listed):
            self._save([*self.listed[: rank - 1], *self.listed[rank:]])
        return redirect(self.here("import_recipe"))

    def _raise(self, rank: int) -> HttpResponse:
        if 1 < rank <= len(self.listed):
            before, step = self.listed[rank - 2 : rank]
            self._save([*self.listed[: rank - 2], step, before, *self.listed[rank:]])
        return redirect(self.here("import_recipe"))

    def _take_text(self, text: str) -> HttpResponse:
        try:
            recipe = read_recipe(text)
            change_steps(
                self.actor,
                self.imported,
                with_recipe(self.imported.steps, recipe),
                based_on=self.request.POST.get("based_on", ""),
            )
        except ParvisError as error:
            messages.error(self.request, sentence(error))
            return self.render_to_response(self.get_context_data(text=text), status=422)
        return redirect(self.here("import_recipe"))


class RecipeFile(RecipeScreen):
    """The recipe as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its text."""
        text = write_recipe(recipe_of([step.to_dict() for step in self.listed], self.name))
        answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="recette.toml"'
        return answer
