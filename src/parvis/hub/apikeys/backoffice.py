"""« Mes clés d’API »: each person makes and revokes their own; administrators see and revoke those they answer for."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.selectors import key, keys_administered_by, keys_of
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.backoffice.screens import ActorMixin, Screen, ScreenSet, WithForm, anybody

MOST_SHOWN = 200


FIELDS = {"expiry": "expires", "organisation": "organisation", "datasets": "datasets", "dataset-id": "datasets"}
"""The field that an error is of, by the end of its code."""


class KeyForm(forms.Form):
    """A key to make."""

    name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=80,
        help_text=gettext_lazy("À quoi elle sert : « tableau de bord de la voirie »."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Ce qu’elle ouvre"),
        choices=ApiKey.SCOPES,
        initial=Scope.READ_PUBLIC,
        widget=forms.RadioSelect,
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("toutes les miennes"),
        help_text=gettext_lazy(
            "Pour n’ouvrir que ce que vous voyez dans une organisation. Une clé qui écrit en demande une."
        ),
    )
    datasets = forms.CharField(
        label=gettext_lazy("Jeux de données"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy(
            "Pour une clé qui écrit : les identifiants des seuls jeux qu’elle change, séparés par des virgules. "
            "Vide : tous ceux de l’organisation."
        ),
    )
    expires = forms.DateField(
        label=gettext_lazy("Dernier jour d’usage"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "Vide : la clé sert jusqu’à ce qu’elle soit révoquée. Une clé qui écrit en demande un, dans un an au plus ; "
            "un courriel vous prévient 30, 7 et 1 jours avant."
        ),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_where(actor, "read")

    def clean_datasets(self) -> list[str]:
        """The identifiers, as a list."""
        return self.cleaned_data["datasets"].replace(",", " ").split()

    def clean_expires(self) -> datetime | None:
        """The end of that day."""
        day = self.cleaned_data["expires"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class KeysOfThePerson(WithForm):
    """What the screen of the back office and the page of the account share: one's keys, a form, the keys one answers for."""

    form_class = KeyForm
    actor: Actor

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who makes a key."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keys and form."""
        others = keys_administered_by(self.actor).exclude(person_id=self.actor.person_id)
        keys = {"keys": keys_of(self.request.user), "others": others.distinct()[:MOST_SHOWN]}
        return {**super().get_context_data(**kwargs), **keys}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Revoke a key, or make one."""
        number = request.POST.get("revoquer", "")
        if not number:
            return super().post(request, *args, **kwargs)
        revoked = revoke_key(self.actor, key(self.actor, int(number[:17]) if number.isdecimal() else 0))
        messages.success(request, _("La clé « %s » est révoquée : plus rien ne l’accepte.") % revoked.name)
        return redirect(request.path)

    def act(self, form: KeyForm) -> HttpResponse:
        """Make a key, shown in this answer alone."""
        values = form.cleaned_data
        made, secret = create_key(
            self.actor,
            self.request.user,
            values["name"],
            scope=Scope(values["scope"]),
            organisation=values["organisation"],
            expires=values["expires"],
            datasets=values["datasets"],
        )
        return self.render_to_response(self.get_context_data(form=KeyForm(self.actor), made=made, secret=secret))

    def field_of(self, error: ParvisError) -> str:
        """The name, but for what another field says."""
        return next((field for words, field in FIELDS.items() if error.code.endswith(words)), "name")


@method_decorator(never_cache, name="dispatch")  # a key is shown in one answer alone
class KeysScreen(KeysOfThePerson, Screen):
    """In the back office."""

    page_title = gettext_lazy("Mes clés d’API")
    header_icon = "key"
    template_name = "apikeys/backoffice/screen.html"


class AccountKeys(LoginRequiredMixin, ActorMixin, KeysOfThePerson, TemplateView):
    """In the account, for anyone who has no use for the back office."""

    template_name = "apikeys/backoffice/account.html"


account_keys = never_cache(AccountKeys.as_view())


SCREENS = ScreenSet("keys_admin", "cles", ("", KeysScreen, "keys"), menu_order=520, shown=anybody)
