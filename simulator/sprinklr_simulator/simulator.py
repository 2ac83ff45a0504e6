"""One Sprinklr: a request goes in, an answer comes out, in one transaction. Knows no socket and no loop."""

from dataclasses import dataclass

from .answers import Answer, Refusal, application_error
from .arrivals import Arrival, fingerprint
from .contract import read_served_contract
from .gateway import quota_headers
from .handlers import all_handlers
from .interface import Interface
from .json_values import JsonObject, JsonValue, parse_json
from .multipart import MULTIPART, read_parts
from .oauth import OAuth
from .settings import SimulatorSettings
from .store.database import Database, Transaction
from .store.faults import Fault, Faults
from .store.journal import Journal
from .store.seed import plant_seed

LOGGED_HEADERS = ("accept", "content-length", "content-type", "user-agent", "workspace_id")
FINGERPRINT_LENGTH = 12


@dataclass(frozen=True)
class Outcome:
    """What came of a request: an answer, and what is to go wrong with it on its way."""

    answer: Answer
    fault: Fault | None = None


class Simulator:
    """Everything behind the socket."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.database = Database(
            settings.state_file, lambda transaction: plant_seed(transaction, settings.data_file)
        )
        self._interface = Interface(settings, read_served_contract(), all_handlers())
        self._oauth = OAuth(settings)

    def handle(self, arrival: Arrival) -> Outcome:
        """Answer one request, and write it down."""
        with self.database.transaction() as transaction:
            fault = Faults(transaction).take(arrival.method, arrival.path)
            carried_out = fault is None or fault.commits
            answer = self._answer(arrival, transaction) if carried_out else Answer(0)
            if fault is not None and fault.kind in ("status", "answer"):
                answer = answer_of(fault)
            Journal(transaction).add_request(described(arrival, answer, fault))
            return Outcome(answer, fault)

    def close(self) -> None:
        """Close the state; a temporary one goes."""
        self.database.close()

    def _answer(self, arrival: Arrival, transaction: Transaction) -> Answer:
        try:
            if arrival.segments[:1] == ("oauth",):
                answer = self._oauth.answer(arrival, transaction)
            elif arrival.segments[:1] == ("api",):
                answer = self._interface.answer(arrival, transaction)
            else:
                answer = application_error(404, "Resource Not Found")
        except Refusal as refusal:
            answer = refusal.answer
        # The answer's own headers come last: a refusal describes the window that refused.
        own = answer.headers
        return answer.with_headers(quota_headers(transaction, self.settings)).with_headers(own)


def answer_of(fault: Fault) -> Answer:
    """The answer that a fault puts in the place of the true one."""
    if fault.body is None:
        error = application_error(fault.status, "Injected fault")
        return Answer(fault.status, error.body, fault.content_type, fault.headers)
    return Answer(fault.status, fault.body, fault.content_type, fault.headers)


def described(arrival: Arrival, answer: Answer, fault: Fault | None) -> JsonObject:
    """A request as the log shows it: no token, no secret, no password."""
    entry: JsonObject = {
        "method": arrival.method,
        "path": arrival.path,
        "status": answer.status or None,
        "headers": {name: arrival.headers[name] for name in LOGGED_HEADERS if name in arrival.headers},
        "token": fingerprint(arrival.bearer)[:FINGERPRINT_LENGTH] if arrival.bearer else None,
        "fault": fault.kind if fault else None,
    }
    if arrival.segments[:1] == ("oauth",):
        # Codes, secrets and passwords come here, in the query too: only what kind of call it was is kept.
        grant_type = arrival.form.get("grant_type") or arrival.query.get("grant_type")
        return {**entry, "query": {}, "body": None, "grant_type": grant_type}
    return {**entry, "query": dict[str, JsonValue](arrival.query), "body": described_body(arrival)}


def described_body(arrival: Arrival) -> JsonValue:
    """A body as the log shows it: JSON as it is, files by their names and hashes, other text as text."""
    if arrival.content_type == MULTIPART:
        parts = read_parts(arrival.headers["content-type"], arrival.body)
        return [{"name": part.name, **part.described} for part in parts]
    if not arrival.body:
        return None
    try:
        return parse_json(arrival.body)
    except ValueError:
        return arrival.body.decode("utf-8", "replace")
