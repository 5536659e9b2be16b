"""The second factor: how allauth keeps it here, and whom it is asked of."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from parvis.hub.accounts.encryption import current_keys, decrypt, encrypt, encrypted_data
from parvis.hub.accounts.models import Person
from parvis.hub.addresses import canonical

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""


class MFAAdapter(DefaultMFAAdapter):
    """Secrets encrypted in the database, names from the settings."""

    def encrypt(self, text: str) -> str:
        """As the database holds it."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As the authenticator needs it."""
        return decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return urlsplit(canonical("/")).hostname or "Parvis"


def is_missing(request: HttpRequest) -> bool:
    """Whether the person of a request must set a second factor before anything else: superusers, unless a setting says
    otherwise."""
    user = request.user
    if not settings.PARVIS["PARVIS_SUPERUSER_SECOND_FACTOR"] or not (user.is_authenticated and user.is_superuser):
        return False
    return not has_second_factor(user)


def has_second_factor(person: Person) -> bool:
    """Whether the account asks for more than a password."""
    return Authenticator.objects.filter(user=person, type__in=STRONG).exists()


def remove_second_factor(person: Person) -> int:
    """Take away every second factor of an account, recovery codes too; how many there were."""
    return Authenticator.objects.filter(user=person).delete()[0]


def encrypt_again(keys: tuple[str, ...] | None = None) -> int:
    """Encrypt every secret with the first of ``keys``, whichever of them encrypted it before; how many accounts' factors."""
    renewed = 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
            row.data = encrypted_data(row.data, keys or current_keys())
            row.save(update_fields=["data"])
            renewed += 1
    return renewed
