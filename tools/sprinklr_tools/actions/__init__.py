"""One package per toolset, one class per tool. Nothing about a tool stands anywhere else."""
