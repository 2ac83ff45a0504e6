"""The one door to files of this machine: looking at one before a person is asked, and sending it after.

What is sent is read from one descriptor, opened anew by the same rules, and is what the person agreed to.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager

import anyio.to_thread

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.uploads.folders import Folders, Place
from sprinklr_mcp.uploads.form import Form, OpenFile, Progress
from sprinklr_mcp.uploads.inspecting import facts_of
from sprinklr_mcp.uploads.refusing import changed, missing
from sprinklr_mcp.uploads.walking import opened
from sprinklr_tools.files import FileFacts, SentFile, Upload


class Uploads:
    """Files below the folders that the operator allows."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    async def inspect(self, path: str) -> FileFacts:
        """Return what a file is.

        Raises `Fault`: CONFIGURATION without folders, NOT_FOUND, FORBIDDEN with the reason, or CONFLICT.
        """
        return await anyio.to_thread.run_sync(self._inspect, path)

    @asynccontextmanager
    async def opened(self, upload: Upload | None, progress: Progress | None) -> AsyncGenerator[Form | None]:
        """Hold the files of a request open while it is sent; None for one that carries none.

        Raises `Fault` CONFLICT for a file that is no longer what the person agreed to.
        """
        if upload is None:
            yield None
            return
        with ExitStack() as stack:
            files = await anyio.to_thread.run_sync(self._opened, stack, upload)
            yield Form(upload.field, files, progress)

    def _inspect(self, path: str) -> FileFacts:
        found = [facts for place in self._folders.places(path) if (facts := _facts_if_there(place))]
        if len(found) > 1:
            raise Fault(
                Code.INVALID_REQUEST,
                "Several of the folders that uploads may come from hold a file of that path.",
                "Give its whole path.",
            )
        if not found:
            raise missing()
        return found[0]

    def _opened(self, stack: ExitStack, upload: Upload) -> tuple[OpenFile, ...]:
        return tuple(self._reopened(stack, file) for file in upload.files)

    def _reopened(self, stack: ExitStack, file: SentFile) -> OpenFile:
        (place,) = self._folders.places(file.facts.path)
        descriptor = stack.enter_context(opened(place))
        if facts_of(descriptor, place) != file.facts:
            raise changed("after the person agreed to it")
        return OpenFile(file, descriptor)


def _facts_if_there(place: Place) -> FileFacts | None:
    try:
        with opened(place) as descriptor:
            return facts_of(descriptor, place)
    except Fault as fault:
        if fault.code is Code.NOT_FOUND:
            return None
        raise
