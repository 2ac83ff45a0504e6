"""The server over HTTP on this machine: who may ask, how much at a time, and how it ends."""
