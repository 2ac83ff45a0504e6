"""One module per domain; each class in it is one tool. Nothing about a tool stands anywhere else."""
