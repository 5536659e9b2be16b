"""What an answer of a source may be instead of what it should."""

from __future__ import annotations

from parvis.core.errors import RequestError, UnreadableFile
from parvis.core.translation import gettext_noop


class UnreadableAnswer(UnreadableFile):
    """Not what the dialect of the source speaks."""

    code = "source-answer"
    sentence = gettext_noop("La réponse de la source ne peut pas être lue : {reason}.")
    advice = gettext_noop("Vérifiez l’adresse et le type de la source.")


class PageInstead(UnreadableFile):
    """A page for people: an error, a login, a maintenance, answered as if all went well."""

    code = "source-page"
    sentence = gettext_noop("La source a répondu par une page web (« {title} ») au lieu de données.")
    advice = gettext_noop(
        "Vérifiez l’adresse et le type de la source ; une page de connexion ou d’erreur est souvent en cause."
    )


class SourceRefuses(UnreadableFile):
    """The source answers that it will not, in its own words."""

    code = "source-refuses"
    sentence = gettext_noop("La source refuse la demande : « {reason} ».")


class EndlessSource(UnreadableFile):
    """Pages that repeat, lead elsewhere or never end."""

    code = "source-endless"
    sentence = gettext_noop("La lecture page par page n’aboutit pas : {reason}.")
    advice = gettext_noop("Rien n’a été remplacé. Signalez-le à qui tient la source.")


class BadSource(RequestError):
    """An address or an option that a dialect cannot begin with."""

    code = "source-address"
    sentence = gettext_noop("Cette source ne peut pas être lue : {reason}.")
    advice = gettext_noop("Corrigez l’adresse ou les options de la source.")
