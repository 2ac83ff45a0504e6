"""The subcommands, one module for each or for a pair. They talk to a person; `serve` alone does not."""
