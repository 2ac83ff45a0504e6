"""Makes dist/server.json, what is sent to the MCP registry: server.json, and the bundle that lies in dist.

The bundle's address is the one that a release of that version gives it; clients refuse a file with another
hash.
"""

from __future__ import annotations

import hashlib
import json

import about


def main() -> None:
    """Write the entry; run it after the bundle is made."""
    name = f"sprinklr-mcp-{about.version()}.mcpb"
    bundle = (about.DIST / name).read_bytes()
    entry = json.loads((about.ROOT / "server.json").read_text())
    entry["packages"].append(
        {
            "registryType": "mcpb",
            "identifier": f"{about.repository()}/releases/download/v{about.version()}/{name}",
            "fileSha256": hashlib.sha256(bundle).hexdigest(),
            "transport": {"type": "stdio"},
        }
    )
    file = about.DIST / "server.json"
    file.write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
    print(file)


if __name__ == "__main__":
    main()
