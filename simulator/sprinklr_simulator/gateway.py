"""What stands in front of the application: environment, key and rate. Knows no token and no operation."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from .answers import Answer, Refusal, bare, gateway_error, refused, turned_away
from .arrivals import Arrival
from .settings import SimulatorSettings
from .store.database import Transaction
from .store.quota import HOUR, SECOND, Quota, Usage


def check_environment(arrival: Arrival, settings: SimulatorSettings) -> None:
    """Refuse an address of another environment than the key's."""
    # Production has no part of its own in the path; `/prod/…` is a mistake and not another way to say it.
    explicit_production = arrival.path.startswith("/prod/")
    if explicit_production or arrival.environment != (settings.environment or "prod"):
        raise turned_away(421, "Misdirected Request")


def check_key(arrival: Arrival, settings: SimulatorSettings) -> None:
    """Refuse a call without the key of the registered app."""
    key = arrival.headers.get("key", "")
    if not key and not arrival.bearer:
        # Assumption A5: who shows neither key nor token gets the application's 401, as was once seen.
        raise refused(401, "Unauthorized")
    if not key:
        # Assumption A6: a missing key is 'Developer Inactive', an unknown one 'Invalid consumer key'.
        raise turned_away(403, "Developer Inactive")
    if key != settings.api_key:
        raise turned_away(401, "Invalid consumer key")


def count_call(transaction: Transaction, settings: SimulatorSettings) -> None:
    """Count a call of the key, or refuse it. A refused call doesn't count."""
    # Assumption A7: the limits are sliding windows, and a call that was refused for its rate uses up nothing.
    quota = Quota(transaction)
    for usage in usages(quota, settings):
        if usage.full:
            raise Refusal(over_rate(usage, transaction.now, settings))
    quota.count(settings.api_key)


def usages(quota: Quota, settings: SimulatorSettings) -> tuple[Usage, Usage]:
    """How much of the second and of the hour is used."""
    return (
        quota.usage(settings.api_key, SECOND, settings.calls_per_second),
        quota.usage(settings.api_key, HOUR, settings.calls_per_hour),
    )


def quota_headers(transaction: Transaction, settings: SimulatorSettings) -> Mapping[str, str]:
    """The headers that tell the quota, of the tenants whose gateway sends them."""
    if settings.over_rate != "429":
        return {}
    return window_headers(usages(Quota(transaction), settings)[1])


def window_headers(usage: Usage) -> Mapping[str, str]:
    """The quota headers of one window."""
    # Assumption A8: the headers describe the hour, but on a refusal the window that refused; the reset is
    # the moment at which the next call fits.
    return {
        "X-RateLimit-Limit": str(usage.limit),
        "X-RateLimit-Remaining": str(max(0, usage.limit - usage.used)),
        "X-RateLimit-Reset": str(math.ceil(usage.frees)),
    }


def over_rate(usage: Usage, now: float, settings: SimulatorSettings) -> Answer:
    """The refusal of a call over the limit, in the one or the other documented way."""
    if settings.over_rate == "403":
        return gateway_error(403, "<h1>Developer Over Rate</h1>")
    reset = datetime.fromtimestamp(math.ceil(usage.frees), UTC)
    window = "1 second" if usage.window == SECOND else "1 hour"
    answer = bare(
        {
            "success": False,
            "errors": [
                {
                    "code": "RATE_LIMIT_EXCEEDED",
                    "message": f"The limit of {usage.limit} calls in {window} is used up",
                    "details": {
                        "limit": usage.limit,
                        "window": window,
                        "resetAt": reset.isoformat().replace("+00:00", "Z"),
                    },
                }
            ],
        },
        429,
    )
    return answer.with_headers({**window_headers(usage), "Retry-After": str(usage.seconds_left(now))})
