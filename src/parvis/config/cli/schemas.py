"""``parvis schemas``: the bundled schemas and their spreadsheets to fill; works without an instance."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from parvis.config.cli import schema_list, schema_template

ACTS: dict[str, Callable[[Namespace], int]] = {
    "list": schema_list.show_list,
    "show": schema_list.show_one,
    "template": schema_template.run,
    "update": schema_list.renew,
}
"""What each act runs."""


def run(args: Namespace) -> int:
    """Run the act."""
    return ACTS[args.act](args)
