"""Persons named in acts, proposed to be hidden before publication; elected members and signatories set aside."""

from parvis.core.acts.persons.proposals import PersonMention, mentions_in

__all__ = ["PersonMention", "mentions_in"]
