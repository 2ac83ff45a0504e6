"""The seed: a JSON file of lists in the API's own shapes. Knows the file, not what is in it."""

from importlib import resources
from pathlib import Path

from ..json_values import list_of, object_of, parse_json
from .database import Transaction
from .rows import Rows


class SeedError(Exception):
    """The seed can't be used; the text says why."""


def read_seed(file: Path | None) -> str:
    """The text of the seed: the given file, or else the packaged one."""
    if file is not None:
        return file.read_text(encoding="utf-8")
    return resources.files("sprinklr_simulator").joinpath("data/seed.json").read_text(encoding="utf-8")


def plant_seed(transaction: Transaction, file: Path | None) -> None:
    """Write every object of the seed."""
    try:
        seed = object_of(parse_json(read_seed(file)))
    except (OSError, ValueError) as error:
        raise SeedError(f"The data of the simulator can't be read: {error}") from error
    rows = Rows(transaction)
    for kind, objects in seed.items():
        for entry in list_of(objects):
            rows.put(kind, object_of(entry))
