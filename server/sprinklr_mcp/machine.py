"""Putting the parts together, from settings. What is expensive is made at first use."""

from __future__ import annotations

import getpass
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sprinklr_mcp.approvals.approver import Approver
from sprinklr_mcp.approvals.page import ApprovalPages
from sprinklr_mcp.calls.endpoints import Endpoints
from sprinklr_mcp.calls.gathering import Sources
from sprinklr_mcp.calls.pipeline import Pipeline
from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.calls.recording import Recorder
from sprinklr_mcp.calls.writing import Writer
from sprinklr_mcp.finishing import Finisher, finishing
from sprinklr_mcp.listing import Lists
from sprinklr_mcp.pages.host import PageHost, hosting
from sprinklr_mcp.prompting import Prompts
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.remembered.naming import Naming
from sprinklr_mcp.remembered.seen import Seen
from sprinklr_mcp.sending.credentials import Credentials
from sprinklr_mcp.sending.http_client import HttpClient
from sprinklr_mcp.sending.limiter import Limiter
from sprinklr_mcp.sending.sender import Sender
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.approvals import ApprovalStore
from sprinklr_mcp.store.audit import AuditLog
from sprinklr_mcp.store.budgets import Budgets
from sprinklr_mcp.store.cache import Cache
from sprinklr_mcp.store.database import Database, store_file
from sprinklr_mcp.store.keys import key_source
from sprinklr_mcp.store.last_client import LastClient
from sprinklr_mcp.store.operations import OperationStore
from sprinklr_mcp.store.pages import PageStore
from sprinklr_mcp.store.sealing import Sealer
from sprinklr_mcp.store.tokens import TokenStore
from sprinklr_mcp.suggesting import Suggester
from sprinklr_mcp.tokens.endpoint import TokenEndpoint
from sprinklr_mcp.tokens.service import TokenService, identity_of
from sprinklr_mcp.uploads.folders import Folders
from sprinklr_mcp.uploads.uploads import Uploads
from sprinklr_tools.action import Action
from sprinklr_tools.catalogue import all_actions, all_prompts


@dataclass(frozen=True)
class Machine:
    """Everything that a command or the MCP edge works with."""

    settings: Settings
    actions: dict[str, type[Action]]
    policy: Policy
    pipeline: Pipeline
    database: Database
    sealer: Sealer
    approvals: ApprovalStore
    operations: OperationStore
    audit: AuditLog
    credentials: Credentials
    token_store: TokenStore
    token_endpoint: TokenEndpoint
    client: HttpClient
    limiter: Limiter
    sources: Sources
    cache: Cache
    seen: Seen
    prompts: Prompts
    suggester: Suggester
    redactor: Redactor
    pages: PageHost
    finisher: Finisher
    last_client: LastClient


@asynccontextmanager
async def opened(
    settings: Settings, redactor: Redactor | None = None, *, shows_pages: bool = False
) -> AsyncGenerator[Machine]:
    """Build the machine for the user of this process, and close it in the end.

    The redactor learns every secret that comes up; who logs gives it the one that the log goes through.
    Where it stays to serve them, it `shows_pages` to the person, unless the operator does not want any.

    Touches neither store nor network yet. Raises `Fault` CONFIGURATION for rules that name no tool, and
    for folders that nothing may be uploaded from.
    """
    database = Database(store_file(settings))
    client = HttpClient(settings)
    redactor = redactor or Redactor()
    redactor.learn(*settings.secrets())
    try:
        may_show = shows_pages and "page" in settings.approval_ways
        async with finishing() as finisher, hosting(PageStore(database), may_show=may_show) as pages:
            yield _assembled(settings, database, client, finisher, redactor, pages)
    finally:
        await client.close()
        await database.close()


def _assembled(
    settings: Settings,
    database: Database,
    client: HttpClient,
    finisher: Finisher,
    redactor: Redactor,
    pages: PageHost,
) -> Machine:
    principal, identity = local_principal(), identity_of(settings)
    sealer = Sealer(key_source(settings))
    # What a power cut may undo of the limits are the last few calls: the hour keeps more than that free.
    limiter = Limiter(database.relaxed(), identity, settings.calls_per_second, settings.calls_per_hour)
    token_store = TokenStore(database, sealer, identity, redactor)
    endpoint = TokenEndpoint(client, limiter, settings.environment, settings.token_deadline)
    credentials = Credentials(settings, redactor)
    tokens = TokenService(settings, credentials, token_store, endpoint, finisher)
    approvals = ApprovalStore(database, sealer, principal, settings.approval_deadline)
    actions = all_actions()
    policy = Policy(settings, actions)
    operations = OperationStore(database, Budgets(policy.hourly), settings.command("resume"))
    audit = AuditLog(database)
    scope = {"principal": principal, "identity": identity, "workspace": settings.workspace or ""}
    cache = Cache(database, sealer, scope)
    seen = Seen(cache, finisher)
    sources = Sources(
        sender=Sender(settings, client, tokens, credentials, limiter, redactor),
        endpoints=Endpoints.parse(settings.endpoints, actions),
        cache=cache,
        uploads=Uploads(Folders.of(settings)),
        default_campaign=settings.default_campaign,
    )
    recorder = Recorder(operations, audit, principal)
    pipeline = Pipeline(
        settings=settings,
        actions=actions,
        policy=policy,
        sources=sources,
        approver=Approver(settings, approvals, ApprovalPages(pages, approvals)),
        recorder=recorder,
        writer=Writer(sources, recorder, finisher, settings.write_deadline),
        scope=scope,
        seen=seen,
    )
    return Machine(
        settings=settings,
        actions=actions,
        policy=policy,
        pipeline=pipeline,
        database=database,
        sealer=sealer,
        approvals=approvals,
        operations=operations,
        audit=audit,
        credentials=credentials,
        token_store=token_store,
        token_endpoint=endpoint,
        client=client,
        limiter=limiter,
        sources=sources,
        cache=cache,
        seen=seen,
        prompts=Prompts(all_prompts(), policy),
        suggester=Suggester(seen, Naming(cache), Lists(sources, policy)),
        redactor=redactor,
        pages=pages,
        finisher=finisher,
        last_client=LastClient(database.relaxed()),
    )


def local_principal() -> str:
    """Return a name for whoever runs this process: on stdio, that is who calls.

    The system's own number where it has one: a name from the environment could be anybody's.
    """
    number = getattr(os, "getuid", None)
    return f"local:{number()}" if number else f"local:{getpass.getuser()}"
