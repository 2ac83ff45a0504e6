"""Makes dist/sprinklr-mcp-VERSION.cdx.json, the bill of materials in the form of CycloneDX: `make sbom`.

It holds what requirements-runtime.txt does: every package that the server needs to run, on any platform,
with the hashes of its files. The library checks the result against the schema.
"""

from __future__ import annotations

import json
import subprocess
import sys

import about


def main() -> None:
    """Write the bill of materials; the version that pyproject.toml only points to is put in here."""
    about.DIST.mkdir(exist_ok=True)
    file = about.DIST / f"sprinklr-mcp-{about.version()}.cdx.json"
    # It warns that a requirements file does not say which package needs which.
    library = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py"]
    project, locked = about.ROOT / "pyproject.toml", about.ROOT / "requirements-runtime.txt"
    command = [*library, "requirements", "--output-reproducible", "--pyproject", project, locked]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    bill = json.loads(made.stdout)
    root = bill["metadata"]["component"]
    root["version"] = about.version()
    root["purl"] = f"pkg:pypi/sprinklr-mcp@{about.version()}"
    file.write_text(json.dumps(bill, indent=2) + "\n")
    print(file)


if __name__ == "__main__":
    main()
