"""The SDK's own client against a live server: anonymous, with a key, many calls at once."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key

pytestmark = pytest.mark.django_db(transaction=True)


def talk(address, work, **headers):
    """What ``work(client)`` gives, over streamable HTTP."""

    async def run():
        async with (
            httpx.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            return await work(client)

    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, run()).result()


async def ask(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    return result.is_error, json.loads(result.content[0].text) if not result.is_error else result.content[0].text


def test_an_assistant_searches_describes_and_queries(live_server, dataset):
    async def work(client):
        tools = (await client.list_tools()).tools
        _wrong, hits = await ask(client, "search_datasets", words="sportifs")
        dataset_id = hits["datasets"][0]["dataset_id"]
        _wrong, card = await ask(client, "describe_dataset", dataset_id=dataset_id)
        columns = {column["name"] for column in card["columns"]}
        _wrong, rows = await ask(
            client, "query_records", dataset_id=dataset_id, select="commune, sum(places) as places", group_by="commune"
        )
        return [tool.name for tool in tools], columns, rows

    tools, columns, rows = talk(live_server.url, work)
    assert "query_records" in tools
    assert {"nom", "commune", "places"} <= columns
    assert {row["commune"]: row["places"] for row in rows["results"]} == {"Évry-Courcouronnes": 1200, "Grigny": 300}
    assert rows["trail"]["version"] == dataset.current.name


def test_a_bad_query_is_a_helpful_error_and_the_session_goes_on(live_server, dataset):
    async def work(client):
        bad = await ask(client, "query_records", dataset_id="equipements", where="plces > 1")
        good = await ask(client, "query_records", dataset_id="equipements", where="places > 1000")
        return bad, good

    (wrong, error_text), (fine, rows) = talk(live_server.url, work)
    assert wrong
    assert "plces" in error_text
    assert "places" in error_text
    assert not fine
    assert rows["total_count"] == 1


def test_many_calls_at_once_each_get_their_own_answer(live_server, dataset):
    async def work(client):
        return await asyncio.gather(
            *(ask(client, "query_records", dataset_id="equipements", select=f"{n} as n", limit=1) for n in range(12))
        )

    answers = talk(live_server.url, work)
    assert [rows["results"][0]["n"] for _wrong, rows in answers] == list(range(12))


@pytest.mark.parametrize("scheme", ["Apikey", "Bearer"])
def test_a_key_opens_what_its_person_may_read(live_server, publish, scheme):
    organisation = make_organisation("Service")
    publish(dataset_id="interne", access="internal", organisation=organisation, title="Registre interne")
    member = make_member(organisation, Role.CONTRIBUTOR)
    _key, secret = create_key(actor_of(member), member, "assistant", scope=Scope.READ)

    async def work(client):
        return await ask(client, "query_records", dataset_id="interne")

    wrong, error_text = talk(live_server.url, work)
    assert wrong
    assert "interne" in error_text
    wrong, rows = talk(live_server.url, work, Authorization=f"{scheme} {secret}")
    assert not wrong
    assert rows["total_count"] == 3
