"""Following a schema: which one, what the file is worth against it, where to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.errors import ParvisError
from parvis.core.mapping import Reason
from parvis.core.mapping.messages import reason_text
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import SchemaRef
from parvis.hub.backoffice.screens import sentence
from parvis.hub.datastore.services import examine_import
from parvis.hub.validation.rules import without_named
from parvis.hub.validation.selectors import catalogue, chosen_for, import_mark, ref_for, schema_of, schema_title
from parvis.hub.validation.services import change_steps, choose_for_import, keep_schema, ref_from
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Import
    from parvis.hub.validation.models import ImportSchema

LIKELY = 0.4
"""From this score on, a schema is worth a step of its own."""
OURS = ("map.columns",)
NONE, OTHER, ADDRESS, FILE = "aucun", "autre", "adresse", "fichier"


def findings_of(imported: Import) -> dict[str, Any]:
    """What the inspector of schemas found at the last examination."""
    return (imported.findings.get("checks") or {}).get("schema") or {}


def deserves_a_step(imported: Import) -> bool:
    """Whether a person should see this step: a schema was chosen, or one is probably followed."""
    if ref_for(imported) is not None:
        return True
    return chosen_for(imported) is None and any(
        row["score"] >= LIKELY for row in findings_of(imported).get("detected", [])
    )


def schema_choices() -> list[tuple[str, str]]:
    """Every schema of the catalogue, by title."""
    return [("", "—"), *((entry.name, f"{entry.title or entry.name} ({entry.name})") for entry in catalogue())]


class ChoiceForm(forms.Form):
    """One of the schemas that the file seems to follow, another, or none."""

    schema = forms.ChoiceField(label=gettext_lazy("Quel schéma ces données suivent-elles ?"), widget=forms.RadioSelect)
    name = forms.ChoiceField(
        label=gettext_lazy("Schéma du catalogue"), required=False, widget=forms.Select(attrs={"data-combobox": ""})
    )
    address = forms.URLField(
        label=gettext_lazy("Adresse d’un schéma"), required=False, max_length=1000, assume_scheme="https"
    )
    file = forms.FileField(label=gettext_lazy("Fichier d’un schéma (JSON)"), required=False)

    def __init__(self, offered: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schema"].choices = [
            *offered,
            (OTHER, _("Un autre schéma du catalogue")),
            (ADDRESS, _("Un schéma à une adresse, ou dans un fichier")),
            (NONE, _("Aucun schéma")),
        ]
        self.fields["name"].choices = schema_choices()

    def clean(self) -> dict[str, Any]:
        """What the choice needs is there."""
        values = super().clean() or {}
        chosen = values.get("schema")
        if chosen == OTHER and not values.get("name"):
            self.add_error("name", _("Choisissez un schéma dans la liste."))
        if chosen == ADDRESS and not self.errors and bool(values.get("address")) == bool(values.get("file")):
            self.add_error("address", _("Donnez une adresse ou un fichier, l’un des deux."))
        return values

    def ref(self) -> SchemaRef | None:
        """The schema chosen, fetched and kept when it is not of the catalogue; None for none."""
        values = self.cleaned_data
        if values["schema"] == NONE:
            return None
        if values["schema"] == ADDRESS:
            if values["file"]:
                return keep_schema(values["file"].read(6_000_000), values["file"].name)
            return ref_from(values["address"])
        return ref_from(values["name"] if values["schema"] == OTHER else values["schema"])


class SchemaStep(ImportScreen):
    """What the pages of this step share: the schema, what was found, and that nobody else changed anything meanwhile."""

    step = "import_schema"
    needs_schema = True

    @cached_property
    def chosen(self) -> ImportSchema | None:
        """What was chosen for this very import."""
        return chosen_for(self.imported)

    @cached_property
    def ref(self) -> SchemaRef | None:
        """The schema the file is checked against."""
        return ref_for(self.imported)

    @cached_property
    def schema(self) -> TableSchema:
        """The schema itself."""
        assert self.ref is not None
        return schema_of(self.ref)

    @property
    def found(self) -> dict[str, Any]:
        """What the last examination found, if it was against this schema."""
        findings = findings_of(self.imported)
        same = self.ref is not None and (findings.get("name"), findings.get("version")) == (
            self.ref.name,
            self.ref.version,
        )
        return findings if same or self.ref is None else {}

    @property
    def is_open(self) -> bool:
        """Unless work goes on or all is over."""
        return self.imported.state not in BUSY_OR_OVER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, unless there is nothing to show on it."""
        if self.is_open and self.needs_schema and not self.found:
            return redirect(self.here("import_schema"))
        return super().get(request, *args, **kwargs)

    @property
    def based_on(self) -> str:
        """The mark of the choices that the form was filled from."""
        return self.request.POST.get("based_on", "")

    def look_again(self, towards: str = "schema") -> HttpResponse:
        """Have the file examined with the choices as they are now, then come back."""
        examine_import(self.actor, self.imported)
        return redirect(self.here("import_wait") + f"?vers={towards}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The schema by its title, and the mark of the choices shown."""
        return {
            "mark": import_mark(self.imported),
            "ref": self.ref,
            "schema_title": schema_title(self.ref) if self.ref else "",
            "found": self.found,
            "report": self.found.get("report"),
            **super().get_context_data(**kwargs),
            **kwargs,
        }


class SchemaScreen(SchemaStep):
    """Choose a schema; once chosen, its verdict and the ways to a valid file."""

    needs_schema = False
    template_name = "backoffice/assistant/schema.html"

    def offered(self) -> list[tuple[str, str]]:
        """The schema kept from before, then those that the file seems to follow."""
        rows = [(f"{row['name']}@{row['version']}", row["title"]) for row in self.detected]
        if self.ref is not None and not self.ref.digest:
            choice = f"{self.ref.name}@{self.ref.version}"
            rows = [(choice, schema_title(self.ref)), *(row for row in rows if row[0] != choice)]
        return rows

    @property
    def detected(self) -> list[dict[str, Any]]:
        """The schemas that the file seems to follow, best first."""
        return findings_of(self.imported).get("detected", [])

    def _form(self, data: Any = None, files: Any = None) -> ChoiceForm:
        offered = self.offered()
        first = NONE if self.chosen is not None and self.ref is None else offered[0][0] if offered else OTHER
        return ChoiceForm(offered, data, files, initial={"schema": first})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, why each schema is proposed, what can be done."""
        language = get_language() or "fr"
        reasons = {
            f"{row['name']}@{row['version']}": [reason_text(Reason(**reason), language) for reason in row["reasons"]]
            for row in self.detected
        }
        mapping = self.found.get("mapping") or {}
        return {
            "form": self._form(),
            "reasons": reasons,
            "needs_mapping": bool(mapping.get("needed")),
            "missing": mapping.get("missing", []),
            "proposals": len(self.found.get("proposals") or []),
            "steps_kept": [step for step in self.imported.steps if step["name"].startswith(("map.", "mend."))],
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Choose a schema, forget the steps kept, or go on."""
        if "continuer" in request.POST:
            return redirect(self.here("import_columns"))
        if "sans-etapes" in request.POST:
            others = [step for step in self.imported.steps if not step["name"].startswith(("map.", "mend."))]
            change_steps(self.actor, self.imported, others, based_on=self.based_on)
            return self.look_again()
        return self._choose(request)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        if form.is_valid():
            try:
                ref = form.ref()
            except ParvisError as error:
                form.add_error(
                    {OTHER: "name", ADDRESS: "address"}.get(form.cleaned_data["schema"], "schema"), sentence(error)
                )
            else:
                return self._apply(ref)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _apply(self, ref: SchemaRef | None) -> HttpResponse:
        changed = self.ref != ref
        choose_for_import(self.actor, self.imported, ref, based_on=self.based_on)
        if changed:
            steps = without_named(self.imported.steps, OURS)
            if steps != self.imported.steps:
                change_steps(self.actor, self.imported, steps)
            return self.look_again("schema" if ref else "colonnes")
        return redirect(self.here("import_schema" if ref else "import_columns"))
