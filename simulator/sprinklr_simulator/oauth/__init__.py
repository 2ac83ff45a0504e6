"""OAuth 2.0 as Sprinklr does it: one live token pair per key, codes for ten minutes. Knows no operation."""

from ..answers import Answer, refused
from ..arrivals import Arrival
from ..gateway import check_environment
from ..settings import SimulatorSettings
from ..store.database import Transaction
from .authorizing import Authorizing
from .tokens import TokenCall


class OAuth:
    """Answers every request below `/oauth`."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._settings = settings

    def answer(self, arrival: Arrival, transaction: Transaction) -> Answer:
        """Answer one request; a refusal is raised."""
        check_environment(arrival, self._settings)
        if arrival.segments == ("oauth", "authorize"):
            return Authorizing(arrival, transaction, self._settings).answer()
        if arrival.segments == ("oauth", "token"):
            return TokenCall(arrival, transaction, self._settings).answer()
        raise refused(404, "Resource Not Found")


__all__ = ["OAuth"]
