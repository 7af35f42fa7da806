"""The gate: who comes in, what a client may not say about itself, what every answer carries; and signing in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.app.house import House
from workbench.app import current, streamlit_options
from workbench.app.gate import Gate, safe_next
from workbench.app.streamlit_options import IDENTITY_HEADER

Client = Callable[..., TestClient]
PAGE = {"accept": "text/html"}


def test_a_page_leads_to_signing_in_and_back(client: Client) -> None:
    answer = client().get("/session?session=7&t=4", headers=PAGE)
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert there.path == "/sign-in"
    assert parse_qs(there.query)["next"] == ["/session?session=7&t=4"]


def test_anything_else_without_a_sign_in_is_401(client: Client) -> None:
    for method, path in (("GET", "/session"), ("POST", "/session"), ("GET", "/component/x.js"), ("GET", "/media/x")):
        assert client().request(method, path).status_code == 401, (method, path)


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(client: Client, house: House) -> None:
    browser = client()
    sent = {"name": "Ada ", "password": "password of ada", "next": "/code?assignment=7"}
    answer = browser.post("/sign-in", data=sent)
    assert answer.status_code == 303 and answer.headers["location"] == "/code?assignment=7"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" not in cookie
    assert browser.get(f"/wb/recordings/{house.recording.id}/peaks").status_code == 200
    assert browser.get("/sign-in?next=/people").headers["location"] == "/people"


def test_over_tls_the_cookie_is_secure(client: Client) -> None:
    browser = client()
    browser.base_url = "https://testserver"  # type: ignore[assignment]
    answer = browser.post("/sign-in", data={"name": "ada", "password": "password of ada"})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers


def test_a_wrong_password_and_a_lock_out_get_their_sentence(client: Client) -> None:
    browser = client()
    said = [browser.post("/sign-in", data={"name": "ada", "password": "wrong"}) for _ in range(6)]
    assert [a.status_code for a in said] == [403] * 6
    assert "do not fit together" in said[0].text and 'value="ada"' in said[0].text
    assert "Try again in 15 minutes" in said[5].text
    assert "wrong" not in said[0].text.replace("wrong password", "")


def test_signing_out_ends_the_sign_in_everywhere(client: Client, house: House) -> None:
    browser = client("ada")
    token = browser.cookies[current.LOGIN]
    assert browser.get("/sign-out").headers["location"] == "/sign-in"
    again = client()
    again.cookies.set(current.LOGIN, token)
    assert again.get(f"/wb/recordings/{house.recording.id}/peaks").status_code == 401


def test_a_new_sign_in_ends_the_one_before(client: Client, house: House) -> None:
    browser = client("ada")
    before = browser.cookies[current.LOGIN]
    browser.post("/sign-in", data={"name": "ben", "password": "password of ben"})
    old = client()
    old.cookies.set(current.LOGIN, before)
    assert old.get(f"/wb/recordings/{house.recording.id}/peaks").status_code == 401


@pytest.mark.parametrize(
    "path",
    [None, "", "/sign-out", "//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb"],
)
def test_after_signing_in_one_stays_on_this_server(path: str | None) -> None:
    assert safe_next(path) == "/"


def test_a_name_is_text_on_the_page(client: Client) -> None:
    answer = client().post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


@pytest.fixture
def echo(house: House) -> TestClient:
    """A server that says what reaches it behind the gate."""

    async def headers(request: Request) -> JSONResponse:
        return JSONResponse(dict(request.headers))

    async def stream(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(dict(websocket.headers))
        await websocket.close()

    policy = streamlit_options.content_security_policy()
    routes = [Route("/headers", headers), WebSocketRoute("/_stcore/stream", stream)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Gate, policy=policy)]))


def test_a_client_cannot_say_who_it_is(echo: TestClient, house: House) -> None:
    token = house.token("ada")
    echo.cookies.set(current.LOGIN, token)
    bens = house.token("ben")
    for forged in (IDENTITY_HEADER, "X-Workbench-Login", "x-workbench-anything"):
        got = echo.get("/headers", headers={forged: bens}).json()
        assert got[IDENTITY_HEADER] == token and bens not in got.values(), forged


def test_the_websocket_needs_a_sign_in_and_learns_who_it_is(echo: TestClient, house: House) -> None:
    forged = {IDENTITY_HEADER: house.token("ben")}
    with pytest.raises(WebSocketDisconnect), echo.websocket_connect("/_stcore/stream", headers=forged):
        pass
    token = house.token("ada")
    echo.cookies.set(current.LOGIN, token)
    with echo.websocket_connect("/_stcore/stream", headers=forged) as stream:
        assert stream.receive_json()[IDENTITY_HEADER] == token


def test_every_answer_carries_the_headers(client: Client, house: House) -> None:
    browser = client("ada")
    for path in ("/sign-in", "/health", f"/wb/recordings/{house.recording.id}/peaks", "/form/x", "/nothing"):
        headers = browser.get(path).headers
        assert headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff" and "referrer-policy" in headers, path


def test_the_policy_allows_streamlits_inline_script_and_no_other() -> None:
    policy = streamlit_options.content_security_policy()
    scripts = next(p for p in policy.split("; ") if p.startswith("script-src"))
    assert scripts.count("'sha256-") == 1
    assert "unsafe" not in scripts and "http" not in policy


def test_streamlits_agent_interface_and_its_metrics_are_shut(client: Client) -> None:
    for path in ("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/metrics"):
        assert client("eve").get(path).status_code == 404, path


def test_streamlits_connection_window_never_covers_the_coding_room(client: Client) -> None:
    assert client("ada").get("/_stcore/host-config").json()["blockErrorDialogs"] is True
