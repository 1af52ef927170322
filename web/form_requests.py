"""Reading a form as it arrives: files to disk where they are large, and of what is typed never more than a form holds."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Empty, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState
from multipart import MultipartError, MultipartSegment, PushMultipartParser

MOST_TYPED_BYTES = 20_000_000
"""As much as the longest form may hold; only files are longer."""
MOST_PARTS = 1_000


class FormRequest(Request[Any, Any, Any]):
    """Reads forms itself: Litestar breaks on text that is not in the encoding it claims, leaves files open on the way out,
    and holds whatever is not a file in memory, up to what the route lets through.
    """

    async def form(self) -> FormMultiDict:
        state, (content_type, options) = self._connection_state, self.content_type
        if state.form is Empty and content_type == RequestEncodingType.MULTI_PART:
            state.form = await form_parts(self.stream(), options.get("boundary", ""))
        elif state.body is Empty and content_type == RequestEncodingType.URL_ENCODED:
            state.body = await _typed(self.stream())
        try:
            return await super().form()
        except (UnicodeError, LookupError) as unreadable:
            raise ClientException from unreadable


class FormTokens(CSRFMiddleware):
    """Litestar’s check of a form’s token breaks on what is no token at all, and leaves the files of a form open that it
    refuses; this one does neither.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            read = ScopeState.from_scope(scope).form
            if read is not Empty:
                await FormMultiDict.from_form_data(read).close()

    def _decode_csrf_token(self, token: object) -> str | None:
        return super()._decode_csrf_token(token) if isinstance(token, str) and token.isascii() else None


async def form_parts(pieces: AsyncIterator[bytes], boundary: str) -> dict[str, Any]:
    """The parts of a multipart form by name; several of one name are a list. Raises `ClientException` for what is none."""
    fields: dict[str, list[str | UploadFile]] = defaultdict(list)
    if not boundary.isascii() or not boundary:
        raise ClientException
    try:
        await _read(pieces, boundary.encode(), fields)
    except BaseException as failure:
        for file in (each for several in fields.values() for each in several):
            if isinstance(file, UploadFile):
                await file.close()
        if isinstance(failure, (MultipartError, UnicodeError, LookupError)):
            raise ClientException from failure
        raise
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


async def _read(
    pieces: AsyncIterator[bytes], boundary: bytes, fields: dict[str, list[str | UploadFile]]
) -> None:
    """A file stands among the fields as soon as it begins, so that whoever stops reading can close it."""
    typed, text, file = 0, bytearray(), None
    part: MultipartSegment | None = None
    with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
        async for piece in pieces:
            for event in parser.parse(piece):
                if isinstance(event, MultipartSegment):
                    part, text = event, bytearray()
                    file = _file(event) if event.filename else None
                    if file is not None:
                        fields[event.name].append(file)
                elif event and file is not None:
                    await file.write(event)
                elif event:
                    text += event
                    typed = _within(typed + len(event))
                elif file is not None:
                    await file.seek(0)
                elif part is not None:
                    fields[part.name].append(text.decode(part.charset or "utf-8"))


def _file(part: MultipartSegment) -> UploadFile:
    return UploadFile(
        content_type=part.content_type or "text/plain",
        filename=part.filename,
        headers=dict(part.headerlist),
    )


async def _typed(pieces: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        _within(len(body))
    return bytes(body)


def _within(typed: int) -> int:
    if typed > MOST_TYPED_BYTES:
        raise RequestEntityTooLarge
    return typed
