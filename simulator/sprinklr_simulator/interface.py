"""The REST interface: gateway, token, path, schema, then the handler. Knows no operation by name."""

from .answers import Answer, refused
from .arrivals import Arrival
from .calls import Call, Handlers
from .checking import check_request
from .contract import Contract
from .examples import example_of
from .gateway import check_environment, check_key, count_call
from .json_values import JsonValue
from .settings import SimulatorSettings
from .store.database import Transaction
from .store.grants import Grant, Grants
from .store.journal import Journal


class Interface:
    """Answers every call below `/api`."""

    def __init__(self, settings: SimulatorSettings, contract: Contract, handlers: Handlers) -> None:
        self._settings = settings
        self._contract = contract
        self._handlers = handlers

    def answer(self, arrival: Arrival, transaction: Transaction) -> Answer:
        """Answer one call; a refusal is raised."""
        check_environment(arrival, self._settings)
        check_key(arrival, self._settings)
        count_call(transaction, self._settings)
        grant = self._check_token(arrival, transaction)
        route = self._contract.find(arrival.method, arrival.segments)
        if route is None:
            raise refused(404, "Resource Not Found")
        checked = check_request(route, arrival)
        call = Call(checked.operation, route.parameters, arrival, checked.body, grant, transaction)
        return self._carry_out(call)

    def _check_token(self, arrival: Arrival, transaction: Transaction) -> Grant:
        # Assumption A40: the chosen workspaces bound where is published; no object is hidden for them.
        token = Grants(transaction).find_access(self._settings.api_key, arrival.bearer)
        if token is None:
            raise refused(401, "Unauthorized: the access token is invalid")
        if token.expires <= transaction.now:
            raise refused(401, "Unauthorized: the access token has expired")
        return token

    def _carry_out(self, call: Call) -> Answer:
        operation = call.operation
        handler = self._handlers.get((operation.method, operation.path))
        with call.transaction.undone_on_error():
            # Assumption A42: a write that is answered by its example has happened, and is logged as one.
            answer = handler(call) if handler else example_of(operation)
            if operation.writes:
                Journal(call.transaction).add_commit(
                    {
                        "action": operation.action,
                        "tool": operation.tool,
                        "method": operation.method,
                        "path": call.arrival.path,
                        "query": dict[str, JsonValue](call.query),
                        "body": call.body,
                        "user": call.grant.user_id,
                    }
                )
            return answer
