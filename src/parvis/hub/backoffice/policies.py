"""Wagtail's views ask a policy; ours leave every decision to the rules of the hub."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry

from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import NEEDED_ROLE, may, organisations_open_to
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.selectors import managed_by

NEEDED = {"publish": "publish", "unpublish": "publish", "lock": "publish", "unlock": "publish"}
"""Our word for what Wagtail asks; ``edit`` for the rest."""


def may_deposit(user: Any) -> bool:
    """Whether the person edits the things of some organisation."""
    return _may_somewhere(user, "edit")


def may_administer(user: Any) -> bool:
    """Whether the person administers some organisation."""
    return _may_somewhere(user, "administer")


def may_publish(user: Any) -> bool:
    """Whether the person puts things online for some organisation."""
    return _may_somewhere(user, "publish")


def _may_somewhere(user: Any, action: str) -> bool:
    # By roles alone: each page of the back office asks it of every entry of the menu, several times over.
    actor = actor_of(user)
    return actor.everything or bool(organisations_open_to(actor, action))


class RecordPolicy(BasePermissionPolicy):
    """Who may do what with the records of a kind, in the words of Wagtail; about one of them once ``about`` says which."""

    def __init__(self, model: type[CivicRecord], record: CivicRecord | None = None) -> None:
        super().__init__(model)
        self.record = record

    def about(self, record: CivicRecord | None) -> RecordPolicy:
        """The same for one record: Wagtail often asks for a right on the kind where the record is known."""
        return RecordPolicy(self.model, record)

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the person may do that to the record, or to some record when none is said."""
        if self.record is not None:
            return self.user_has_permission_for_instance(user, action, self.record)
        if action == "delete" and not self.model.may_be_deleted:
            return False
        return _may_somewhere(user, NEEDED.get(action, "edit"))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: CivicRecord) -> bool:
        """Whether the person may do that to this record."""
        needed = NEEDED.get(action, "edit")
        if action == "delete":
            if not instance.may_be_deleted:
                return False
            needed = "publish" if instance.live else "edit"
        return may(actor_of(user), needed, instance.organisation_id)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[CivicRecord]:
        """Those that the person may change."""
        return managed_by(self.model, actor_of(user))

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Person]:
        """Those who have some role that may do one of these."""
        ranks = min(NEEDED_ROLE[NEEDED.get(action, "edit")].rank for action in actions)
        roles = [role for role in type(NEEDED_ROLE["edit"]) if role.rank >= ranks]
        return Person.objects.filter(is_active=True, memberships__role__in=roles).distinct()


def register_policies() -> None:
    """Give every kind of civic record its policy, before Wagtail gives it one of its own."""
    for model in apps.get_models():
        if issubclass(model, CivicRecord):
            policy_registry.register(model, RecordPolicy(model), exact_class=True)


class RecordBackend(BaseBackend):
    """Answers Django's ``has_perm`` about kinds of records, which some of Wagtail's menus ask instead of the policy."""

    def has_perm(self, user_obj: AbstractBaseUser, perm: str, obj: Any = None) -> bool:
        """Whether the person has that right on some record of the kind, or on ``obj``."""
        app, _dot, codename = perm.partition(".")
        action, _underscore, name = codename.partition("_")
        try:
            model = apps.get_model(app, name)
        except (LookupError, ValueError):
            return False
        if not issubclass(model, CivicRecord):
            return False
        return RecordPolicy(model, obj).user_has_permission(user_obj, action)
