"""The operator's settings, read once from the environment and passed in from there.

Never reads a file, and never the working directory; the account that `setup` keeps is added by `account`. A
secret is held in a type that prints stars.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.setting_values import (
    WAYS,
    Address,
    Budgets,
    Key,
    Origin,
    ProxyAddress,
    Ways,
    WholePath,
    WholePaths,
    Words,
    split_address,
)
from sprinklr_tools.platform import DEFAULT_BASE_URL

PREFIX = "SPRINKLR_"
WHERE_SET = (
    "Ask the person to put that right where it is set: in the terminal, in the client's entry for this "
    "server, or in the settings of the extension."
)
# What a desktop client leaves of a bundle's manifest where the person has entered nothing.
UNFILLED = re.compile(r"\$\{user_config\.[A-Za-z0-9_.-]+\}")


class Settings(BaseModel):
    """Everything an operator can decide; each field is set by the variable that its alias names."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True)

    api_key: Key = Field(
        None, alias="SPRINKLR_API_KEY", description="The app's API key. Needed, here or kept by `setup`."
    )
    api_secret: Key = Field(
        None, alias="SPRINKLR_API_SECRET", description="The app's secret. Needed, here or kept by `setup`."
    )
    environment: str = Field(
        "prod",
        alias="SPRINKLR_ENVIRONMENT",
        pattern=r"^[a-z0-9]{1,16}$",
        description="Your Sprinklr environment: prod, prod0, prod2, …",
    )
    redirect_uri: Address = Field(
        None,
        alias="SPRINKLR_REDIRECT_URI",
        description="The app's registered callback address, to the letter. Needed to log in by browser.",
    )
    base_url: Origin = Field(
        DEFAULT_BASE_URL,
        alias="SPRINKLR_BASE_URL",
        description="Another host, over https; plain http only to this machine.",
    )
    workspace: str | None = Field(
        None,
        alias="SPRINKLR_WORKSPACE",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The workspace to publish in, where a login reaches several.",
    )
    home: WholePath = Field(
        None,
        alias="SPRINKLR_MCP_HOME",
        description="The folder for login, approvals and audit. Unset: the user's data folder.",
    )
    keyring: bool = Field(
        False,
        alias="SPRINKLR_MCP_KEYRING",
        description="true: the key that seals stored secrets is in the system's keyring, not in a file.",
    )
    read_only: bool = Field(False, alias="SPRINKLR_READ_ONLY", description="true: only tools that read.")
    toolsets: Words = Field(
        (),
        alias="SPRINKLR_TOOLSETS",
        description="Only these groups of tools, separated by commas; `all` for every tool, `default` for "
        "all but the optional ones. Unset: default.",
    )
    allow: Words = Field(
        (), alias="SPRINKLR_ALLOW", description="Only these tools, or these besides the toolsets."
    )
    deny: Words = Field((), alias="SPRINKLR_DENY", description="Never these tools, whatever else is set.")
    budgets: Budgets = Field(
        (),
        alias="SPRINKLR_BUDGETS",
        description="How many calls of a tool that writes an hour may hold, of all processes on this data "
        "folder: tool=number, separated by commas; 0 for never. A tool not named keeps what docs/tools.md "
        "says of it.",
    )
    publish_accounts: Words = Field(
        (),
        alias="SPRINKLR_PUBLISH_ACCOUNTS",
        description="The ids of the accounts that may publish. Unset: all.",
    )
    default_campaign: str | None = Field(
        None,
        alias="SPRINKLR_DEFAULT_CAMPAIGN",
        pattern=r"^[0-9A-Za-z_-]{1,64}$",
        description="The campaign of messages that name none.",
    )
    attachment_hosts: Words = Field(
        (),
        alias="SPRINKLR_ATTACHMENT_HOSTS",
        description="The hosts that attachments may come from. Unset: any public one.",
    )
    upload_folders: WholePaths = Field(
        (),
        alias="SPRINKLR_UPLOAD_FOLDERS",
        description="Where files may be uploaded from: whole paths, separated by commas. Unset: nowhere.",
    )
    approval_ways: Ways = Field(
        WAYS,
        alias="SPRINKLR_APPROVAL_WAYS",
        description="How a person may agree: by a form of the client's, on a page in their browser, in a "
        "terminal. Without `page` the server opens no page at all, not to log in either.",
    )
    calls_per_second: int = Field(
        10,
        alias="SPRINKLR_CALLS_PER_SECOND",
        ge=1,
        le=1000,
        description="Your contract's limit, kept by all processes on this data folder.",
    )
    calls_per_hour: int = Field(
        1000,
        alias="SPRINKLR_CALLS_PER_HOUR",
        ge=20,
        le=1_000_000,
        description="Your contract's limit, kept by all processes on this data folder.",
    )
    endpoints: str | None = Field(
        None,
        alias="SPRINKLR_ENDPOINTS",
        description="Calls that Sprinklr does not publish, or others than it does: JSON, tool to "
        '"METHOD /path/{field}".',
    )
    proxy: ProxyAddress = Field(
        None, alias="SPRINKLR_PROXY", description="The proxy to use; those of the system are not."
    )
    ca_file: WholePath = Field(
        None, alias="SPRINKLR_CA_FILE", description="More certificates to trust, as a PEM file."
    )
    read_deadline: float = Field(
        30,
        alias="SPRINKLR_READ_DEADLINE",
        gt=0,
        le=600,
        description="Seconds for one read, retries included.",
    )
    write_deadline: float = Field(
        60, alias="SPRINKLR_WRITE_DEADLINE", gt=0, le=600, description="Seconds for one write."
    )
    token_deadline: float = Field(
        30,
        alias="SPRINKLR_TOKEN_DEADLINE",
        gt=0,
        le=600,
        description="Seconds for one call to Sprinklr's login service.",
    )
    approval_deadline: float = Field(
        300,
        alias="SPRINKLR_APPROVAL_DEADLINE",
        gt=0,
        le=3600,
        description="Seconds that a person has to answer.",
    )
    simulated: bool = False
    """Whether the other side is the simulator beside this process; set by the command, not a variable."""
    bundle: Path | None = None
    """The folder of the bundle that a client has started this process from; set by the command, too.

    Whoever installed it has no command of ours, and settings in the client instead.
    """
    kept_secret: Callable[[], SecretStr] | None = Field(None, repr=False)
    """Opens the secret of the account that `setup` keeps; set by `account`, where no variable holds one."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the `SPRINKLR_` variables; a blank one, or one that a client did not fill, counts as not set.

        Raises `Fault` CONFIGURATION naming each wrong or unknown variable, never its value.
        """
        given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
        given = {name: value for name, value in given.items() if _is_set(value)}
        known = {str(field.alias) for field in cls.model_fields.values() if field.alias}
        unknown = [_guess(name, known) for name in sorted(set(given) - known)]
        try:
            settings = cls.model_validate({name: given[name] for name in set(given) & known})
        except ValidationError as error:
            unknown += [f"{fault['loc'][0]}: {_reason(fault)}" for fault in error.errors()]
            settings = None
        if unknown or settings is None:
            raise Fault(Code.CONFIGURATION, "Settings are wrong: " + "; ".join(unknown) + ".", WHERE_SET)
        return settings

    @property
    def data_folder(self) -> Path:
        """Where everything that must survive is kept."""
        return self.home if self.home is not None else _user_data_folder()

    def missing(self) -> list[str]:
        """Return the variables of key and secret that are neither set nor kept."""
        there = {
            "SPRINKLR_API_KEY": self.api_key is not None,
            "SPRINKLR_API_SECRET": self.api_secret is not None or self.kept_secret is not None,
        }
        return [name for name, is_there in there.items() if not is_there]

    def key(self) -> str:
        """Return the key. Raises `Fault` CONFIGURATION naming what is missing, be it the secret."""
        missing = self.missing()
        if missing or self.api_key is None:
            raise Fault(
                Code.CONFIGURATION,
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
                f"Ask the person to {self.way_to_set('this')}.",
            )
        return self.api_key.get_secret_value()

    def credentials(self) -> tuple[str, str]:
        """Return key and secret. May wait for a keyring: call it in a worker thread.

        Raises `Fault` CONFIGURATION naming what is missing, and `StoreUnavailable` where what is kept does
        not open.
        """
        key = self.key()
        secret = self.api_secret or (self.kept_secret() if self.kept_secret else SecretStr(""))
        return key, secret.get_secret_value()

    def secrets(self) -> list[str]:
        """Return what nobody may be shown. A proxy's address is in many texts; its password is not."""
        proxy = split_address(self.proxy.get_secret_value()).password if self.proxy else None
        keys = (self.api_key, self.api_secret)
        return [one.get_secret_value() for one in keys if one] + ([unquote(proxy)] if proxy else [])

    def without_rules(self) -> Settings:
        """Return the settings without the rules over tools and files, whose names are checked elsewhere."""
        rules = ("toolsets", "allow", "deny", "budgets", "upload_folders", "endpoints")
        return self.model_copy(update={name: type(self).model_fields[name].default for name in rules})

    def with_simulator_home(self) -> Settings:
        """Return the settings for what belongs to the simulator beside this server: a store of its own."""
        return self.model_copy(update={"home": self.data_folder / "simulator", "simulated": True})

    def command(self, name: str) -> str:
        """Return how a person calls one of our commands for this very store."""
        program = "sprinklr-mcp"
        if self.bundle is not None:
            words = ["uv", "run", "--directory", str(self.bundle), "server/start.py"]
            program = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
        return f"{program} {name} --simulator" if self.simulated else f"{program} {name}"

    def way_to_set(self, what: str) -> str:
        """Return what the person does where a setting is missing, in the words after "Ask the person to"."""
        if self.bundle is not None:
            return f"enter {what} in the settings of the extension in the client, and switch it off and on"
        return f"run `sprinklr-mcp setup`, or set {what} where the server is started and restart the server"


def variable_of(field: str) -> str:
    """Return the environment variable that a setting is read from."""
    return str(Settings.model_fields[field].alias)


def _is_set(value: str) -> bool:
    return bool(value.strip()) and not UNFILLED.fullmatch(value.strip())


def _guess(name: str, known: set[str]) -> str:
    longer = [one for one in sorted(known) if one.startswith(name)]
    near = longer or difflib.get_close_matches(name, known, 1)
    return f"{name} is not a setting" + (f" (did you mean {near[0]}?)" if near else "")


def _reason(fault: ErrorDetails) -> str:
    if fault["type"] == "string_pattern_mismatch":
        return "it has other characters than it may have, or too many"
    return fault["msg"].removeprefix("Value error, ")


def _user_data_folder() -> Path:
    """Return the platform's place for a user's data, by its own convention."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "sprinklr-mcp"
    if os.uname().sysname == "Darwin":
        return Path.home() / "Library" / "Application Support" / "sprinklr-mcp"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "sprinklr-mcp"
