"""The one place that knows MCP: both eras of the protocol, in front of the pipeline."""
