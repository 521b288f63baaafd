"""The public API: no token, patterns without an end, and a channel that is made public."""

from __future__ import annotations

from typing import Any

import pytest

from support.chefs_driver import CHANNEL, Chef, channel_data, node_data


@pytest.fixture
def published(chef: Chef) -> Chef:
    """A chef whose channel was published and is private; another channel has no version."""
    root = chef.create()
    chef.add(root, node_data("d", "document"))
    chef.finish()
    chef.studio.deploy_channel(CHANNEL)
    chef.studio.channel(CHANNEL).publish()
    chef.post("create_channel", {"channel_data": channel_data(id="d" * 32, name="Another")})
    return chef


def ask(chef: Chef, path: str, **more: Any) -> Any:
    return chef.role("nobody").ask("GET", f"/api/public/{path}", **more)


def listed(chef: Chef, query: str = "") -> list[str]:
    return [each["id"] for each in ask(chef, f"v1/channels{query}").get_json()]


@pytest.mark.parametrize("end", ["", "/", "/anything", "/a/b/"])
def test_a_channel_has_a_name_by_its_id(published: Chef, end: str) -> None:
    told = {"name": "A channel", "description": "About it", "version": 1}
    assert ask(published, f"channel/{CHANNEL}{end}").get_json() == told
    assert ask(published, f"channel/{'d' * 32}{end}").get_json() == {**told, "name": "Another", "version": 0}
    assert ask(published, f"channel/{'e' * 32}{end}").status_code == 404


def test_an_unknown_name_is_escaped(deployed: Chef) -> None:
    answer = ask(deployed, "channel/<b>")
    assert answer.get_data(as_text=True) == "Channel with id &lt;b&gt; not found"


@pytest.mark.parametrize("path", ["info", "info/", "infox", "info/x", f"v1/channels/lookup/{CHANNEL}/anything"])
def test_patterns_have_no_end(published: Chef, path: str) -> None:
    assert ask(published, path).status_code == 200


def test_a_private_channel_is_listed_to_who_knows_a_token(published: Chef) -> None:
    (token,) = published.studio.get_channel_record(CHANNEL).tokens
    assert listed(published) == []
    for known in (token, f"{token[:5]}-{token[5:]}", CHANNEL, f"{CHANNEL[:8]}-{CHANNEL[8:]}", f"x,{CHANNEL}"):
        (told,) = ask(published, f"v1/channels?tokens={known}").get_json()
        assert (told["id"], told["public"]) == (CHANNEL, False)
        assert told["matching_tokens"] == [CHANNEL if CHANNEL in known.replace("-", "") else token]
    assert listed(published, f"?tokens={'d' * 32}") == []


def test_a_public_channel_is_listed_to_everybody(published: Chef) -> None:
    answer = published.ask("PATCH", f"/_fake/channels/{CHANNEL}", '{"public": true}')
    assert (answer.status_code, answer.get_json()["public"]) == (200, True)
    (told,) = ask(published, "v1/channels?language=sw").get_json()
    assert (told["name"], told["version"], told["library"]) == ("A channel", 1, "KOLIBRI")
    published.ask("POST", f"/channels/{CHANNEL}/public", "public=no", content_type="application/x-www-form-urlencoded")
    assert listed(published) == []
    published.ask("POST", f"/channels/{CHANNEL}/public", "public=yes", content_type="application/x-www-form-urlencoded")
    assert listed(published) == [CHANNEL]


@pytest.mark.parametrize("body", ["{}", "[]", '{"public": 1}', '{"public": "yes"}'])
def test_what_cannot_be_changed(published: Chef, body: str) -> None:
    answer = published.ask("PATCH", f"/_fake/channels/{CHANNEL}", body)
    assert (answer.status_code, "public" in answer.get_json()["error"]) == (400, True)


def test_format_is_read_first(deployed: Chef) -> None:
    for path in ("/api/public/info", "/api/internal/check_version", "/api/file/upload_url"):
        for method in ("GET", "PUT"):
            answer = deployed.role("nobody").ask(method, f"{path}?format=api")
            if "public" not in path or method == "GET":
                assert (answer.status_code, answer.get_json()) == (404, {"detail": "Not found."})
    assert ask(deployed, "info?format=json").status_code == 200
    assert ask(deployed, "info?format=").status_code == 200
