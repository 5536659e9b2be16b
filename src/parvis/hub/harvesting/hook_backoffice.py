"""« Lire à l’appel » : the address that others call when a source has changed, made, renewed, removed, and its last calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.backoffice.screens import FormScreen
from parvis.hub.harvesting.hook_rules import LONGEST_SECRET
from parvis.hub.harvesting.hooks import calls_of, hook_address, hook_of, make_hook, open_hook, remove_hook, renew_hook
from parvis.hub.harvesting.models import Hook, Source
from parvis.hub.harvesting.publishers import ForPublishers
from parvis.hub.harvesting.selectors import SHOWN_CALLS, source_of


class HookForm(forms.Form):
    """How calls are proved."""

    way = forms.ChoiceField(
        label=gettext_lazy("Qui appelle"),
        widget=forms.RadioSelect,
        choices=[
            (
                "signed",
                gettext_lazy("un logiciel qui signe ses appels : un Parvis, GitHub, GitLab, Forgejo (conseillé)"),
            ),
            ("address", gettext_lazy("un logiciel qui ne sait pas signer : l’adresse elle-même est secrète")),
        ],
        initial="signed",
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret que ce logiciel a déjà"),
        required=False,
        strip=True,
        max_length=LONGEST_SECRET,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Vide : le portail en fait un. Un Parvis qui prévient montre le sien en créant son webhook."
        ),
    )


@method_decorator(never_cache, name="dispatch")  # a secret is shown in one answer alone
class HookScreen(ForPublishers, FormScreen):
    """The hook of a source: without one the form that makes it, else its address, its buttons, its last calls."""

    template_name = "harvesting/backoffice/hook.html"
    form_class = HookForm

    @cached_property
    def source(self) -> Source:
        """The one of the address."""
        return source_of(self.actor, self.kwargs["slug"])

    @cached_property
    def hook(self) -> Hook | None:
        """None before one is made."""
        return hook_of(self.source)

    def get_page_title(self) -> str:
        """What it is."""
        return _("Lire à l’appel")

    def trail(self) -> list[tuple[str, str]]:
        """The list, the source."""
        source = self.source
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[source.slug]), source.title),
        ]

    def field_of(self, error: ParvisError) -> str | None:
        """What is wrong can only be the secret."""
        return "secret"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The source, its hook, the last calls."""
        hook = self.hook
        facts = {"source": self.source, "hook": hook}
        if hook is not None:
            secret = kwargs.get("secret", "")
            facts |= {"address": hook_address(hook, secret), "calls": list(calls_of(hook)[:SHOWN_CALLS])}
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        act = request.POST.get("acte", "")
        if self.hook is None and act == "creer":
            return super().post(request, *args, **kwargs)
        if self.hook is None or act not in _ACTS:
            raise NotFound(name=act[:40])
        return _ACTS[act](self, self.hook)

    def act(self, form: HookForm) -> HttpResponse | None:
        """Make it; its secret is shown in the answer alone."""
        signed = form.cleaned_data["way"] == "signed"
        callers_own = form.cleaned_data["secret"]
        self.hook, secret = make_hook(self.actor, self.source, signed=signed, secret=callers_own)
        return self._with_secret(secret, is_new=not (signed and callers_own))

    def _with_secret(self, secret: str, *, is_new: bool = True) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=HookForm(), secret=secret, is_new=is_new))

    def _renew(self, hook: Hook) -> HttpResponse:
        return self._with_secret(renew_hook(self.actor, hook))

    def _switch(self, hook: Hook) -> HttpResponse:
        open_hook(self.actor, hook, active=not hook.active)
        messages.success(
            self.request, _("Les appels sont pris.") if hook.active else _("Les appels sont refusés pour le moment.")
        )
        return redirect(self.request.path)

    def _remove(self, hook: Hook) -> HttpResponse:
        remove_hook(self.actor, hook)
        messages.success(self.request, _("La source n’est plus lue à l’appel."))
        return redirect(self.request.path)


_ACTS = {"renouveler": HookScreen._renew, "basculer": HookScreen._switch, "retirer": HookScreen._remove}
"""What the buttons of a hook do."""
