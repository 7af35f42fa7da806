"""What a server says of accidents, and what it keeps quiet about."""

import asyncio
import logging

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from workbench.app.routes.answering import answering


def test_a_tab_that_closes_while_it_sends_is_no_news(caplog):
    async def handler(request: Request) -> Response:
        raise ClientDisconnect

    with caplog.at_level(logging.INFO):
        asyncio.run(answering(handler)(Request({"type": "http"})))
    assert caplog.records == []
