"""Words: text, callout, quote, timeline, questions and answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link", "document-link"]
INLINE = ["bold", "italic", "link"]
LIST = [*INLINE, "ol", "ul"]
GROUP = _("Texte")


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, headings, lists, links."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=FEATURES, **kwargs)

    class Meta:
        label = _("Texte")
        icon = "pilcrow"
        group = GROUP
        template = "parvis/pages/blocks/text.html"
        description = _("Des paragraphes avec titres, listes et liens.")
        preview_value = (
            "<h2>Où garer son vélo ?</h2><p>Chaque commune pose des arceaux. Cette page dit combien, et où.</p>"
        )


class CalloutBlock(blocks.StructBlock):
    """Something not to be missed."""

    tone = blocks.ChoiceBlock(
        label=_("Ton"),
        choices=[("info", _("Bon à savoir")), ("warning", _("Attention")), ("success", _("Bonne nouvelle"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Titre"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("Texte"), features=LIST)

    class Meta:
        label = _("Encadré")
        icon = "info-circle"
        group = GROUP
        template = "parvis/pages/blocks/callout.html"
        description = _("Quelques lignes mises en avant : à savoir, attention, bonne nouvelle.")
        preview_value = {
            "tone": "info",
            "title": "Bon à savoir",
            "text": "<p>Les arceaux privés ne sont pas comptés.</p>",
        }


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Citation"), max_length=1000, help_text=_("Sans guillemets : ils sont ajoutés."))
    author = blocks.CharBlock(label=_("Qui parle"), required=False, max_length=120)
    role = blocks.CharBlock(label=_("Sa fonction"), required=False, max_length=160)

    class Meta:
        label = _("Citation")
        icon = "openquote"
        group = GROUP
        template = "parvis/pages/blocks/quote.html"
        description = _("Les mots de quelqu’un, avec son nom.")
        preview_value = {
            "text": "On ne prend pas son vélo si l’on ne sait pas où le laisser.",
            "author": "Une habitante",
        }


class EventBlock(blocks.StructBlock):
    """One moment of a timeline."""

    date = blocks.CharBlock(label=_("Date"), max_length=60, help_text=_("Comme on la dit : « 2018 », « mars 2026 »."))
    title = blocks.CharBlock(label=_("Ce qui se passe"), max_length=160)
    text = blocks.RichTextBlock(label=_("Détail"), required=False, features=INLINE)


class TimelineBlock(blocks.StructBlock):
    """What happened and what is planned, in order."""

    title = blocks.CharBlock(label=_("Titre"), required=False, max_length=160)
    events = blocks.ListBlock(EventBlock(label=_("Étape")), label=_("Étapes"), min_num=1, max_num=40)

    class Meta:
        label = _("Frise chronologique")
        icon = "history"
        group = GROUP
        template = "parvis/pages/blocks/timeline.html"
        description = _("Des étapes datées, l’une après l’autre.")
        preview_value = {
            "title": "Le plan vélo",
            "events": [
                {"date": "2018", "title": "Vote du plan", "text": ""},
                {"date": "2023", "title": "Mille places posées", "text": ""},
            ],
        }


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=240)
    answer = blocks.RichTextBlock(label=_("Réponse"), features=LIST)


class FaqBlock(blocks.StructBlock):
    """Questions that come again and again."""

    title = blocks.CharBlock(label=_("Titre"), required=False, max_length=160, default=_("Questions fréquentes"))
    questions = blocks.ListBlock(QuestionBlock(label=_("Question")), label=_("Questions"), min_num=1, max_num=40)

    class Meta:
        label = _("Questions fréquentes")
        icon = "help"
        group = GROUP
        template = "parvis/pages/blocks/faq.html"
        description = _("Des questions qui s’ouvrent sur leur réponse.")
        preview_value = {
            "title": "Questions fréquentes",
            "questions": [{"question": "Puis-je demander un arceau ?", "answer": "<p>Oui, à votre mairie.</p>"}],
        }
