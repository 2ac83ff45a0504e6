"""What Sprinklr offers, one class per action. Does no I/O and knows no MCP."""
