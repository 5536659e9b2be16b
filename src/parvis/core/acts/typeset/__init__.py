"""An act set as PDF/UA from its text: what is published of those that are no PDF, and of those that nobody can hide in place."""

from parvis.core.acts.typeset.setting import typeset_text

__all__ = ["typeset_text"]
