"""Key and secret: where they come from, and whether two places say different things."""

from __future__ import annotations

import anyio.to_thread

from sprinklr_mcp.account import account_file, kept_account, names_another_key, overruling, with_account
from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning


async def kept(subject: Subject) -> list[Finding]:
    """Complete the settings by the account that is kept, and tell what comes from where."""
    given = subject.given
    account = kept_account(given)
    subject.settings = with_account(given)
    if account is not None and names_another_key(given, account) and subject.settings.missing():
        return failed(
            f"SPRINKLR_API_KEY of the environment is not the key that is kept in {account_file(given)}, and "
            "SPRINKLR_API_SECRET is not set beside it",
            "Unset it to use what is kept, or set its secret too.",
        )
    if missing := subject.settings.missing():
        return failed(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} neither set nor kept",
            "Run `sprinklr-mcp setup`, or set them where the server is started.",
        )
    await anyio.to_thread.run_sync(subject.settings.credentials)
    if account is None:
        return ok("key and secret come from the environment of this terminal; none are kept")
    file = account_file(given)
    instead = overruling(given, account)
    if instead:
        return warning(
            f"{file}; but {', '.join(instead)} of the environment wins over it, and differs",
            "Unset what is not meant, here and where your clients start the server.",
        )
    return ok(f"kept in {file}")
