"""What stands in the simulator's seed, as Sprinklr would answer it."""

from __future__ import annotations

import json
from pathlib import Path

import sprinklr_simulator

SEED = json.loads(
    (Path(sprinklr_simulator.__file__).parent / "data" / "seed.json").read_text(encoding="utf-8")
)
