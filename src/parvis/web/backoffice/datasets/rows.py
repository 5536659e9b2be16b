"""Rows that programs push into a dataset: open it to them, how rows are told apart and kept, the last batches, undo one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.columns import ColumnType
from parvis.core.errors import RequestError
from parvis.core.rowlog.laying import Laid
from parvis.core.translation import SOURCE, gettext_noop
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.rowlog.rules import LEAST_HISTORY, LEAST_MINUTES, MOST_HISTORY, MOST_MINUTES
from parvis.hub.rowlog.selectors import batches_of, stream_of
from parvis.hub.rowlog.services.folding import ask_to_fold
from parvis.hub.rowlog.services.pushing import obstacle
from parvis.hub.rowlog.services.streams import Choices, close_stream, open_stream, resume
from parvis.hub.rowlog.services.undoing import restore, undo
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.rowlog.models import RowStream

SHOWN = 30
"""Batches of the screen; the API lists them all."""


class StreamForm(forms.Form):
    """How a dataset takes rows."""

    key = forms.MultipleChoiceField(
        label=gettext_lazy("Colonnes de la clé"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Deux lignes de même clé sont la même ligne : la dernière poussée remplace l’autre. Sans clé, chaque ligne s’ajoute."
        ),
    )
    fold_minutes = forms.IntegerField(
        label=gettext_lazy("Une version toutes les (minutes)"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        initial=60,
        help_text=gettext_lazy("Les lignes se voient dans la seconde ; une version les range à cette cadence au plus."),
    )
    most_rows = forms.IntegerField(
        label=gettext_lazy("Lignes gardées au plus"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Vide : toutes. Les plus anciennes s’en vont à chaque version."),
    )
    most_days = forms.IntegerField(
        label=gettext_lazy("Jours gardés au plus"), required=False, min_value=1, help_text=gettext_lazy("Vide : tous.")
    )
    day_column = forms.ChoiceField(
        label=gettext_lazy("D’après la colonne"),
        required=False,
        help_text=gettext_lazy("La date qui dit l’âge d’une ligne."),
    )
    history_days = forms.IntegerField(
        label=gettext_lazy("Historique gardé (jours)"),
        min_value=LEAST_HISTORY,
        max_value=MOST_HISTORY,
        initial=30,
        help_text=gettext_lazy("Aussi longtemps, un lot peut être relu et annulé."),
    )

    def __init__(self, columns: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = [c for c in columns if not c.type.is_geographic and "multivalued" not in c.annotations]
        days = [c for c in plain if c.type in (ColumnType.DATE, ColumnType.DATETIME)]
        self.fields["key"].choices = [(column.name, column.label) for column in plain]
        self.fields["day_column"].choices = [("", "–"), *((column.name, column.label) for column in days)]


class RowsScreen(WithForm, DatasetScreen):
    """Open, change, close; the last batches."""

    tab = "dataset_rows"
    template_name = "backoffice/datasets/rows.html"
    form_class = StreamForm
    done = gettext_lazy("Ce jeu reçoit les lignes que les programmes poussent.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The columns that may be chosen."""
        columns = shape_of(self.dataset) if self.dataset.current else ()
        return {**super().get_form_kwargs(), "columns": columns}

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        stream = stream_of(self.dataset)
        if stream is None:
            return {}
        names = ("key", "fold_minutes", "most_rows", "most_days", "day_column", "history_days")
        return {name: getattr(stream, name) for name in names}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it stands, and what came last."""
        stream = stream_of(self.dataset)
        facts = self._facts(stream) if stream is not None else {}
        path = absolute_path(f"/api/parvis/v1/datasets/{self.dataset.dataset_id}/rows")
        return {
            **super().get_context_data(**kwargs),
            "stream": stream,
            "obstacle": reason.text(get_language() or SOURCE) if (reason := obstacle(self.dataset)) else "",
            "address": canonical(path),
            "rows_address": path,
            **facts,
        }

    def _facts(self, stream: RowStream) -> dict[str, Any]:
        stream.dataset = self.dataset
        laid = Laid.from_dict(stream.laid)
        batches = [
            (head, datetime.fromtimestamp(head.moment, UTC), is_undone, head.number <= stream.base)
            for head, is_undone in batches_of(stream, SHOWN)
        ]
        return {"batches": batches, "waiting": laid.waiting}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of the acts of the page, or the form."""
        act = next((act for name, act in self._acts().items() if name in request.POST), None)
        if act is None:
            return super().post(request, *args, **kwargs)
        messages.success(request, act())
        return redirect(request.path)

    def _acts(self) -> dict[str, Any]:
        return {
            "fermer": self._close,
            "reprendre": self._resume,
            "version": self._fold,
            "annuler": self._undo,
            "revenir": self._restore,
        }

    def act(self, form: StreamForm) -> None:
        """Open it, or change how rows come."""
        values = form.cleaned_data
        open_stream(
            self.actor,
            self.dataset,
            Choices(
                tuple(values["key"]),
                values["fold_minutes"],
                values["most_rows"],
                values["most_days"],
                values["day_column"],
                values["history_days"],
            ),
        )

    def _close(self) -> str:
        close_stream(self.actor, self.dataset)
        return _("Ce jeu ne reçoit plus de lignes. Celles qui sont venues restent.")

    def _resume(self) -> str:
        resume(self.actor, self.dataset)
        return _("Les lignes poussées sont à nouveau montrées et reçues.")

    def _fold(self) -> str:
        ask_to_fold(self.actor, self.dataset)
        return _("Une version se fait avec les lignes poussées.")

    def _undo(self) -> str:
        number = self.request.POST["annuler"]
        chosen = int(number) if number.isdecimal() and len(number) < 16 else 0
        undo(self.actor, self.dataset, chosen, chosen)
        return _("Le lot n° %s est annulé.") % chosen

    def _restore(self) -> str:
        field = forms.DateTimeField()
        try:
            moment = field.clean(self.request.POST.get("instant", ""))
        except forms.ValidationError as error:
            raise NoMoment from error
        head = restore(self.actor, self.dataset, moment)
        shown = timezone.localtime(moment).strftime("%d/%m/%Y %H:%M")
        return (
            _("Tous les lots venus après le %s sont annulés.") % shown
            if head is not None
            else _("Aucun lot n’est venu après le %s.") % shown
        )


class NoMoment(RequestError):
    """What was typed is no moment."""

    code: ClassVar[str] = "rows-moment"
    sentence: ClassVar[str] = gettext_noop("Dites la date et l’heure auxquelles revenir.")
