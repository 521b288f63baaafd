"""The account over HTTP: looking changes nothing, what is not there is a 404 with a message, strangers are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fake_studio import create_app
from fake_studio.core.words import count_of
from support.chefs_driver import CHANNEL, Chef, an_id, exercise_data, node_data, state_of
from support.provocations import PDF, begin, document, send

READ_ONLY_POSTS = ("/_fake/requests/count", "/_fake/requests/find")


@pytest.fixture
def cooked(chef: Chef) -> Chef:
    """A Studio in which every kind of thing happened once."""
    root = begin(chef)
    topics = chef.added(root, node_data("t"), exercise_data())
    chef.added(topics[an_id("t")], document())
    chef.finish()
    chef.add(None, document("lost"))
    chef.studio.deploy_channel(CHANNEL)
    chef.post("publish_channel", {"channel_id": CHANNEL})
    chef.studio.wait_until_published(CHANNEL)
    chef.create(name="Again")
    return chef


def get_paths(chef: Chef) -> Iterator[str]:
    """Every GET route of the control API, with ids that are there."""
    known = {"channel_id": CHANNEL, "node_id": an_id("d"), "number": 1, "fault_id": 1}
    for rule in chef.client.application.url_map.iter_rules():
        if rule.rule.startswith("/_fake") and "GET" in (rule.methods or ()):
            values = {name: known.get(name, "x") for name in rule.arguments}
            yield rule.build(values)[1]  # type: ignore[index]


def test_looking_changes_nothing(cooked: Chef) -> None:
    before, entries = state_of(cooked.studio), cooked.studio.journal.entries()
    for path in get_paths(cooked):
        assert cooked.ask("GET", path).status_code in (200, 404), path
    for path in READ_ONLY_POSTS:
        assert cooked.ask("POST", path, {}).status_code == 200
    for channel in cooked.studio.channels:
        assert channel.tree("main") == channel.tree("main")
        assert channel.text("main")
        assert [channel.to_dict(), channel.nodes("main"), channel.findings, repr(channel)]
        assert channel.diff("previous", "main") is not None
    cooked.studio.report(strict=True)
    assert state_of(cooked.studio) == before
    assert cooked.studio.journal.entries() == entries, "control routes are not in the journal"


def test_assert_no_findings_shows_them_with_their_cure(cooked: Chef) -> None:
    channel = cooked.studio.channel(CHANNEL)
    codes = {finding.code for finding in channel.findings}
    with pytest.raises(AssertionError) as shown:
        channel.assert_no_findings()
    assert all(finding.cure in str(shown.value) for finding in channel.findings)
    assert f"{count_of(len(channel.findings), 'finding')} about 'Again'" in str(shown.value)
    spared = codes.pop()
    with pytest.raises(AssertionError, match=spared):
        channel.assert_no_findings(allow=codes)
    channel.assert_no_findings(allow={*codes, spared})


def test_inspection_and_python_say_the_same(cooked: Chef) -> None:
    channel = cooked.studio.channel(CHANNEL)
    assert ask(cooked, f"channels/{CHANNEL}") == channel.to_dict()
    assert ask(cooked, f"channels/{CHANNEL}/findings") == [finding.to_dict() for finding in channel.findings]
    assert ask(cooked, "report") == cooked.studio.report().to_dict()
    assert ask(cooked, f"channels/{CHANNEL}/diff?from=previous&to=main") == channel.diff("previous", "main").to_dict()
    text = cooked.ask("GET", f"/_fake/channels/{CHANNEL}/tree?tree=main&format=text").get_data(as_text=True)
    assert text == channel.text("main")
    assert text == "Node t [topic]\n  Node d [document]\nNode e [exercise]\n"


def ask(chef: Chef, path: str) -> Any:
    answer = chef.ask("GET", f"/_fake/{path}")
    assert answer.status_code == 200, path
    return answer.get_json()


def test_trees_whole_and_one_level(cooked: Chef) -> None:
    whole = ask(cooked, f"channels/{CHANNEL}/tree?tree=main")
    assert [child["title"] for child in whole["children"]] == ["Node t", "Node e"]
    assert [child["title"] for child in whole["children"][0]["children"]] == ["Node d"]
    level = ask(cooked, f"channels/{CHANNEL}/tree?tree=main&levels=1")
    assert [child["children"] for child in level["children"]] == [[], []]
    assert ask(cooked, f"channels/{CHANNEL}/tree")["children"] == [], "the newest is the chef's, which is empty"


def test_a_node_with_all_that_was_sent(cooked: Chef) -> None:
    [node] = ask(cooked, f"nodes/{an_id('d')}")
    assert (node["tree"], node["channel"], node["sent"]) == ("main", CHANNEL, document())
    [again] = ask(cooked, f"nodes/{node['id']}")
    assert again == node
    [exercise] = ask(cooked, f"nodes/{an_id('e')}")
    assert [question["question"] for question in exercise["questions"]] == ["2+2?"]


def test_files_and_their_bytes(cooked: Chef) -> None:
    stored = {file["name"]: file for file in ask(cooked, "files")}
    file = stored[document()["files"][0]["filename"]]
    assert (file["size"], file["media_type"]) == (len(PDF), "application/pdf")
    assert cooked.ask("GET", file["url"]).data == PDF


MISSING = [
    ("channels/nothing", "Channel not found: 'nothing'"),
    ("channels/nothing/tree", "Channel not found: 'nothing'"),
    ("channels/nothing/findings", "Channel not found: 'nothing'"),
    ("channels/nothing/diff", "Channel not found: 'nothing'"),
    (f"channels/{CHANNEL}/tree?tree=staging", "Tree not found: 'staging'"),
    (f"channels/{CHANNEL}/tree?tree=oak", "Tree not found: 'oak'"),
    (f"channels/{CHANNEL}/diff?from=oak", "Tree not found: 'oak'"),
    ("nodes/nothing", "Node not found: 'nothing'"),
    ("requests/999", "Request not found: 999"),
    ("nothing", "not found: '/_fake/nothing'"),
]


@pytest.mark.parametrize(("path", "says"), MISSING)
def test_what_is_not_there(cooked: Chef, path: str, says: str) -> None:
    answer = cooked.ask("GET", f"/_fake/{path}")
    assert answer.status_code == 404
    assert says in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "channels/nothing/deploy"), ("POST", "channels/nothing/publish"), ("DELETE", "channels/nothing")],
)
def test_what_is_not_there_cannot_be_changed(cooked: Chef, method: str, path: str) -> None:
    answer = cooked.ask(method, f"/_fake/{path}")
    assert answer.status_code == 404
    assert "Channel not found: 'nothing'" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (f"channels/{CHANNEL}/tree?levels=few", "levels: must be a whole number"),
        (f"channels/{CHANNEL}/tree?levels=²", "levels: must be a whole number"),
        ("requests?limit=few", "limit: must be a whole number"),
        ("requests?status=good", "status: must be a whole number"),
        ("requests?colour=red", "Allowed: endpoint, method"),
    ],
)
def test_what_makes_no_sense(cooked: Chef, path: str, says: str) -> None:
    answer = cooked.ask("GET", f"/_fake/{path}")
    assert answer.status_code == 400
    assert says in answer.get_json()["error"]


@pytest.mark.parametrize("path", ["requests/count", "requests/find"])
@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "null"])
def test_what_is_no_number_counts_nothing(cooked: Chef, path: str, number: str) -> None:
    answer = cooked.ask("POST", f"/_fake/{path}", f'{{"since": {number}}}')
    assert answer.status_code == 400
    assert "since: must be a whole number" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_name", "5", "first_name: must not be a number"),
        ("is_admin", "1", "is_admin: must not be a number"),
        ("is_active", "null", "is_active: must not be null"),
        ("disk_space", "true", "disk_space: must not be a boolean"),
        ("disk_space", "Infinity", "disk_space: must not contain inf"),
        ("token", r'"\ud800"', "token: must not contain half of a surrogate pair"),
    ],
)
def test_a_user_of_other_types_is_refused(cooked: Chef, field: str, value: str, says: str) -> None:
    told = {"username": '"ada"', "token": '"x"', field: value}
    body = "{" + ", ".join(f'"{name}": {each}' for name, each in told.items()) + "}"
    before = state_of(cooked.studio)
    answer = cooked.ask("POST", "/_fake/users", body)
    assert answer.status_code == 400
    assert says in answer.get_json()["error"]
    assert state_of(cooked.studio) == before


def test_the_verdict(cooked: Chef) -> None:
    told = ask(cooked, "report")
    assert told["ok"] is False
    assert told["refusals"][0]["cause"]["kind"] == "ParentNotFound"
    [channel] = told["channels"]
    assert {"run-unfinished", "parent-lost"} <= {finding["code"] for finding in channel["findings"]}
    fewer = ask(cooked, "report?allow=run-unfinished&allow=parent-lost")
    assert {"run-unfinished", "parent-lost"}.isdisjoint(finding["code"] for finding in fewer["channels"][0]["findings"])


def test_strict_counts_warnings(chef: Chef) -> None:
    send(chef, document())
    assert ask(chef, "report")["ok"] is True
    assert ask(chef, "report?strict=1")["ok"] is False


# Strangers


STRANGERS = {
    "page of another origin": ({"headers": {"Origin": "http://evil.test"}}, "pages of other origins"),
    "page without an origin": ({"headers": {"Origin": "null"}}, "pages of other origins"),
    "image on another page": ({"headers": {"Sec-Fetch-Site": "cross-site"}}, "pages of other origins"),
    "same host, other port": ({"headers": {"Origin": "http://localhost:9999"}}, "pages of other origins"),
    "rebound name": ({"headers": {"Host": "evil.test"}}, "not to 'evil.test'"),
    "name that begins well": ({"headers": {"Host": "127.0.0.1.evil.test:81"}}, "not to '127.0.0.1.evil.test:81'"),
    "another machine": ({"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}, "192.0.2.7 is another"),
}
FRIENDS: dict[str, dict[str, Any]] = {
    "program": {},
    "own page": {"headers": {"Origin": "http://localhost"}},
    "by number": {"headers": {"Host": "127.0.0.1:8000"}},
    "version 6": {"headers": {"Host": "[::1]:8000"}, "environ_overrides": {"REMOTE_ADDR": "::1"}},
    "same site": {"headers": {"Sec-Fetch-Site": "same-origin"}},
}
ROUTES = [("GET", "channels"), ("POST", "reset"), ("GET", "requests"), ("DELETE", "requests"), ("GET", "faults")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_are_refused(chef: Chef, stranger: str, method: str, path: str) -> None:
    begin(chef)
    before, kept = state_of(chef.studio), len(chef.studio.journal.entries())
    asked, says = STRANGERS[stranger]
    answer = chef.ask(method, f"/_fake/{path}", **asked)
    assert answer.status_code == 403
    assert says in answer.get_json()["error"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert (state_of(chef.studio), len(chef.studio.journal.entries())) == (before, kept)


@pytest.mark.parametrize("asked", FRIENDS.values(), ids=FRIENDS)
def test_friends_are_not(chef: Chef, asked: dict[str, Any]) -> None:
    assert chef.ask("GET", "/_fake/channels", **asked).status_code == 200


@pytest.mark.parametrize("stranger", STRANGERS)
def test_control_from_anywhere_lets_machines_in_but_no_pages_and_no_names(chef: Chef, stranger: str) -> None:
    client = create_app(chef.studio, control_from_anywhere=True).test_client()
    asked, _ = STRANGERS[stranger]
    expected = 200 if stranger == "another machine" else 403
    assert client.get("/_fake/channels", **asked).status_code == expected


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((name, 200) for name in ("studio:8000", "STUDIO", "192.0.2.7", "[2001:db8::1]:80", "localhost")),
        *((name, 403) for name in ("studio.evil.test", "other", "1.2.3.4.evil.test")),
    ],
)
def test_names_that_are_allowed(chef: Chef, host: str, status: int) -> None:
    app = create_app(chef.studio, control_from_anywhere=True)
    app.config["ALLOWED_HOSTS"] = ("Studio", "more.test")
    remote = {"REMOTE_ADDR": "192.0.2.9"}
    answer = app.test_client().get("/_fake/channels", headers={"Host": host}, environ_overrides=remote)
    assert answer.status_code == status
    if status == 403:
        assert "--allowed-host" in answer.get_json()["error"]


def test_the_api_itself_is_open_to_all(chef: Chef) -> None:
    """It is the control routes that are dangerous; a token protects the others."""
    asked, _ = STRANGERS["another machine"]
    assert chef.post("authenticate_user_internal", **asked).status_code == 200
