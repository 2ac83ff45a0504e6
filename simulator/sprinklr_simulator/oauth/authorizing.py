"""The authorization pages: log in, choose workspaces, go back with a code. Knows no token."""

from urllib.parse import urlencode

from ..answers import Answer, Refusal, refused, turned_away
from ..arrivals import Arrival
from ..json_values import JsonObject, text_of
from ..settings import SimulatorSettings
from ..store.database import Transaction
from ..store.grants import Grant, Grants
from .pages import choice_page, login_page, message_page
from .people import People, may_generate_token


class Authorizing:
    """One request of a browser on the way to a code."""

    def __init__(self, arrival: Arrival, transaction: Transaction, settings: SimulatorSettings) -> None:
        self._arrival = arrival
        self._settings = settings
        self._grants = Grants(transaction)
        self._people = People(transaction)

    def answer(self) -> Answer:
        """The next page, or the way back to the app."""
        # Assumption A39: the parameters of PKCE and `scope` are taken and ignored.
        self._check_app()
        if self._arrival.method == "GET":
            return self._show_login()
        if self._arrival.method != "POST":
            raise refused(405, "Method Not Allowed")
        form = self._arrival.form
        if "cancel" in form:
            # Assumption A16: a person who cancels is sent back with OAuth's own 'access_denied'.
            return self._send_back({"error": "access_denied"})
        return self._choose(form["ticket"]) if "ticket" in form else self._log_in()

    def _check_app(self) -> None:
        query = self._arrival.query
        if query.get("client_id") != self._settings.api_key:
            raise turned_away(401, "Invalid consumer key")
        if query.get("redirect_uri") != self._settings.redirect_uri:
            # Documented so: an address that is not byte for byte the registered one shows as a server error.
            page = message_page(500, "Internal Server Error", "Something went wrong. Please try again later.")
            raise Refusal(page)
        if query.get("response_type") != "code":
            raise Refusal(
                message_page(400, "Bad Request", "The response_type of this request is not 'code'.")
            )

    def _log_in(self) -> Answer:
        form = self._arrival.form
        user = self._people.check_password(form.get("email", ""), form.get("password", ""))
        if user is None:
            return self._show_login("The e-mail address or the password is wrong.", form.get("email", ""))
        if not may_generate_token(user):
            return message_page(
                403,
                "You can't do this",
                "Your role lacks the permission 'Generate Token'. An administrator can give it to you.",
            )
        return self._show_choice(user, self._grants.open_login(text_of(user.get("id"))))

    def _choose(self, ticket: str) -> Answer:
        user_id = self._grants.find_login(ticket)
        if user_id is None:
            return self._show_login("Too much time has passed. Please log in again.")
        offered = [text_of(workspace.get("id")) for workspace in self._people.workspaces()]
        ticked = self._arrival.form_values("workspace")
        chosen = tuple(identifier for identifier in offered if identifier in ticked)
        if not chosen:
            return self._show_choice({}, ticket, "Choose at least one workspace.")
        self._grants.close_login(ticket)
        return self._send_back({"code": self._grants.issue_code(Grant(user_id, chosen))})

    def _show_login(self, problem: str = "", email: str = "") -> Answer:
        allowed = self._people.first_allowed() or {}
        return login_page(text_of(allowed.get("email")), problem, email)

    def _show_choice(self, user: JsonObject, ticket: str, problem: str = "") -> Answer:
        return choice_page(self._people.workspaces(), text_of(user.get("name")), ticket, problem)

    def _send_back(self, fields: dict[str, str]) -> Answer:
        # Seen in public: a state that was not sent comes back as the word 'null'.
        query = urlencode({**fields, "state": self._arrival.query.get("state", "null")})
        separator = "&" if "?" in self._settings.redirect_uri else "?"
        return Answer(302, headers={"Location": f"{self._settings.redirect_uri}{separator}{query}"})
