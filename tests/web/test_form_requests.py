"""Forms as they arrive: what is typed has its limit, files have none of their own, and none stays open."""

from collections.abc import AsyncIterator

import pytest
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from web.form_requests import MOST_TYPED_BYTES, form_parts

A_PIECE = b"x" * 1_000_000
FILE = b'--here\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
TEXT = b'--here\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
END = b"\r\n--here--\r\n"


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_parts_come_by_name_and_several_of_one_name_are_a_list() -> None:
    told = await form_parts(in_pieces(TEXT, b"one\r\n", TEXT, b"two\r\n", FILE, b"a;b", END), "here")
    assert told["text"] == ["one", "two"]
    assert isinstance(told["file"], UploadFile)
    assert (told["file"].filename, await told["file"].read()) == ("a.csv", b"a;b")
    await told["file"].close()


async def test_a_file_may_be_larger_than_all_that_is_typed() -> None:
    pieces = [A_PIECE] * (MOST_TYPED_BYTES // len(A_PIECE) + 1)
    told = await form_parts(in_pieces(FILE, *pieces, END), "here")
    assert len(await told["file"].read()) > MOST_TYPED_BYTES
    await told["file"].close()


async def test_what_claims_to_be_typed_is_not_held_without_end() -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        yield TEXT
        while True:
            seen += len(A_PIECE)
            yield A_PIECE

    with pytest.raises(RequestEntityTooLarge):
        await form_parts(endless(), "here")
    assert seen <= MOST_TYPED_BYTES + 2 * len(A_PIECE)


@pytest.mark.parametrize(
    "rest",
    [
        b"never ends",
        b"ends\r\n" + TEXT + b"\xff\xfe" + END,
        b"ends\r\n"
        + TEXT.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain; charset=unheard\r\n\r\n")
        + b"a"
        + END,
    ],
)
@pytest.mark.filterwarnings("error")
async def test_what_is_no_form_is_refused_and_its_files_are_closed(rest: bytes) -> None:
    with pytest.raises(ClientException):
        await form_parts(in_pieces(FILE, rest), "here")


@pytest.mark.parametrize("boundary", ["", "\u00e4"])
async def test_no_form_has_such_a_boundary(boundary: str) -> None:
    with pytest.raises(ClientException):
        await form_parts(in_pieces(TEXT, b"one", END), boundary)
