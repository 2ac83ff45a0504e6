"""A faithful Sprinklr served over HTTP. Imports nothing of the server or the tools."""
