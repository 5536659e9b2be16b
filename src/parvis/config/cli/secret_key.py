"""``parvis secret-key renew``: a new signing key, when the former may have been read."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import ClassVar

from django.conf import settings

from parvis.config.cli.files import whole_file
from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.hub import signing_key
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.second_factor import encrypt_again
from parvis.hub.accounts.sessions import end_all_sessions
from parvis.hub.audit.services import record
from parvis.hub.harvesting.sources import encrypt_secrets_again as encrypt_sources_again
from parvis.hub.notifications.webhooks import encrypt_secrets_again
from parvis.hub.republication.portals import encrypt_keys_again


class KeyOfTheSettings(RequestError):
    """The key is not in the home: this command cannot change it."""

    code: ClassVar[str] = "secret-key-given"
    sentence: ClassVar[str] = gettext_noop(
        "La clé secrète vient du réglage PARVIS_SECRET_KEY, pas du dossier de l’instance."
    )
    advice: ClassVar[str] = gettext_noop(
        "Mettez une nouvelle clé dans PARVIS_SECRET_KEY, l’ancienne dans PARVIS_SECRET_KEY_FALLBACKS, puis relancez la commande."
    )


def run(args: Namespace) -> None:
    """Change the key, encrypt second factors, secrets of webhooks and keys of other portals with it, end all sessions.

    The file holds both keys until all is encrypted anew: a command killed half-way is run again.
    """
    is_in_settings = bool(settings.PARVIS["PARVIS_SECRET_KEY"])
    if is_in_settings and not settings.PARVIS["PARVIS_SECRET_KEY_FALLBACKS"]:
        raise KeyOfTheSettings
    keys = (settings.SECRET_KEY, *settings.PARVIS_FORMER_KEYS)
    if not is_in_settings:
        keys = (signing_key.new_key(), *keys)
        _write(keys)
    factors, webhooks, portals = encrypt_again(keys), encrypt_secrets_again(keys), encrypt_keys_again(keys)
    sources = encrypt_sources_again(keys)
    ended = end_all_sessions()
    if not is_in_settings:
        _write(keys[:1])
    counts = {"factors": factors, "sessions": ended, "webhooks": webhooks, "portals": portals, "sources": sources}
    record(OPERATOR.name, None, "secret-key.renew", "instance", "secret-key", **counts)
    if args.json:
        print(json.dumps(counts))
        return
    print(f"Nouvelle clé secrète : {factors} seconds facteurs chiffrés de nouveau, {ended} sessions fermées.")
    if webhooks:
        print(f"Secrets de webhooks chiffrés de nouveau : {webhooks}.")
    if portals:
        print(f"Clés d’API de data.gouv.fr chiffrées de nouveau : {portals}.")
    print("Relancez le service : il tient encore l’ancienne clé.")
    print("Les pseudonymes faits désormais seront autres : importez de nouveau les jeux qui doivent les suivre.")
    if is_in_settings:
        print("Retirez PARVIS_SECRET_KEY_FALLBACKS.")


def _write(keys: tuple[str, ...]) -> None:
    with whole_file(settings.PARVIS_HOME / signing_key.KEY_FILE, private=True) as stream:
        stream.write("\n".join(keys).encode("ascii"))
