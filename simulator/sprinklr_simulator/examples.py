"""The contract's examples as answers. Knows no request."""

from .answers import Answer, bare, done
from .contract import Operation


def example_of(operation: Operation) -> Answer:
    """The answer of an operation without a handler: its example from the contract."""
    if operation.response_example is None and 204 in operation.statuses:
        return done()
    return bare(operation.response_example, operation.statuses[0])
