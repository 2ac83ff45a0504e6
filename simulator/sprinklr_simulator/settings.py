"""What can be set about a simulator. Knows nothing of how it is served."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OverRate = Literal["403", "429"]


@dataclass(frozen=True)
class SimulatorSettings:
    """One Sprinklr tenant with one registered app."""

    state_file: Path | None = None
    """The SQLite file that holds everything; None: a temporary one, removed at the end."""
    data_file: Path | None = None
    """The JSON file that an empty state file is seeded from; None: the packaged one."""
    environment: str = "prod2"
    api_key: str = "simulator-key"
    api_secret: str = "simulator-secret"  # noqa: S105 - it protects nothing
    redirect_uri: str = "http://127.0.0.1:8721/callback"
    expires_in: int = 28799
    calls_per_second: int = 10
    calls_per_hour: int = 1000
    over_rate: OverRate = "403"
    """Sprinklr documents both answers to a call over the limit."""
    host: str = "127.0.0.1"
    port: int = 0
