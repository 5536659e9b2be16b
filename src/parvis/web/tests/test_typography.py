"""Pages leave with the spaces of French; pages in English, data and files leave as they are."""

from __future__ import annotations

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from parvis.web.typography import in_french_spaces

NAME = "parvis.web.typography.in_french_spaces"


@pytest.fixture
def reader(settings, town) -> Client:
    """A visitor of the portal as it is served: the middleware that tests leave out is put back."""
    place = settings.MIDDLEWARE.index("django.middleware.common.CommonMiddleware") + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], NAME, *settings.MIDDLEWARE[place:]]
    return Client()


def answered(response, language="fr"):
    with translation.override(language):
        return in_french_spaces(lambda _request: response)(RequestFactory().get("/"))


def test_a_page_of_the_portal_has_french_spaces_and_its_true_length(reader):
    response = reader.get("/explore/", headers={"accept-language": "fr"})
    text = response.content.decode()
    assert "\u00a0:" in text and " : non conforme" not in text
    assert response["Content-Length"] == str(len(response.content))


def test_a_page_in_english_keeps_its_spaces(reader):
    text = reader.get("/explore/", headers={"accept-language": "en"}).content.decode()
    assert "\u00a0:" not in text.partition("</footer>")[0].partition("<main")[0]


def test_data_and_streams_are_not_touched():
    body = "<p>oui : non</p>"
    assert answered(HttpResponse(body, content_type="application/json")).content.decode() == body
    stream = answered(StreamingHttpResponse([body], content_type="text/html"))
    assert b"".join(stream).decode() == body
    assert answered(HttpResponse(body), "en").content.decode() == body
    assert answered(HttpResponse(body)).content.decode() == "<p>oui\u00a0: non</p>"
