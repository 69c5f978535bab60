"""The page's files as a browser gets them."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.sandbox.serve import SandboxServer


def test_the_page_is_at_the_root(server: SandboxServer, http: httpx.Client):
    """`/` is the page, as HTML."""
    answer = http.get(server.base_url)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert 'src="/page/main.js"' in answer.text


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/page/base.css", "/page/nothing-here.js"])
def test_every_answer_carries_the_policy(server: SandboxServer, http: httpx.Client, path: str):
    """Nothing inline and nothing foreign may run, whatever the path."""
    policy = http.get(server.base_url + path).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("path", ["/page/nothing.js", "/page/deeper/nothing.css", "/page/%2e%2e/routes.py"])
def test_a_missing_file_is_a_plain_404(server: SandboxServer, http: httpx.Client, path: str):
    """Below the page's folder a missing file is a 404, not a method nobody built, and there is no way out."""
    assert http.get(server.base_url + path).status_code == 404


def test_the_page_asks_only_for_files_that_exist(server: SandboxServer, http: httpx.Client):
    """Every address in the page, its styles and its modules is served."""
    seen = {"/page/main.js"}
    waiting = ["/", "/page/main.js"]
    while waiting:
        text = http.get(server.base_url + waiting.pop()).text
        wanted = set(re.findall(r'(?:href|src)="(/page/[^"]+)"', text))
        wanted |= {f"/page/{name}" for name in re.findall(r'from "\./([\w.]+)"', text)}
        waiting += [path for path in wanted - seen if path.endswith(".js")]
        seen |= wanted
    missing = [path for path in seen if http.get(server.base_url + path).status_code != 200]

    assert len(seen) > 30
    assert missing == []


def test_an_unchanged_file_is_not_sent_again(server: SandboxServer, http: httpx.Client):
    """A browser asks with the ETag it has and gets 304; within ten seconds it need not even ask."""
    first = http.get(server.base_url + "/page/grid.css")
    second = http.get(server.base_url + "/page/grid.css", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "max-age=10"
    assert http.get(server.base_url).headers["cache-control"] == "no-cache"
    assert second.status_code == 304
