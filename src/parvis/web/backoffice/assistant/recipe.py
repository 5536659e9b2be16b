"""Steps of preparation, chosen by menus, with their effect on the first rows; the whole of them is a recipe, which may be read and
pasted as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import OperationError, ParvisError
from parvis.core.ingest import Preview
from parvis.core.recipes import read_recipe, step_sentence, write_recipe
from parvis.core.recipes.lineage import recipe_of, with_recipe
from parvis.core.recipes.reading import Recipe, check_steps
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import COMMENT, OFF, PREFIX, Group, is_off
from parvis.core.transforms.preparation.table import PREPARATIONS
from parvis.core.translation import SOURCE, gettext_noop
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.datastore.national import PREVIEWED
from parvis.hub.datastore.previews import preview_steps
from parvis.hub.datastore.services import examine_import
from parvis.hub.quotas.metering import TooManyAtOnce, permit
from parvis.hub.validation.selectors import import_mark
from parvis.hub.validation.services import change_steps
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.recipe_changes import CHANGES, Place, number_of
from parvis.web.backoffice.assistant.recipe_effects import effect_facts
from parvis.web.backoffice.assistant.recipe_forms import Around, StepForm
from parvis.web.backoffice.assistant.recipe_history import forget_last, last_change, remember
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER

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
MOST_DATASETS = 500
"""Datasets in a menu; a recipe written as text may name any."""


LIVE = "vif"
"""Of what the script sends while a step is being set: the effect alone is answered."""


class TooManyPreviews(OperationError):
    """Every place for previews is taken."""

    code: ClassVar[str] = "previews-busy"
    wait: ClassVar[int] = 5
    sentence: ClassVar[str] = gettext_noop("D’autres aperçus sont en cours de calcul.")
    advice: ClassVar[str] = gettext_noop("Recommencez dans quelques secondes : vos réglages sont gardés.")


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
        place = kwargs.pop("at", None) or self._asked_place()
        preview: Preview | None = kwargs.pop("preview", None) or self._previewed(
            self._earlier(place) if place.row else self.listed
        )
        headers = (
            preview.before.headers if preview and kwargs.get("tried") else preview.after.headers if preview else []
        )
        form = kwargs.pop("form", None)
        if place.row is not None and form is None:
            step = self.listed[place.rank - 1].parameters if place.rank else {}
            form = StepForm(place.row, Around(headers, self._datasets()), step=step)
        return {
            "text": write_recipe(recipe_of(s.to_dict() for s in self.listed)) if self.listed else "",
            **super().get_context_data(**kwargs),
            "sentences": [(n, step_sentence(step, language), step.parameters.get(COMMENT, ""), is_off(step)) for n, step in enumerate(self.listed, 1)],
            "groups": [(label, [p for p in PREPARATIONS.values() if p.group is group]) for group, label in GROUPS.items()],
            "row": place.row,
            "rank": place.rank,
            "before": place.before,
            "form_address": place.query,
            "form": form,
            **effect_facts(preview, place.number if kwargs.get("tried") else 0),
            "choices_mark": import_mark(self.imported),
            "undoable": last_change(self.request.session, self.imported) is not None,
        }  # fmt: skip

    def _asked_place(self) -> Place:
        """The step whose form the address opens: one there is, or a new one, at the end or before another."""
        query = self.request.GET
        rank, before = number_of(query.get("etape")), number_of(query.get("avant"))
        if 0 < rank <= len(self.listed):
            return Place(rank, 0, PREPARATIONS.get(self.listed[rank - 1].name.removeprefix(PREFIX)), len(self.listed))
        before = before if 0 < before <= len(self.listed) else 0
        return Place(0, before, PREPARATIONS.get(query.get("ajouter", "")), len(self.listed))

    def _earlier(self, place: Place) -> list[Step]:
        """The steps that come before the one of a place."""
        return self.listed[: place.number - 1]

    def _datasets(self) -> list[tuple[str, str]]:
        own = self.imported.dataset_id
        rows = (datasets_managed_by(self.actor) | datasets_visible_to(self.actor)).exclude(pk=own).exclude(current=None)
        return [(row.dataset_id, row.title) for row in rows.distinct().order_by("title")[:MOST_DATASETS]]

    def _previewed(self, steps: list[Step], most_sent: int = 0) -> Preview | None:
        try:
            return self._preview(steps, most_sent)
        except ParvisError as error:
            messages.error(self.request, sentence(error))
            return None

    def _headed(self, steps: list[Step]) -> Preview | None:
        """The same for the columns alone: what went wrong is told by the page that shows the rows, once."""
        try:
            return self._preview(steps)
        except ParvisError:
            return None

    def _preview(self, steps: list[Step], most_sent: int = 0) -> Preview:
        with permit(self.request, self.actor, "previews", TooManyPreviews()):
            return preview_steps(self.actor, self.imported, steps, get_language() or SOURCE, most_sent=most_sent)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try or save a step, change the order of steps, take a whole recipe, undo, or go on."""
        for word, change in CHANGES.items():
            if (rank := number_of(request.POST.get(word))) and rank <= len(self.listed):
                steps, at = change(self.listed, rank)
                self._save(steps)
                return self._back(at)
        if "annuler" in request.POST:
            return self._undo()
        if "texte" in request.POST and "recette" in request.POST:
            return self._take_text(request.POST["texte"])
        if "continuer" in request.POST:
            examine_import(self.actor, self.imported)
            return redirect(self.here("import_wait"))
        return self._step(request)

    def _back(self, rank: int = 0) -> HttpResponse:
        """The steps, the keyboard on the one of that rank."""
        return redirect(self.here("import_recipe") + (f"#etape-{rank}" if rank else "#etapes"))

    def _step(self, request: HttpRequest) -> HttpResponse:
        rank, before = number_of(request.POST.get("etape")), number_of(request.POST.get("avant"))
        row = PREPARATIONS.get(request.POST.get("do", ""))
        if row is None or max(rank, before) > len(self.listed):
            return HttpResponse(status=409) if LIVE in request.POST else redirect(self.here("import_recipe"))
        place = Place(rank, before, row, len(self.listed))
        if LIVE in request.POST:
            return self._live(request, place)
        earlier = self._earlier(place)
        base = self._headed(earlier)
        form = self._form(request, place, base.after.headers if base else ())
        step = self._checked(form, place)
        if step is None:
            return self._again(form, place, base)
        if "apercu" in request.POST:
            # Only a button that is pressed sends addresses out of the instance: what follows the settings by itself does not.
            tried = self._previewed([*earlier, step], PREVIEWED)
            status = 422 if tried is None or tried.failed_step else 200
            context = self.get_context_data(form=form, at=place, preview=tried or base, tried=True)
            return self.render_to_response(context, status=status)
        self._save([*earlier, step, *self.listed[place.number - (0 if rank else 1) :]])
        return self._back(place.number)

    def _live(self, request: HttpRequest, place: Place) -> HttpResponse:
        """The effect alone, for the script that asks for it while the step is being set; columns are checked on the table itself."""
        posted = {value for _name, values in request.POST.lists() for value in values}
        form = self._form(request, place, sorted(posted))
        step = self._checked(form, place)
        if step is None:
            faults = [
                f"{form[name].label} : {text}" if name in form.fields else str(text)
                for name, texts in form.errors.items()
                for text in texts
            ]
            return self._effect({"missing": faults})  # fmt: skip
        try:
            preview = self._preview([*self._earlier(place), step])
        except (TooManyAtOnce, TooManyPreviews) as error:
            return self._effect({"missing": [sentence(error)]}, 429)
        except ParvisError as error:
            return self._effect({"missing": [sentence(error)]})
        return self._effect({**effect_facts(preview, place.number), "tried": True})

    def _effect(self, facts: dict[str, Any], status: int = 200) -> HttpResponse:
        answer = render(self.request, "backoffice/assistant/recipe_effect.html", facts, status=status)
        answer["X-Parvis-Fragment"] = "effect"
        return answer

    def _form(self, request: HttpRequest, place: Place, headers: Sequence[str]) -> StepForm:
        former = self.listed[place.rank - 1].parameters if place.rank else {}
        return StepForm(place.row, Around(headers, self._datasets()), request.POST, step=former)  # type: ignore[arg-type]

    def _checked(self, form: StepForm, place: Place) -> Step | None:
        """The step that a form describes; None when it will not do, which the form then tells."""
        if not form.is_valid():
            return None
        stays_off = {OFF: True} if place.rank and is_off(self.listed[place.rank - 1]) and LIVE not in form.data else {}
        step = Step(form.row.step_name, {**form.parameters(), **stays_off})
        try:
            check_steps([step])
        except ParvisError as error:
            form.add_error(None, sentence(error))
            return None
        return step

    def _again(self, form: StepForm, place: Place, base: Preview | None) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, at=place, preview=base), status=422)

    def _save(self, steps: Sequence[Step]) -> None:
        self._put(Recipe(tuple(steps)))

    def _put(self, recipe: Recipe) -> None:
        former = [step.to_dict() for step in self.listed]
        whole = with_recipe(self.imported.steps, recipe)
        self.imported = change_steps(self.actor, self.imported, whole, based_on=self.request.POST.get("based_on", ""))
        remember(self.request.session, self.imported, former)

    def _undo(self) -> HttpResponse:
        steps = last_change(self.request.session, self.imported)
        if steps is None:
            messages.warning(self.request, _("Il n’y a plus rien à annuler ici."))
            return self._back()
        whole = with_recipe(self.imported.steps, Recipe(tuple(map(Step.from_dict, steps))))
        self.imported = change_steps(self.actor, self.imported, whole, based_on=self.request.POST.get("based_on", ""))
        forget_last(self.request.session, self.imported)
        messages.success(self.request, _("La dernière modification des étapes est annulée."))
        return self._back()

    def _take_text(self, text: str) -> HttpResponse:
        try:
            self._put(read_recipe(text))
        except ParvisError as error:
            messages.error(self.request, sentence(error))
            return self.render_to_response(self.get_context_data(text=text), status=422)
        return self._back()


class RecipeFile(RecipeScreen):
    """The recipe as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Its text."""
        text = write_recipe(recipe_of([step.to_dict() for step in self.listed], self.name))
        answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="recette.toml"'
        return answer
