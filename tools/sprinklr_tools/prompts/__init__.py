"""One class per prompt: what people often ask for, in words that keep a model on the safe way."""
