"""Everything that can be wrong with an installation: what was found, and how it is mended."""
