"""Nothing that a chef writes acts in our report: on a terminal, on a CI system, or on who reads the verdict."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from fake_studio.core.chef_run import ChefRun
from fake_studio.core.secrets import mask_headers, mask_text
from fake_studio.core.visible_text import harmless, visible
from fake_studio.reports.github import annotation_lines, summary
from fake_studio.reports.junit import junit
from fake_studio.reports.text import format_report
from support.chefs_driver import Chef, node_data
from support.provocations import document, send

FORGED = [
    "::error::all is lost",
    "  ::set-output name=a::b",
    "##vso[task.complete result=Succeeded;]",
    "a ##[error]b",
    "Result: ok",
    "x\nResult: ok",
    "Verdict: ok",
    "x\r\n::error::y",
    "\x1b[2J\x1b]0;title\x07",
    "abc\u202edcb",
    "line\u2028separator\u2029",
    "\u2066isolate",
    "\x00\x08\x85",
    "\ufffe\uffff]]>&<",
]


@pytest.mark.parametrize("text", FORGED)
def test_titles_and_lines_of_chefs(deployed: Chef, text: str) -> None:
    title = text.replace("\x00", "")  # Studio's database has no place for it
    send(deployed, document(title=title), node_data("t", title=title), name=title)
    report = deployed.studio.report(run=ChefRun(exit_code=1, output=[text, f"ValueError: {text}"], url="http://x"))
    printed = list(format_report(report))
    for line in printed:
        assert len(line.splitlines()) <= 1
        assert line.isprintable()
        assert "##vso[" not in line
        assert "##[" not in line
        assert not line.lstrip().startswith("::")
    assert [line for line in printed if "Result: ok" in line or "Result: not ok" in line] == printed[-1:]
    assert printed[-1].startswith("Result: not ok (")
    written = junit(report, f"chef {text}")
    assert [line for line in written.split("\n") if line.lstrip().startswith("::") or "##vso[" in line] == []
    root = ET.fromstring(written)
    assert root.find(".//system-out") is not None
    assert json.loads(json.dumps(report.to_dict()))["ok"] is False


def test_what_is_harmless_stays_as_it_is() -> None:
    for text in ("ماء البئر 100%", "a: b::c", "中文 é", "emoji 👩‍🔬", "$a < b$", "#1 ##"):
        assert visible(text) == harmless(text) == text
    assert visible("\x1b[32mINFO\x1b[0m") == "INFO"
    assert visible("\u200fالوحدة") == "\\u200fالوحدة"


TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "text",
    [
        f"my token is {TOKEN}",
        f"Authorization: Token {TOKEN}",
        f'{{"X-Api-Key": "{TOKEN}"}}',
        f"Proxy-Authorization: Basic {TOKEN}",
        f"GET /x?token={TOKEN}&a=1",
        f"https://storage/a?user=1&signature={TOKEN}",
        f"https://storage/a?X-Goog-Signature={TOKEN}",
        f"api_key={TOKEN}",
        f'{{"access_token": "{TOKEN}", and no JSON',
        f"https://user:{TOKEN}@example.org/x",
        f"https://{TOKEN}@example.org/x",
        f"Set-Cookie: sessionid={TOKEN}; Path=/",
        f"AWS_SECRET_ACCESS_KEY={TOKEN}",
        f"GITHUB_TOKEN: {TOKEN}",
        f"https://b.blob.example/a?sv=1&sig={TOKEN}",
        f"https://h/#access_token={TOKEN}",
        f"https://h/?next=https%3A%2F%2Fi%2F%3Ftoken%3D{TOKEN}%26a",
        f"?client_secret={TOKEN}&pwd={TOKEN}&jwt={TOKEN}",
        f"sent with Bearer {TOKEN}",
        f"chef.py --token {TOKEN} --verbose",
        f"{{'password': '{TOKEN}'}}",
        f'"{{\\"refresh_token\\": \\"{TOKEN}\\"}}"',
        f"apikey: {TOKEN}",
    ],
)
def test_secrets_are_masked_in_text(text: str) -> None:
    masked = mask_text(text, [TOKEN])
    assert TOKEN not in masked
    assert TOKEN[:6] in masked, "two of them can be told apart"
    assert mask_text(masked, [TOKEN]) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Send a header 'Authorization: Token <your token>'.",
        "invalid token: expected ','",
        "token = os.environ['X']",
        "Secret: The Garden of 2 keys",
        "sorted(x, key=lambda y: 1)",
        "def f(token=None, key=None)",
        "https://www.example.org/@user123/some-long-name-1234",
        "A token economy, and basic algebra 101",
    ],
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    assert mask_text(text) == text


def test_addresses_with_secrets_are_masked_in_what_others_read(deployed: Chef) -> None:
    url = f"https://user:{TOKEN}@example.org/a.pdf?api_key={TOKEN}"
    node = document(title=f"From {url}", description=url)
    node["files"][0]["source_url"] = url
    send(deployed, node, node_data("t", title=url), name=url)
    run = ChefRun(exit_code=1, output=[], url="http://x")
    report = deployed.studio.report(run=run, strict=True)
    summed = [*annotation_lines(report, "chef.py", ""), summary(report, "chef.py")]
    said = [*format_report(report), *format_report(report, colours=True), junit(report, "chef"), *summed]
    assert TOKEN not in "\n".join([*said, json.dumps(report.to_dict())])
    assert deployed.studio.snapshot()["channels"][0]["name"] == url, "a snapshot gives back what was sent"


def test_secrets_are_masked_in_headers() -> None:
    names = ("Authorization", "proxy-authorization", "X-Api-Key", "Cookie", "Set-Cookie", "X-Amz-Security-Token")
    masked = mask_headers({**dict.fromkeys(names, TOKEN), "Referer": f"http://x/?token={TOKEN}", "Accept": "*/*"})
    assert TOKEN not in str(masked)
    assert masked["Accept"] == "*/*"


def test_the_journal_keeps_no_secret(deployed: Chef) -> None:
    headers = {"X-Api-Key": TOKEN, "Proxy-Authorization": f"Basic {TOKEN}"}
    deployed.ask("GET", f"/api/public/info?token={TOKEN}", headers=headers)
    named = {name: TOKEN for name in ("token", "access_token", "password", "client-secret", "apiKey", "X-Signature")}
    deployed.post("check_version", {"version": "0.8.0", "more": [{"key": "kept", **named}]})
    deployed.ask("POST", "/api/internal/check_version", json.dumps(named)[:-1])
    deployed.ask("POST", "/api/internal/check_version", f"{200 * '['}{json.dumps(named)}{200 * ']'}")
    assert deployed.studio.journal.entries()[1].request["body"]["more"][0]["key"] == "kept"
    url = deployed.announce(b"%PDF").get_json()["uploadURL"]
    deployed.put(url, b"%PDF")
    kept = json.dumps([exchange.to_dict() for exchange in deployed.studio.journal.entries()])
    assert TOKEN not in kept
    assert deployed.token not in kept
    assert url.partition("signature=")[2].partition("&")[0] not in kept
