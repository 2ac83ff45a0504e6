"""Which scenarios of the official suite judge this server, and why the others do not.

`make conformance` fails where this list is stale: where a scenario is new or gone, where one that is said not
to apply begins to pass, or where an excused check no longer fails.
"""

from __future__ import annotations

LEGACY, MODERN = "2025-11-25", "2026-07-28"

APPLIES = {
    LEGACY: {
        "server-initialize",
        "ping",
        "tools-list",
        "prompts-list",
        "resources-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "server-session-lifecycle",
    },
    MODERN: {
        "server-stateless",
        "tools-list",
        "prompts-list",
        "resources-list",
        "caching",
        "sep-2164-resource-not-found",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "http-header-validation",
        "input-required-result-unsupported-methods",
    },
}
"""Judged on `serve --http --open --simulator`, as anybody starts it."""

ASKED = {
    "input-required-result-request-state",
    "input-required-result-tampered-state",
    "input-required-result-result-type",
    "input-required-result-missing-input-response",
    "input-required-result-validate-input",
}
"""Judged on `asking_server.py`: they call tools by names of their own, and our own pipeline asks there."""

NO_SUCH_TOOL = "it would call a tool of the suite's own, and says itself that it was not testable"
EXCUSED = {
    "sep-2575-server-rejects-undeclared-capability": NO_SUCH_TOOL,
    "sep-2575-missing-capability-http-400": NO_SUCH_TOOL,
    "sep-2575-http-server-no-independent-requests-on-stream": NO_SUCH_TOOL,
    "sep-2575-server-no-log-without-loglevel": NO_SUCH_TOOL,
}
"""Checks that fail in scenarios that apply: server-stateless has 30 checks, these among them."""

FIXTURE = "uses a tool, prompt or resource of the suite's own by its name"
UNDECLARED = "is about a capability that the server does not declare"
SAMPLING = "wants the client's model or folders to be asked for; this server asks persons alone"
EXTENSION = "is about tasks, an extension that is never scored and that the server does not declare"

DOES_NOT_APPLY = {
    "logging-set-level": UNDECLARED,
    "resources-subscribe": UNDECLARED,
    "resources-unsubscribe": UNDECLARED,
    "completion-complete": FIXTURE,
    "resources-read-text": FIXTURE,
    "resources-read-binary": FIXTURE,
    "resources-templates-read": FIXTURE,
    "prompts-get-simple": FIXTURE,
    "prompts-get-with-args": FIXTURE,
    "prompts-get-embedded-resource": FIXTURE,
    "prompts-get-with-image": FIXTURE,
    "tools-call-simple-text": FIXTURE,
    "tools-call-image": FIXTURE,
    "tools-call-audio": FIXTURE,
    "tools-call-embedded-resource": FIXTURE,
    "tools-call-mixed-content": FIXTURE,
    "tools-call-with-logging": FIXTURE,
    "tools-call-error": FIXTURE,
    "tools-call-with-progress": FIXTURE,
    "tools-call-elicitation": FIXTURE,
    "elicitation-sep1034-defaults": FIXTURE,
    "elicitation-sep1330-enums": FIXTURE,
    "json-schema-2020-12": FIXTURE,
    "http-custom-header-server-validation": "is about arguments in headers, which no tool of ours takes",
    "server-sse-polling": "is about streams that can be resumed, which this server does not offer",
    "tools-call-sampling": SAMPLING,
    "input-required-result-basic-sampling": SAMPLING,
    "input-required-result-basic-list-roots": SAMPLING,
    "input-required-result-multiple-input-requests": SAMPLING,
    "input-required-result-capability-check": SAMPLING,
    "input-required-result-non-tool-request": "asks while a prompt is got; ours ask nothing",
    "input-required-result-multi-round": "asks twice in one call; ours ask once",
    "input-required-result-basic-elicitation": "names the question `user_name`; ours has one name for all",
    "input-required-result-ignore-extra-params": "counts an answer without its state; ours never does",
    "tasks-lifecycle": EXTENSION,
    "tasks-capability-negotiation": EXTENSION,
    "tasks-wire-fields": EXTENSION,
    "tasks-request-state-removal": EXTENSION,
    "tasks-mrtr-input": EXTENSION,
    "tasks-request-headers": EXTENSION,
    "tasks-dispatch-and-envelope": EXTENSION,
    "tasks-status-notifications": EXTENSION,
    "tasks-required-task-error": EXTENSION,
    "tasks-mrtr-composition": EXTENSION,
}
"""Scenarios that judge nothing here, in either era, and why."""

NOTHING_FAILS = {"tasks-status-notifications"}
"""Of those, the ones in which no check fails: they pass for nothing, and are not counted."""
