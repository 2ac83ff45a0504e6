"""The routes that tests steer the simulator by. No part of Sprinklr; knows the store, not the answers."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .delays import Delays
from .json_values import JsonValue, object_of, parse_json
from .simulator import Simulator
from .store.faults import FaultError, Faults, parse_fault
from .store.journal import Journal

PREFIX = "/_simulator"
Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(simulator: Simulator, delays: Delays) -> list[Route]:
    """The control routes of one simulator."""
    control = Control(simulator, delays)
    endpoints: list[tuple[str, str, Endpoint]] = [
        ("GET", "/commits", control.commits),
        ("GET", "/requests", control.requests),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("POST", "/clock", control.move_clock),
        ("POST", "/reset", control.reset),
    ]
    return [Route(PREFIX + path, endpoint, methods=[method]) for method, path, endpoint in endpoints]


class Control:
    """What tests can see and do."""

    def __init__(self, simulator: Simulator, delays: Delays) -> None:
        self._database = simulator.database
        self._delays = delays

    async def commits(self, _: Request) -> Response:
        """Every write that happened."""
        return JSONResponse({"commits": await run_in_threadpool(self._commits)})

    async def requests(self, _: Request) -> Response:
        """Every request that came."""
        return JSONResponse({"requests": await run_in_threadpool(self._requests)})

    async def add_fault(self, request: Request) -> Response:
        """Let something go wrong."""
        body = await request.body()
        try:
            await run_in_threadpool(self._add_fault, body)
        except FaultError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"added": True})

    async def clear_faults(self, _: Request) -> Response:
        """Forget the faults that are left, and send the answers that are held back.

        Tells which of them no request ever met: a test that asked for one has tried something else.
        """
        unmet = await run_in_threadpool(self._clear_faults)
        self._delays.end()
        return JSONResponse({"cleared": True, "unmet": unmet})

    async def move_clock(self, request: Request) -> Response:
        """Let time pass without waiting: `{"advance": seconds}`."""
        try:
            seconds = object_of(parse_json(await request.body())).get("advance")
        except ValueError:
            seconds = None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            return JSONResponse({"error": "'advance' is a number of seconds from 0."}, 400)
        await run_in_threadpool(self._move_clock, float(seconds))
        return JSONResponse({"advanced": seconds})

    async def reset(self, _: Request) -> Response:
        """Go back to the seed."""
        await run_in_threadpool(self._database.reset)
        return JSONResponse({"reset": True})

    def _commits(self) -> list[JsonValue]:
        with self._database.transaction() as transaction:
            return Journal(transaction).commits()

    def _requests(self) -> list[JsonValue]:
        with self._database.transaction() as transaction:
            return Journal(transaction).requests()

    def _add_fault(self, body: bytes) -> None:
        with self._database.transaction() as transaction:
            Faults(transaction).add(parse_fault(body))

    def _clear_faults(self) -> list[JsonValue]:
        with self._database.transaction() as transaction:
            return Faults(transaction).clear()

    def _move_clock(self, seconds: float) -> None:
        with self._database.transaction() as transaction:
            transaction.increase("clock", seconds)
