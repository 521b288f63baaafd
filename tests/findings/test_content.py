"""What is inside files, as a report says it: once per content, with what could not be checked."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.findings import content
from fake_studio.reports.junit import junit
from fake_studio.reports.text import format_report
from support.chefs_driver import CHANNEL, Chef, file_data, node_data
from support.provocations import begin, packed, send_file

APP = packed({"index.html": '<img src="a.png">'})


@pytest.fixture
def inspections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every look into a file, with its options."""
    calls: list[Any] = []
    inspect_file = content.inspect_file

    def count(path: Any, extension: str, **options: Any) -> Inspection:
        calls.append((extension, options))
        return inspect_file(path, extension, **options)

    monkeypatch.setattr(content, "inspect_file", count)
    return calls


def nodes_with(content_of_file: bytes, *words: str, **changes: Any) -> list[dict[str, Any]]:
    return [
        node_data(word, "html5", **{"files": [file_data(content_of_file, "zip", "html5_zip")], **changes})
        for word in words
    ]


def test_a_content_is_looked_at_once(documented: Chef, inspections: list[Any]) -> None:
    root = begin(documented)
    documented.upload(APP, "a.zip", "html5_zip")
    documented.added(root, *nodes_with(APP, "a", "b", "c"))
    documented.finish()
    for _ in range(2):
        codes = [finding.code for finding in documented.studio.report().findings]
        assert codes.count("archive-reference-missing") == 3
    assert documented.studio.channel(CHANNEL).findings
    assert documented.client.get(f"/channels/{CHANNEL}").status_code == 200
    assert inspections == [("zip", {"entry": None, "preset": "html5_zip"})]


def test_another_entry_page_is_another_look(documented: Chef, inspections: list[Any]) -> None:
    root = begin(documented)
    documented.upload(APP, "a.zip", "html5_zip")
    for entry in ("b.html", "index.html"):
        fields = f'{{"options": {{"entry": "{entry}"}}}}'
        documented.added(root, *nodes_with(APP, entry, extra_fields=fields))
    documented.finish()
    said = [finding.message for finding in documented.studio.report().findings if finding.code.startswith("archive")]
    assert "options.entry names 'b.html', which is not in the zip" in said[0]
    assert "'index.html' asks for 'a.png'" in said[1]
    assert sorted(options["entry"] for _, options in inspections) == ["b.html", "index.html"]


def test_another_zip_that_an_app_uses_must_be_among_the_files_of_its_node(documented: Chef) -> None:
    shared = packed({"lib.js": "1"})
    name = file_data(shared, "zip", "html5_dependency")["filename"]
    using = packed({"index.html": f'<p>x</p><script src="../{name}/lib.js"></script>'})
    root = begin(documented)
    documented.upload(using, "a.zip", "html5_zip")
    documented.upload(shared, "b.zip", "html5_dependency")
    both = [file_data(using, "zip", "html5_zip"), file_data(shared, "zip", "html5_dependency")]
    documented.added(root, node_data("whole", "html5", files=both), *nodes_with(using, "alone"))
    documented.finish()
    said = [finding for finding in documented.studio.report().findings if finding.code.startswith("archive")]
    assert [finding.title for finding in said] == ["Node alone"]
    assert f"another zip, {name}, which is not among the files of the node" in said[0].message


def test_files_are_looked_into_while_others_work(documented: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    send_file(documented, APP, "zip", "html5_zip", "html5")

    worked: list[str] = []

    def work() -> None:
        with documented.studio.lock:
            worked.append("done")

    def work_meanwhile(*_: Any, **__: Any) -> Inspection:
        other = threading.Thread(target=work, daemon=True)
        other.start()
        other.join(timeout=10)
        return Inspection((Flaw("archive-damaged", f"Meanwhile: {worked}"),))

    monkeypatch.setattr(content, "inspect_file", work_meanwhile)
    (finding,) = [each for each in documented.studio.report().findings if each.code == "archive-damaged"]
    assert "Meanwhile: ['done']" in finding.message


def test_what_was_not_checked_is_said_and_does_not_count(documented: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    send_file(documented, APP, "zip", "html5_zip", "html5")
    monkeypatch.setattr(content, "inspect_file", lambda *_, **__: Inspection(unchecked=("It was too large.",)))
    report = documented.studio.report()
    assert report.ok
    assert report.unchecked == ["It was too large. (a.zip of 'Node d')"]
    assert report.to_dict()["unchecked"] == report.unchecked
    assert "Not checked: It was too large. (a.zip of 'Node d')" in list(format_report(report))
    assert "Not checked: It was too large." in junit(report, "suite")


def test_a_file_that_goes_meanwhile_breaks_no_report(documented: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    send_file(documented, APP, "zip", "html5_zip", "html5")

    def lose(*_: Any, **__: Any) -> Inspection:
        raise FileNotFoundError

    monkeypatch.setattr(content, "inspect_file", lose)
    assert [finding for finding in documented.studio.report().findings if finding.code.startswith("archive")] == []
    assert documented.studio.inspections == {}
