"""The pipelines of the docs, as far as actionlint and GitLab's linter would judge them without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from support.docs_pages import PAGES, blocks, name_of

# docs.github.com, "Workflow syntax for GitHub Actions"; only what our pages may use.
WORKFLOW = {"name", "on", "permissions", "env", "jobs"}
JOB = {"runs-on", "timeout-minutes", "strategy", "needs", "if", "env", "permissions", "steps"}
CALL = {"uses", "with", "needs", "if", "permissions"}
STEP = {"name", "id", "if", "uses", "with", "run", "env"}
STRATEGY = {"fail-fast", "matrix", "max-parallel"}
INPUT_TYPES = {"string", "boolean", "number"}
# docs.gitlab.com, "CI/CD YAML syntax reference".
GITLAB_JOB = {"image", "script", "artifacts", "stage", "rules", "variables", "before_script"}
ARTIFACTS = {"when", "paths", "reports", "expire_in"}


def pipelines(folder: str) -> Iterator[Any]:
    for page in PAGES:
        for block in blocks(page):
            if block.language == "yaml" and (block.name or ".github/").startswith(folder):
                yield pytest.param(block.name, yaml.safe_load(block.text.replace("on:", '"on":', 1)), id=name_of(page))


WORKFLOWS = list(pipelines(".github/"))


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_only_keys_that_there_are(name: str | None, workflow: Any) -> None:
    assert set(workflow) <= WORKFLOW
    assert set(workflow) >= {"on", "jobs"}
    for job in workflow["jobs"].values():
        assert set(job) <= (CALL if "uses" in job else JOB)
        assert "uses" in job or {"runs-on", "steps"} <= set(job)
        assert set(job.get("strategy", {})) <= STRATEGY
        for step in job.get("steps", ()):
            assert set(step) <= STEP
            assert ("run" in step) != ("uses" in step), step
            assert "with" not in step or "uses" in step


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_actions_have_a_version(name: str | None, workflow: Any) -> None:
    called = [job["uses"] for job in workflow["jobs"].values() if "uses" in job]
    actions = [step["uses"] for job in workflow["jobs"].values() for step in job.get("steps", ()) if "uses" in step]
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+(\.\d+)*", action) for action in actions), actions
    known = {f"./{param.values[0]}" for param in WORKFLOWS if param.values[0]}
    assert set(called) <= known


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_expressions_name_what_there_is(name: str | None, workflow: Any) -> None:
    call = workflow["on"].get("workflow_call") or {} if isinstance(workflow["on"], dict) else {}
    inputs = call.get("inputs", {})
    assert {told["type"] for told in inputs.values()} <= INPUT_TYPES
    for job in workflow["jobs"].values():
        known = {f"inputs.{key}" for key in inputs}
        known |= {f"matrix.{key}" for key in job.get("strategy", {}).get("matrix", {})}
        assert set(re.findall(r"\$\{\{ *([^ }]+) *\}\}", yaml.safe_dump(job))) <= known


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_no_expression_becomes_a_command(name: str | None, workflow: Any) -> None:
    """An input that is pasted into a script can be a script: it goes through the environment."""
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_no_more_rights_than_needed(name: str | None, workflow: Any) -> None:
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(("name", "workflow"), WORKFLOWS)
def test_what_is_called_gets_inputs_that_it_has(name: str | None, workflow: Any) -> None:
    by_name = {f"./{param.values[0]}": param.values[1] for param in WORKFLOWS}
    for job in workflow["jobs"].values():
        if "uses" in job:
            inputs = by_name[job["uses"]]["on"]["workflow_call"]["inputs"]
            assert set(job.get("with", {})) <= set(inputs)


@pytest.mark.parametrize(("name", "pipeline"), list(pipelines(".gitlab-ci.yml")))
def test_gitlab(name: str, pipeline: Any) -> None:
    for job in pipeline.values():
        assert set(job) <= GITLAB_JOB
        assert all(isinstance(line, str) for line in job["script"])
        assert set(job["artifacts"]) <= ARTIFACTS
        assert set(job["artifacts"]["reports"]) <= {"junit"}
