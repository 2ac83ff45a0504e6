"""Every figure that the documents name: `make figures` measures and writes them, `--check` compares.

Ends with status 1 where a figure is over its limit, or is not what figures.json says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import anyio

import answers
import definitions

FILE = Path(__file__).with_name("figures.json")


async def measured() -> dict[str, Any]:
    """Measure everything."""
    calls = await answers.measured()
    return {
        "definitions": definitions.measured(),
        "answers": {
            **answers.summary(calls),
            "each": [
                {
                    "tool": one.tool,
                    "arguments": dict(one.arguments),
                    "calls": one.calls,
                    "raw": one.raw,
                    "text": one.text,
                    "structured": one.structured,
                }
                for one in calls
            ],
        },
    }


def main() -> None:
    """Measure; then write, or compare."""
    found = anyio.run(measured)
    wrong = definitions.broken(found["definitions"]) + answers.broken(found["answers"])
    if "--check" not in sys.argv:
        FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    elif json.loads(FILE.read_text()) != found:
        wrong.append("figures.json is not what was measured; `make figures` writes it anew")
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
