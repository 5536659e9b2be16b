"""The forms of expected deliveries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.schemas.references import SchemaRef
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.deliveries.models import Expectation
from parvis.hub.deliveries.rules import MONTHS, MOST_ADDRESSES, MOST_REMIND_DAYS, Every
from parvis.hub.ui.formatting import day
from parvis.hub.validation.selectors import bundled_ref, catalogue

FIELDS = (
    *("sender", "sender_emails", "answer_emails", "instructions", "every", "day", "month", "once"),
    *("remind_days", "grace", "fewer_percent", "begins", "active"),
)


class Addresses(forms.CharField):
    """Mail addresses, one a line or between commas."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Each once; ValidationError for what is none, or beyond MOST_ADDRESSES."""
        addresses = list(dict.fromkeys(re.split(r"[\s,;]+", super().clean(value).strip())))
        addresses = [address for address in addresses if address]
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("« %s » n’est pas une adresse électronique.") % address) from error
        if len(addresses) > MOST_ADDRESSES:
            raise ValidationError(_("%s adresses au plus.") % MOST_ADDRESSES)
        return addresses

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text differs from the list as it is shown."""
        return super().has_changed(self.prepare_value(initial), data)


class ExpectationForm(forms.ModelForm):
    """When something is expected, of whom, who answers for it."""

    schema = forms.ChoiceField(
        label=gettext_lazy("Schéma"),
        required=False,
        widget=forms.Select(attrs={"data-combobox": ""}),
        help_text=gettext_lazy("Chaque fichier est vérifié avec lui ; vide : celui que le jeu de données suit déjà."),
    )
    sender_emails = Addresses(
        label=gettext_lazy("Adresses de l’expéditeur"),
        help_text=gettext_lazy(
            "Une par ligne. Elles reçoivent les rappels et les verdicts, et ne sont jamais publiées."
        ),
    )
    answer_emails = Addresses(
        label=gettext_lazy("Adresses de qui répond ici"),
        required=False,
        help_text=gettext_lazy("Vide : les responsables des données de l’organisation."),
    )

    class Meta:
        model = Expectation
        fields = FIELDS
        help_texts = {
            "sender": gettext_lazy("Le service, le délégataire ou le partenaire qui livre."),
            "instructions": gettext_lazy("Ce que l’expéditeur lit avant d’envoyer : contenu, période, façon de faire."),
            "day": gettext_lazy("De 1 à 31 ; pour une semaine, de 1 (lundi) à 7 (dimanche)."),
            "month": gettext_lazy("Trimestre, semestre ou année : 1 pour le premier mois, 2 pour le suivant…"),
            "once": gettext_lazy("Pour une livraison attendue une seule fois."),
            "remind_days": gettext_lazy("L’expéditeur reçoit un rappel tant de jours avant ; 0 : aucun rappel."),
            "grace": gettext_lazy("En retard après l’échéance, manquante quand ces jours sont passés."),
            "fewer_percent": gettext_lazy("Une livraison qui perd plus de lignes attend une décision."),
        }
        widgets = {
            "once": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "begins": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "instructions": forms.Textarea(attrs={"rows": 3}),
            "day": forms.NumberInput(attrs={"min": 1, "max": 31}),
            "month": forms.NumberInput(attrs={"min": 1, "max": 12}),
            "remind_days": forms.NumberInput(attrs={"min": 0, "max": MOST_REMIND_DAYS}),
            "grace": forms.NumberInput(attrs={"min": 0, "max": 90}),
            "fewer_percent": forms.NumberInput(attrs={"min": 1, "max": 100}),
        }

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        entries = [(entry.name, entry.title or entry.name) for entry in catalogue()]
        self.fields["schema"].choices = [("", _("celui du jeu de données")), *entries]
        if self.instance.pk is None:
            del self.fields["active"]

    def clean(self) -> dict[str, Any]:
        """A day that the period has, and a date where there is but one."""
        values = super().clean() or {}
        every = Every(values.get("every") or Every.MONTH)
        if every is Every.ONCE and not values.get("once"):
            self.add_error("once", _("Donnez la date."))
        bounds = {"day": (1, 7 if every is Every.WEEK else 31), "month": (1, MONTHS.get(every, 12))}
        for name, (least, most) in (
            bounds | {"fewer_percent": (1, 100), "grace": (0, 90), "remind_days": (0, MOST_REMIND_DAYS)}
        ).items():
            value = values.get(name)
            if value is not None and not least <= value <= most:
                self.add_error(name, _("De %(least)s à %(most)s.") % {"least": least, "most": most})
        return values

    @property
    def schema_ref(self) -> SchemaRef | None:
        """The one chosen."""
        name = self.cleaned_data.get("schema")
        return bundled_ref(name) if name else None

    @property
    def facts(self) -> dict[str, Any]:
        """What the service is given."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}


class NewExpectationForm(ExpectationForm):
    """The same, with what is expected: a dataset that is there, or the title of one to come."""

    dataset = forms.ModelChoiceField(
        label=gettext_lazy("Jeu de données"),
        queryset=Dataset.objects.none(),
        required=False,
        empty_label=gettext_lazy("un jeu à venir"),
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    title = forms.CharField(
        label=gettext_lazy("Titre du jeu à venir"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Un brouillon est créé : vous le publierez quand sa fiche sera prête."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation qui attend"), queryset=Organisation.objects.none(), empty_label=None
    )
    field_order = ("dataset", "title", "organisation", "schema", *FIELDS)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        organisations = organisations_where(actor, "publish")
        datasets = Dataset.objects.filter(organisation__in=organisations, expectation=None)
        self.fields["dataset"].queryset = datasets.exclude(status=Status.DELETED).order_by("title")
        self.fields["organisation"].queryset = organisations
        self.initial.setdefault("remind_days", 3)

    def clean(self) -> dict[str, Any]:
        """One of both."""
        values = super().clean()
        if not values.get("dataset") and not (values.get("title") or "").strip():
            self.add_error("title", _("Choisissez un jeu de données, ou donnez le titre de celui qui viendra."))
        return values


class MoveForm(forms.Form):
    """Another last day for one period."""

    due = forms.TypedChoiceField(label=gettext_lazy("Échéance"), coerce=date.fromisoformat)
    until = forms.DateField(label=gettext_lazy("Nouvelle date"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=gettext_lazy("Raison"), max_length=300, help_text=gettext_lazy("Les deux côtés reçoivent ces mots.")
    )

    def __init__(self, periods: Iterable[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].choices = [(due.isoformat(), day(due)) for due in periods]


class LinkForm(forms.Form):
    """A link to make."""

    expires = forms.DateField(
        label=gettext_lazy("Dernier jour d’usage"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Vide : dans treize mois."),
    )
    sent = forms.BooleanField(label=gettext_lazy("L’envoyer par courriel à l’expéditeur"), required=False)

    def clean_expires(self) -> datetime | None:
        """The end of that day, which is to come."""
        last = self.cleaned_data["expires"]
        if last is None:
            return None
        if last < timezone.localdate():
            raise ValidationError(_("Ce jour est passé."))
        return timezone.make_aware(datetime.combine(last, time(23, 59, 59)))
