"""``parvis schemas``: the bundled schemas and their spreadsheets to fill; works without an instance."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from parvis.config.cli import schema_listing, schema_template

ACTS: dict[str, Callable[[Namespace], int]] = {
    "list": schema_listing.show_list,
    "show": schema_listing.show_one,
    "template": schema_template.run,
    "update": schema_listing.renew,
}
"""What each act runs."""


def run(args: Namespace) -> int:
    """Run the act."""
    return ACTS[args.act](args)
