"""Whatever a configuration file looks like: an entry goes in and out, and nothing else changes by a byte."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from client_files import BOM, JSON_FILES, TOML_FILES, entered_alone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sprinklr_mcp.clients.formats import JSON, TOML
from sprinklr_mcp.clients.refusing import Unreadable

ENTRY = {"command": "/opt/sprinklr-mcp", "args": ["serve"], "env": {"SPRINKLR_ENVIRONMENT": "prod2"}}
LATER = {"command": "C:\\sprinklr-mcp.exe", "args": ["serve", "--read-only"], "quote": '"'}
STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("content", JSON_FILES.values(), ids=JSON_FILES.keys())
def test_an_entry_goes_into_json_as_people_write_it_and_out_again(content: bytes) -> None:
    before = JSON.read(content.removeprefix(BOM).decode())
    entered = JSON.with_entry(content, "SERVERS", "sprinklr", ENTRY)
    assert entered.startswith(BOM) == content.startswith(BOM)
    text = entered.removeprefix(BOM).decode()
    assert JSON.read(text)["SERVERS"] == {**before.get("SERVERS", {}), "sprinklr": ENTRY}
    assert entered_alone(content.decode(), entered.decode())
    assert (b"\n" in entered.replace(b"\r\n", b"")) == (b"\r\n" not in content and b"\n" in entered)
    renewed = JSON.with_entry(entered, "SERVERS", "sprinklr", LATER)
    assert JSON.entries(renewed, "SERVERS")["sprinklr"] == LATER
    out = JSON.without_entry(renewed, "SERVERS", "sprinklr")
    assert out == JSON.without_entry(entered, "SERVERS", "sprinklr")
    if before.get("SERVERS"):
        assert out == content
    assert JSON.read(out.removeprefix(BOM).decode()) == {**before, "SERVERS": before.get("SERVERS", {})}


def test_an_entry_looks_like_its_neighbours() -> None:
    tabs = JSON.with_entry(JSON_FILES["tabs"], "SERVERS", "sprinklr", {"command": "x"}).decode()
    assert '\t\t"other": {"command": "x"},\n\t\t"sprinklr": {\n\t\t\t"command": "x"\n\t\t}\n\t},' in tabs
    line = JSON.with_entry(JSON_FILES["one line"], "SERVERS", "sprinklr", {"command": "x"}).decode()
    assert '"other":{"command":"x"}, "sprinklr": {"command": "x"}},"b":2}' in line
    commented = JSON.with_entry(JSON_FILES["comments"], "SERVERS", "sprinklr", {"command": "x"}).decode()
    assert '    }, // the last one\n    "sprinklr": {\n      "command": "x"\n    },\n  },' in commented


@pytest.mark.parametrize("content", TOML_FILES.values(), ids=TOML_FILES.keys())
def test_an_entry_goes_into_toml_as_people_write_it_and_out_again(content: bytes) -> None:
    before = tomllib.loads(content.decode())
    entered = TOML.with_entry(content, "mcp_servers", "sprinklr", ENTRY)
    assert entered.startswith(content)
    servers = {**before.get("mcp_servers", {}), "sprinklr": ENTRY}
    assert tomllib.loads(entered.decode()) == {**before, "mcp_servers": servers}
    assert (b"\n" in entered.replace(b"\r\n", b"")) == (b"\r\n" not in content)
    renewed = TOML.with_entry(entered, "mcp_servers", "sprinklr", LATER)
    assert TOML.entries(renewed, "mcp_servers")["sprinklr"] == LATER
    for text in (entered, renewed):
        out = TOML.without_entry(text, "mcp_servers", "sprinklr")
        assert out in (content, content + b"\n"), "a last line without an end has one now"


def test_a_toml_entry_between_others_is_taken_out_alone() -> None:
    others = b'[mcp_servers.a]\ncommand = "a"\n\n', b"# about z\n[z]\nb = 1\n"
    ours = b'[mcp_servers.sprinklr]\ncommand = "x"\n\n[mcp_servers.sprinklr.env]\nA = "b"\n'
    out = TOML.without_entry(others[0] + ours + others[1], "mcp_servers", "sprinklr")
    assert tomllib.loads(out.decode()) == {"mcp_servers": {"a": {"command": "a"}}, "z": {"b": 1}}
    assert out.startswith(others[0])
    assert out.endswith(b"[z]\nb = 1\n")


# --- JSON as nobody writes it ---

SPACES = ["", " ", "\n", "\t", "\r\n", "\n    ", "// a note, {\n", "// \r\n", '/* "x": { */', "/* // \n */"]
gaps = st.lists(st.sampled_from(SPACES), max_size=3).map("".join)
names = st.text(st.sampled_from('ab"\\/{},é😀 '), min_size=1, max_size=4)
scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(-9, 9) | names
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)
servers_of_others = st.dictionaries(names, st.dictionaries(names, values, max_size=2), max_size=3)


@st.composite
def objects(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An object's text, and what it says."""
    members = list(draw(st.dictionaries(names, values, max_size=3)).items())
    if draw(st.booleans()):
        members.append(("servers", draw(servers_of_others)))
    plain = dict(draw(st.permutations(members)))
    return written(draw, plain), plain


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A whole text, and what it says."""
    text, plain = draw(objects())
    return draw(gaps) + text + draw(gaps), plain


def written(draw: st.DrawFn, value: Any) -> str:
    if isinstance(value, dict):
        return in_brackets(draw, "{}", [member(draw, key, one) for key, one in value.items()])
    if isinstance(value, list):
        return in_brackets(draw, "[]", [written(draw, one) for one in value])
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


def member(draw: st.DrawFn, key: str, value: Any) -> str:
    return f"{json.dumps(key)}{draw(gaps)}:{draw(gaps)}{written(draw, value)}"


def in_brackets(draw: st.DrawFn, brackets: str, parts: list[str]) -> str:
    commas = ["," for _ in parts[1:]] + [draw(st.sampled_from(["", ","]))] if parts else []
    spaced = "".join(
        f"{part}{draw(gaps)}{comma}{draw(gaps)}" for part, comma in zip(parts, commas, strict=True)
    )
    return brackets[0] + draw(gaps) + spaced + brackets[1]


@STEADY
@given(documents())
def test_an_entry_goes_into_any_json_and_out_again(document: tuple[str, dict[str, Any]]) -> None:
    text, plain = document
    assert JSON.read(text) == plain
    servers = plain.get("servers", {})
    entered = JSON.with_entry(text.encode(), "servers", "sprinklr", ENTRY)
    assert JSON.read(entered.decode()) == {**plain, "servers": {**servers, "sprinklr": ENTRY}}
    assert entered_alone(text, entered.decode())
    renewed = JSON.with_entry(entered, "servers", "sprinklr", LATER)
    assert JSON.with_entry(renewed, "servers", "sprinklr", ENTRY) == entered
    out = JSON.without_entry(renewed, "servers", "sprinklr")
    assert JSON.read(out.decode()) == {**plain, "servers": servers}
    if servers:
        assert out == text.encode()


@STEADY
@given(documents(), st.randoms(use_true_random=False))
def test_any_entry_can_be_taken_out_of_any_json(document: tuple[str, dict[str, Any]], chance: Any) -> None:
    text, plain = document
    servers = plain.get("servers", {})
    if not servers:
        return
    name = chance.choice(sorted(servers))
    out = JSON.without_entry(text.encode(), "servers", name).decode()
    assert JSON.read(out) == {**plain, "servers": {key: one for key, one in servers.items() if key != name}}
    assert entered_alone(out, text) or not JSON.read(out)["servers"]


@STEADY
@given(objects(), st.data())
def test_a_text_that_is_cut_off_is_refused_in_words(
    an_object: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    text, _ = an_object
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    with pytest.raises(Unreadable) as refusal:
        JSON.read(cut)
    assert 1 <= refusal.value.line <= len(re.split(r"\r\n|\r|\n", cut))
