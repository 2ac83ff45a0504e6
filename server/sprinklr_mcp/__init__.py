"""The machine: MCP, policy, approvals, HTTP, tokens, store. Knows no Sprinklr domain."""

__version__ = "0.1.0"
