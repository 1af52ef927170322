"""Requests as nobody ought to send them: made from a valid one, by leaving out, doubling, swapping and breaking."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes
from uuid import uuid4

from hypothesis import strategies as st

Fields = list[tuple[str, bytes]]

NONSENSE = (
    b"",
    b" \r\n\t ",
    b"\x00",
    b"a\x00b",
    "\u202egnp.exe".encode(),
    "\ufeff".encode(),
    "\U0001f9d1\u200d\U0001f692".encode(),
    b"\xed\xa0\x80",
    b"\xff\xfe\xfa",
    b"-1",
    b"0",
    b"-0",
    b"1e400",
    b"NaN",
    b"Infinity",
    b"9" * 20,
    b"9" * 5_000,
    "\u0663".encode(),
    b"2026-02-30",
    b"0001-01-01",
    b"9999-12-31",
    b"2027-02-15T12:00:00Z",
    b"00000000-0000-0000-0000-000000000000",
    b"{01234567-89ab-cdef-0123-456789abcdef}",
    b"<script>alert(1)</script>",
    b"' OR 1=1; --",
    b"%s %(name)s {0} {name}",
    b"../../etc/passwd",
    b"javascript:alert(1)",
    b"https://[::1",
    b"https://xn--/\xff",
    b"**_`[](<>)`_**" * 20,
    b"[[[[" * 500,
    b"x" * 30_000,
    b"null",
    b'{"a": [1]}',
    b"on",
)
CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nobody-knows-it",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=elsewhere",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=\u00e4",
    "multipart/mixed; boundary=here",
    "application/json",
    "application/xml",
    "text/plain; charset=\x01",
    "nonsense",
    "",
)
DISPOSITIONS = (
    "form-data",
    "attachment",
    "form-data; name",
    'form-data; name=""',
    'form-data; name="a"; name="b"',
    'form-data; filename="only.csv"',
    'form-data; name="{name}"; filename=""',
    'form-data; name="{name}"; filename="../../a\u0000b.csv"',
    "form-data; name=\"{name}\"; filename*=UTF-8''%ff%fe",
    'form-data; name="{name}',
)
PART_TYPES = ("text/plain; charset=utf-16", "text/plain; charset=nobody-knows-it", "image/png", "")
PLACES = ("%00", "%ff", "..%2f..", "x" * 300, "'", "-1", "\u00e9", "%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A request that somebody might send. `visitor` is whose cookie comes with it; `with_token` says whether the form
    token stands in the header, where it is looked for first, or in the body.
    """

    visitor: str
    address: str
    content_type: str
    body: bytes
    in_header: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Valid:
    """What a valid request to a route says; `address` makes its address of the things that are named in it."""

    visitors: Sequence[str]
    address: Callable[[Callable[[str], str | None]], str]
    parameters: Sequence[str]
    ids: Sequence[str]
    fields: Mapping[str, str | list[str]]
    files: Mapping[str, bytes]
    token: str


_NONSENSE = st.sampled_from(NONSENSE)
_VALUE = st.one_of(
    _NONSENSE,
    _NONSENSE,
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=12),
)
_NAME = st.one_of(
    st.sampled_from(("form_key", "_csrf_token", "typed_before", "next", "", "\x00", "take", "column-0")),
    st.text(min_size=1, max_size=8),
)
_FATES = st.sampled_from(("kept", "kept", "gone", "nonsense", "nonsense", "twice", "many", "another_id"))


@st.composite
def bad_requests(draw: st.DrawFn, valid: Valid) -> Bad:
    fields = _fields(draw, valid)
    in_header = draw(st.sampled_from((True, True, True, False)))
    if not in_header:
        fields.append(("_csrf_token", valid.token.encode()))
    content_type, body = _body(draw, fields, valid)
    return Bad(
        visitor=draw(st.sampled_from(valid.visitors)),
        address=_address(draw, valid),
        content_type=content_type,
        body=body,
        in_header=in_header,
    )


def _address(draw: st.DrawFn, valid: Valid) -> str:
    stand_in = None
    if valid.parameters:
        stand_in = draw(
            st.one_of(st.none(), st.none(), st.none(), st.sampled_from(valid.ids), st.sampled_from(PLACES))
        )
    replaced = draw(st.sampled_from(valid.parameters)) if stand_in is not None else None
    return valid.address(lambda parameter: stand_in if parameter == replaced else None)


def _fields(draw: st.DrawFn, valid: Valid) -> Fields:
    fields: Fields = [("form_key", str(uuid4()).encode())]
    for name, value in valid.fields.items():
        values = [value] if isinstance(value, str) else value
        fate = draw(_FATES)
        if fate == "kept":
            fields += [(name, each.encode()) for each in values]
        elif fate == "twice":
            fields += [(name, each.encode()) for each in values] * 2
        elif fate == "many":
            fields += [(name, draw(_VALUE))] * draw(st.sampled_from((3, 50)))
        elif fate == "another_id":
            fields.append((name, draw(st.sampled_from(valid.ids)).encode()))
        elif fate == "nonsense":
            fields.append((name, draw(_VALUE)))
    for name in draw(st.lists(_NAME, max_size=2)):
        fields.append((name, draw(_VALUE)))
    return fields


def _body(draw: st.DrawFn, fields: Fields, valid: Valid) -> tuple[str, bytes]:
    if draw(st.integers(0, 9)) == 0:
        raw = draw(st.one_of(st.binary(max_size=200), _NONSENSE))
        return draw(st.sampled_from(CONTENT_TYPES)), raw
    if valid.files or draw(st.integers(0, 3)) == 0:
        return _multipart(draw, fields, valid.files)
    body = b"&".join(
        quote_from_bytes(name.encode("utf-8", "surrogatepass")).encode()
        + b"="
        + quote_from_bytes(value).encode()
        for name, value in fields
    )
    type = draw(st.sampled_from((CONTENT_TYPES[0],) * 6 + CONTENT_TYPES[1:3]))
    return type, _damaged(draw, body)


def _multipart(draw: st.DrawFn, fields: Fields, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    parts = [_part(draw, name, value) for name, value in fields]
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="a file.csv"'
        parts.append(head.encode() + b"\r\n\r\n" + _damaged(draw, content))
    body = b"".join(b"--here\r\n" + part + b"\r\n" for part in parts) + b"--here--\r\n"
    return "multipart/form-data; boundary=here", _damaged(draw, body)


def _part(draw: st.DrawFn, name: str, value: bytes) -> bytes:
    disposition = f'form-data; name="{name}"'
    if draw(st.integers(0, 5)) == 0:
        disposition = draw(st.sampled_from(DISPOSITIONS)).replace("{name}", name)
    head = f"Content-Disposition: {disposition}".encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 5)) == 0:
        head += b"\r\nContent-Type: " + draw(st.sampled_from(PART_TYPES)).encode()
    return head + b"\r\n\r\n" + value


def _damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Mostly as it is; else cut off, with something in its middle, or with a stretch of it gone or doubled."""
    how = draw(st.sampled_from(("whole", "whole", "whole", "cut", "filled", "gone", "doubled")))
    if how == "whole" or not whole:
        return whole
    at = draw(st.integers(0, len(whole)))
    until = min(len(whole), at + draw(st.sampled_from((1, 7, 60))))
    return {
        "cut": whole[:at],
        "filled": whole[:at] + draw(_VALUE) + whole[at:],
        "gone": whole[:at] + whole[until:],
        "doubled": whole[:until] + whole[at:],
    }[how]
