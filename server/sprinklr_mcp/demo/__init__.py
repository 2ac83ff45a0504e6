"""The whole path, shown on the embedded simulator: plays the browser, the client and the person."""
