"""The one screen of the agenda that is not of the kit."""

from wagtail import hooks

from parvis.domains.agenda.backoffice import ADDRESSES

hooks.register("register_admin_urls", lambda: ADDRESSES)
