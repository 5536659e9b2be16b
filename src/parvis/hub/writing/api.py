"""The operations of this room; each file declares its own on the router."""

from __future__ import annotations

from importlib import import_module

from parvis.hub.writing.router import router

for _name in (
    "datasets",
    "files",
    "versions",
    "organisations",
    "keys",
    "pages",
    "sources",
    "recipes",
    "bulk",
    "deliveries",
    "webhooks",
    "sites",
    "service_cards",
):
    import_module(f"parvis.hub.writing.{_name}")

__all__ = ["router"]
