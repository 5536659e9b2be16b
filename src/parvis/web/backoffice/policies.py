"""Wagtail's generic views ask a policy; ours leave every decision to the rules of the hub."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy

from parvis.hub.accounts.models import Person
from parvis.hub.accounts.selectors import actor_of, organisations_where


class SuperuserPolicy(BasePermissionPolicy):
    """Only who has every right: for what belongs to the whole instance."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the person has every right."""
        return actor_of(user).everything

    def users_with_any_permission(self, actions: Any) -> QuerySet:
        """Everybody who has every right."""
        return Person.objects.filter(is_active=True, is_superuser=True)


def may_deposit(user: Any) -> bool:
    """Whether the person edits the things of some organisation."""
    actor = actor_of(user)
    return actor.everything or organisations_where(actor, "edit").exists()


def may_administer(user: Any) -> bool:
    """Whether the person administers some organisation."""
    actor = actor_of(user)
    return actor.everything or organisations_where(actor, "administer").exists()
