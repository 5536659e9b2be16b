"""Writing a form: what it says, then its questions in a list that needs no script; from a schema or an XLSForm too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.children import call
from parvis.core.errors import ParvisError
from parvis.core.surveys.checking import problems_of
from parvis.core.surveys.model import Form, Kind, form_from_json
from parvis.core.surveys.table_schema import form_from_schema
from parvis.core.surveys.xlsform.library import UnreadableForm
from parvis.core.surveys.xlsform.reading import LARGEST, SECONDS, read_xlsform
from parvis.core.text import shown_name
from parvis.core.translation import SOURCE, Sentence
from parvis.domains.surveys import services
from parvis.domains.surveys.building import SECTION, Row, apart, form_of, moved, named, rows_from_post, rows_of
from parvis.domains.surveys.forms import SurveyForm
from parvis.domains.surveys.models import Survey
from parvis.hub.backoffice.makers import RecordMaker
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.confined import confined
from parvis.hub.records import services as records
from parvis.hub.records.rules import EditConflict
from parvis.hub.validation.selectors import bundled_ref, catalogue, schema_of

KINDS = (
    (Kind.TEXT.value, gettext_lazy("Texte court")),
    (Kind.LONG_TEXT.value, gettext_lazy("Texte long")),
    (Kind.ONE.value, gettext_lazy("Une réponse dans une liste")),
    (Kind.SEVERAL.value, gettext_lazy("Plusieurs réponses dans une liste")),
    (Kind.YES_NO.value, gettext_lazy("Oui ou non")),
    (Kind.INTEGER.value, gettext_lazy("Nombre entier")),
    (Kind.DECIMAL.value, gettext_lazy("Nombre à virgule")),
    (Kind.DATE.value, gettext_lazy("Date")),
    (Kind.TIME.value, gettext_lazy("Heure")),
    (Kind.POINT.value, gettext_lazy("Point sur une carte")),
    (Kind.LINE.value, gettext_lazy("Tracé sur une carte")),
    (Kind.AREA.value, gettext_lazy("Surface sur une carte")),
    (Kind.PHOTO.value, gettext_lazy("Photo")),
    (Kind.NOTE.value, gettext_lazy("Texte à lire (aucune question)")),
    (SECTION, gettext_lazy("Titre d’une partie")),
    (Kind.REPEAT.value, gettext_lazy("Groupe de questions à remplir plusieurs fois")),
)
OPERATORS = (
    ("=", gettext_lazy("est, ou contient")),
    ("!=", gettext_lazy("n’est pas, ou ne contient pas")),
    (">", gettext_lazy("est plus que")),
    ("<", gettext_lazy("est moins que")),
    ("filled", gettext_lazy("a une réponse")),
)


@dataclass(frozen=True, slots=True)
class Brought:
    """The questions of a schema or of a file, what it calls itself, and what of it is not there."""

    title: str
    form: Form
    notices: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it: its number, what is wrong, and the questions before it, which a condition may look at."""

    number: int
    row: Row
    problems: tuple[str, ...]
    before: tuple[Row, ...]

    @property
    def prefix(self) -> str:
        """What the names of its inputs begin by."""
        return f"r-{self.number}-"


class SurveyMaker(RecordMaker):
    """A new form, or one that is changed; buttons of the list give the page again, « enregistrer » keeps it."""

    template_name = "surveys/backoffice/maker.html"
    header_icon = "form"
    kind = Survey
    new_title = gettext_lazy("Nouveau formulaire de collecte")
    acts: ClassVar = {**RecordMaker.acts, "publier": services.publish_survey}
    done: ClassVar = {"enregistrer": gettext_lazy("« %(title)s » est enregistré.")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it is kept."""
        rows = rows_of(self.record.form) if self.record else [Row()]
        return self._page(self._form(), rows)

    def read(self, act: str) -> HttpResponse:
        """Keep it, or give the page again after a button of the list."""
        rows = named(rows_from_post(self.request.POST))
        form = self._form(self.request.POST)
        if act == "enregistrer":
            return self._keep(form, rows)
        if act in ("schema", "xlsform"):
            return self._brought(form, rows, act)
        return self._page(form, moved(rows, act), is_unsaved=True)

    def _keep(self, form: SurveyForm, rows: list[Row]) -> HttpResponse:
        questions = form_of(rows, self.record.form if self.record else None)
        problems = problems_of(questions)
        if not form.is_valid():
            return self._page(
                form, rows, status=422, refused=_("Corrigez ce qui est signalé : rien n’est encore enregistré.")
            )
        if self.record is not None and self.record.live and self.may_publish() and problems:
            words = _("Ce formulaire est en ligne : corrigez ce qui est signalé avant d’enregistrer.")
            return self._page(form, rows, status=422, refused=words)
        changes = {**form.cleaned_data, "questions": questions.as_json()}
        try:
            if self.record is None:
                owner = self.owner()
                survey = self.create_once(lambda: records.create(self.actor, Survey(organisation=owner, **changes)))
            else:
                survey = records.update(self.actor, self.record, changes, revision=self.opened_revision())
        except EditConflict as error:
            self.record.refresh_from_db()
            advice = _("Enregistrer de nouveau gardera votre version.")
            return self._page(form, rows, status=409, refused=f"{error.message(get_language() or SOURCE)} {advice}")
        except ParvisError as error:
            return self._page(form, rows, status=422, refused=sentence(error))
        return self.finished("enregistrer", survey)

    def _brought(self, form: SurveyForm, rows: list[Row], act: str) -> HttpResponse:
        """The questions of a schema or of a file, after those that are there; nothing is kept yet."""
        try:
            made = self._of_schema() if act == "schema" else self._of_file()
        except ParvisError as error:
            return self._page(form, rows, status=422, refused=sentence(error), is_unsaved=True)
        before = [row for row in rows if row.label.strip() or row.kind == SECTION]
        rows = rows_of(made.form)
        brought, doubles = apart(rows, {row.name for row in before if row.name})
        language = get_language() or SOURCE
        words = [notice.text(language) for notice in made.notices]
        words += [
            _("« %(name)s » est déjà une question de ce formulaire : elle n’est pas reprise.") % {"name": name}
            for name in doubles
        ]
        if made.title and not form["title"].value():
            form = self._form({**self.request.POST.dict(), "title": made.title[:200]})
        return self._page(form, [*before, *brought], is_unsaved=True, notices=words, brought=len(brought))

    def _of_schema(self) -> Brought:
        made = form_from_schema(schema_of(bundled_ref(self.request.POST.get("schema", "")[:200])))
        return Brought("", made.form, made.notices)

    def _of_file(self) -> Brought:
        upload = self.request.FILES.get("xlsform")
        name = shown_name(upload.name or "") if upload else ""
        if upload is None or upload.size > LARGEST:
            raise UnreadableForm(file=name or "xlsx", reason=f"0 < … < {LARGEST // 1_000_000} Mo")
        with confined(name, seconds=SECONDS) as (work, permits):
            source = work / "form"
            source.write_bytes(upload.read())
            reading = call(read_xlsform, source, name, permits=permits)
        notices = [notice for row in reading.notices if (notice := Sentence.from_json(row)) is not None]
        return Brought(reading.title, form_from_json(reading.form), notices)

    def _form(self, data: Any = None) -> SurveyForm:
        return SurveyForm(data, instance=self.record)

    @cached_property
    def schemas(self) -> list[tuple[str, str]]:
        """Those of the instance."""
        return [(entry.name, f"{entry.title} ({entry.name})") for entry in catalogue()]

    def _page(self, form: SurveyForm, rows: Sequence[Row], *, status: int = 200, **facts: Any) -> HttpResponse:
        context = self.get_context_data(form=form, rows=self._shown(rows), **facts)
        choices = {
            "kinds": KINDS,
            "operators": OPERATORS,
            "groups": [row for row in rows if row.kind == Kind.REPEAT and row.name],
        }
        return self.render_to_response({**context, **choices}, status=status)

    def _shown(self, rows: Sequence[Row]) -> list[ShownRow]:
        language, problems = get_language() or SOURCE, {}
        for problem in problems_of(form_of(named(rows))):
            problems.setdefault(problem.field, []).append(problem.sentence.text(language))
        is_shown = self.record is not None or len(rows) > 1
        return [
            ShownRow(
                number,
                row,
                tuple(problems.get(row.name, ()))
                if is_shown and (row.name or row.label) and row.kind != SECTION
                else (),
                tuple(
                    other
                    for other in rows[:number]
                    if other.name and other.kind not in (SECTION, Kind.NOTE, Kind.REPEAT)
                ),
            )
            for number, row in enumerate(rows)
        ]
