"""server.json, the project's entry in the MCP registry, from the settings and pyproject.toml.

The bundle's package is not in it: a registry wants the file's hash, so `make release` adds it to the copy
that it writes into dist (release/make_registry_entry.py). Facts: the registry's schema of 2025-12-11.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic.fields import FieldInfo

import sprinklr_mcp
from sprinklr_mcp.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
TELLING = "Read and work Sprinklr cases. A person agrees to what reaches customers or cannot be undone."
NEEDED = ("SPRINKLR_API_KEY", "SPRINKLR_API_SECRET")
OF_THE_IMAGE = ("SPRINKLR_MCP_HOME", "SPRINKLR_MCP_KEYRING")
"""What the image sets itself, or has not."""
STDIO = {"type": "stdio"}


def repository() -> str:
    """Return the one address of the repository that stands anywhere."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"].rstrip("/")


def server_json() -> str:
    """Return what the file should hold."""
    owner = urlsplit(repository()).path.split("/")[1].lower()
    entry = {
        "$schema": SCHEMA,
        "name": f"io.github.{owner}/sprinklr-mcp",
        "title": "Sprinklr",
        "description": TELLING,
        "version": sprinklr_mcp.__version__,
        "repository": {"url": repository(), "source": "github"},
        "packages": [_from_pypi(), _as_image(owner)],
    }
    return json.dumps(entry, indent=2, ensure_ascii=False) + "\n"


def _from_pypi() -> dict[str, Any]:
    return {
        "registryType": "pypi",
        "identifier": "sprinklr-mcp",
        "version": sprinklr_mcp.__version__,
        "runtimeHint": "uvx",
        "transport": STDIO,
        "packageArguments": [{"type": "positional", "value": "serve"}],
        "environmentVariables": _variables(),
    }


def _as_image(owner: str) -> dict[str, Any]:
    """The image serves by itself; its data outlives a container only in a volume."""
    return {
        "registryType": "oci",
        "identifier": f"ghcr.io/{owner}/sprinklr-mcp:{sprinklr_mcp.__version__}",
        "runtimeHint": "docker",
        "transport": STDIO,
        "runtimeArguments": [{"type": "named", "name": "--volume", "value": "sprinklr-mcp:/data"}],
        "environmentVariables": [one for one in _variables() if one["name"] not in OF_THE_IMAGE],
    }


def _variables() -> list[dict[str, Any]]:
    return [_variable(field) for field in Settings.model_fields.values() if field.alias]


def _variable(field: FieldInfo) -> dict[str, Any]:
    """Return one setting as the registry describes a variable; what is not said there is false or text."""
    kinds = (field.annotation, *get_args(field.annotation))
    told: dict[str, Any] = {"name": field.alias, "description": field.description}
    if field.alias in NEEDED:
        told["isRequired"] = True
    if SecretStr in kinds:
        told["isSecret"] = True
    if bool in kinds:
        told["format"] = "boolean"
    elif int in kinds or float in kinds:
        told["format"] = "number"
    elif Path in kinds:
        told["format"] = "filepath"
    return told
