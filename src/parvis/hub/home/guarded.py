"""Forms of what a site shows: nobody saves over what they have not seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.log_actions import registry

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.services import record
from parvis.hub.datastore.services.imports import site_placed
from parvis.hub.pages.form_actor import act_as
from parvis.hub.sites.models import SiteFace, SiteSetting
from parvis.hub.ui.formatting import instant


class GuardedForm(WagtailAdminModelForm):
    """Has the revision that the person saw; takes the next one when it is saved, unless somebody took it meanwhile."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.revision

    def full_clean(self) -> None:
        """Everything else first: only what may be saved takes a revision."""
        super().full_clean()
        if self.instance.is_being_saved and self.is_bound and not self.errors:
            self._take_the_next_revision()

    def _take_the_next_revision(self) -> None:
        rows = type(self.instance).objects.filter(pk=self.instance.pk)
        seen = self.cleaned_data.get("seen")
        taken = (rows if seen is None else rows.filter(revision=seen)).update(revision=F("revision") + 1)
        now = rows.get()
        self.instance.revision = now.revision
        if not taken:
            self.data = self.data.copy()
            self.data["seen"] = now.revision
            self.add_error(None, _changed_by(now, self._differing(now)))

    def _differing(self, now: SiteSetting) -> list[str]:
        """What the form would change of what is kept now."""
        return [
            str(self.fields[name].label).lower()
            for name in self._meta.fields
            if name in self.cleaned_data and _raw(now, name) != _raw(self.instance, name)
        ]


def _raw(setting: SiteSetting, name: str) -> Any:
    field = setting._meta.get_field(name)
    return field.get_prep_value(getattr(setting, field.attname))


def _changed_by(setting: SiteSetting, differing: list[str]) -> str:
    entry = registry.get_logs_for_instance(setting).order_by("-timestamp").first()
    who = entry.user_display_name if entry else _("Quelqu’un")
    message = _(
        "%(name)s a enregistré cette page le %(moment)s, pendant que vous la modifiiez. Rien n’est perdu : vos changements "
        "sont encore dans ce formulaire."
    ) % {"name": who, "moment": instant(entry.timestamp) if entry else "—"}
    if differing:
        message += " " + _("Ce qui n’est pas comme chez vous : %s.") % ", ".join(differing)
    return message + " " + _("Enregistrez de nouveau pour garder votre version.")


def before_setting(request: HttpRequest, setting: Any) -> None:
    """Blocks offer what this person may read; what is sent to be saved, rather than to be shown first, is marked."""
    act_as(actor_of(request.user))
    if isinstance(setting, SiteSetting):
        setting.is_being_saved = request.method == "POST"


def after_setting(request: HttpRequest, setting: Any) -> None:
    """The journal knows who changed how a site looks; what communes will show is counted."""
    if isinstance(setting, SiteSetting):
        actor = actor_of(request.user)
        record(actor.name, actor.person_id, ACTS[setting._meta.model_name], "site", setting.site.hostname)
    if isinstance(setting, SiteFace) and setting.territory:
        site_placed(setting.territory)


ACTS = {"legalnotice": "site.legal", "siteface": "site.face", "sitehome": "site.home", "sitemenus": "site.menus"}
