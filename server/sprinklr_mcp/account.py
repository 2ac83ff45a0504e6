"""The account that `setup` keeps for every client's server: one app's key and secret, and where they belong.

It lies in a file of the data folder that its owner alone may read; the secret in it is sealed with the key of
the store. What the environment sets wins over it. Asks nobody, and knows nothing of the login.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from sprinklr_mcp.errors import Fault, StoreUnavailable
from sprinklr_mcp.settings import Settings, variable_of
from sprinklr_mcp.store.keys import key_source
from sprinklr_mcp.store.private_files import make_private_folder, refuse_unless_private, replace_private_file
from sprinklr_mcp.store.sealing import cipher_of, opened_with, sealed_with

NAME = "account.json"
KEY_AND_SECRET = ("api_key", "api_secret")
PLAIN = ("environment", "redirect_uri", "base_url")
"""The settings that belong to a key and are no secret."""
AGAIN = "Ask the person to run `sprinklr-mcp setup` again."


class Account(BaseModel):
    """What the file says; the secret stays sealed until it is needed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    format: Literal[1] = 1
    api_key: Annotated[str, Field(min_length=1, repr=False)]
    sealed_secret: Annotated[Base64Bytes, Field(repr=False)]
    environment: str
    redirect_uri: str | None = None
    base_url: str


def account_file(settings: Settings) -> Path:
    """Return where the file is, or would be."""
    return settings.data_folder / NAME


def kept_account(settings: Settings) -> Account | None:
    """Return the account of this data folder; None where none is kept.

    Raises `StoreUnavailable` for a file that is damaged, or that is not this user's alone.
    """
    file = account_file(settings)
    try:
        refuse_unless_private(file)
        account = Account.model_validate_json(file.read_bytes())
        Settings.from_environment(_variables(account))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreUnavailable(
            f"{file} cannot be read.", "Ask the person to look at its owner and mode.", note=str(error)
        ) from error
    except StoreUnavailable:
        raise
    except (ValidationError, Fault) as error:
        raise StoreUnavailable(f"{file} is damaged.", AGAIN, note=_reason(error)) from error
    return account


def with_account(settings: Settings) -> Settings:
    """Return the settings, completed by the account that is kept; its secret stays sealed until it is used.

    An account is one app's: where the environment names another key, nothing of it is used. Raises
    `StoreUnavailable`.
    """
    account = kept_account(settings)
    if account is None or names_another_key(settings, account):
        return settings
    given = settings.model_fields_set
    update: dict[str, object] = {name: getattr(account, name) for name in PLAIN if name not in given}
    update["api_key"] = SecretStr(account.api_key)
    if settings.api_secret is None:
        update["kept_secret"] = partial(_secret_of, account, settings)
    return settings.model_copy(update=update)


def names_another_key(settings: Settings, account: Account) -> bool:
    """Tell whether the settings are of another app than the account."""
    return settings.api_key is not None and settings.api_key.get_secret_value() != account.api_key


def overruling(settings: Settings, account: Account) -> list[str]:
    """Return the variables of the environment whose values are used instead of the account's.

    `settings` are those of the environment, completed or not.
    """
    if names_another_key(settings, account):
        return [variable_of("api_key")]
    return [
        variable_of(name)
        for name in PLAIN
        if name in settings.model_fields_set and getattr(settings, name) != getattr(account, name)
    ]


def keep_account(settings: Settings) -> Path:
    """Keep the account of these settings, in one step. Raises `StoreUnavailable`."""
    api_key, api_secret = settings.credentials()
    owner = _owner(api_key, settings.base_url)
    sealed = sealed_with(cipher_of(key_source(settings)), api_secret.encode(), owner)
    account = Account(
        api_key=api_key,
        sealed_secret=base64.b64encode(sealed),
        environment=settings.environment,
        redirect_uri=settings.redirect_uri,
        base_url=settings.base_url,
    )
    file = account_file(settings)
    try:
        make_private_folder(file.parent)
        replace_private_file(file, account.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise StoreUnavailable(
            f"{file} cannot be written.",
            "Ask the person to look at the folder's owner and space.",
            note=str(error),
        ) from error
    return file


def forget_account(settings: Settings) -> bool:
    """Remove the file; False where there was none. Raises `StoreUnavailable`."""
    file = account_file(settings)
    with suppress(FileNotFoundError, NotADirectoryError):
        try:
            file.unlink()
        except PermissionError as error:
            raise StoreUnavailable(
                f"{file} cannot be removed.", "Ask the person to look at its owner.", note=str(error)
            ) from error
        return True
    return False


def account_variables() -> list[str]:
    """Return the variables that are not needed where an account is kept."""
    return [variable_of(name) for name in (*KEY_AND_SECRET, *PLAIN)]


def _secret_of(account: Account, settings: Settings) -> SecretStr:
    """Open the secret. May wait for a keyring. Raises `StoreUnavailable` where the store's key does not."""
    owner = _owner(account.api_key, account.base_url)
    plain = opened_with(cipher_of(key_source(settings)), account.sealed_secret, owner)
    if plain is None:
        raise StoreUnavailable(
            "The secret that `setup` kept cannot be opened with the key of this store.",
            AGAIN,
            note=str(account_file(settings)),
        )
    return SecretStr(plain.decode())


def _reason(error: ValidationError | Fault) -> str:
    """Say which field is wrong, and how; a value never stands there."""
    if isinstance(error, Fault):
        return error.message
    faults = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_input=False)]
    return "; ".join(f"{place}: {message}" if place else message for place, message in faults)


def _variables(account: Account) -> dict[str, str]:
    """Return what the account would be in the environment, but for the secret."""
    given = {name: getattr(account, name) or "" for name in PLAIN}
    return {variable_of(name): value for name, value in {**given, "api_key": account.api_key}.items()}


def _owner(api_key: str, base_url: str) -> str:
    """Name what the secret belongs to: another key's, or for another host, it does not open."""
    return f"account:{api_key}:{base_url}"
