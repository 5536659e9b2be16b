"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from parvis.hub.registry import Module

MODULE = Module(slug="deliberations")
