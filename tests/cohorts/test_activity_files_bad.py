"""Files that are damaged, hostile, enormous or something else altogether: each is refused with its reason, and soon."""

import gzip
import json
import os
import re
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.activity_files import parts, reading
from cohorts.activity_files.rules import Found, NotUnderstood, Trouble, Unreadable
from tests.cohorts.files import (
    Comment,
    Measures,
    Reaction,
    Repost,
    Share,
    assigned,
    bomb,
    boost,
    climbing,
    linkedin_analytics,
    linkedin_archive,
    locked,
    mastodon_archive,
    mastodon_outbox,
    note,
    own_csv,
    own_xlsx,
    post_link,
    shares_csv,
    tarred,
    toot,
    tweet,
    x_analytics,
    x_analytics_classic,
    x_archive,
    zipped,
)
from tests.cohorts.reading_files import trouble_with, whys_in

AT = "2026-07-01 14:33:22"
SHARES = shares_csv([Share(AT, post_link(1), "Hello")])


@pytest.mark.parametrize(
    "archive", [linkedin_archive(), x_archive(tweet(1)), mastodon_archive(toot(1)), own_xlsx()]
)
def test_an_archive_whose_end_is_missing_is_refused_as_a_whole(archive: bytes) -> None:
    for kept in (len(archive) - 1, len(archive) - 30, len(archive) // 2, 10):
        assert trouble_with(archive[:kept])[0] in ("truncated", "damaged")
    assert trouble_with(archive[: len(archive) // 2]) == ("truncated", "")


def test_a_tar_whose_end_is_missing_is_refused() -> None:
    noise = b"".join(sha256(bytes(place)).digest() for place in range(6_000))
    archive = tarred({"media/a.png": noise, "outbox.json": mastodon_outbox(toot(1))})
    assert trouble_with(archive[:100_000])[0] == "damaged"
    assert trouble_with(archive[:-200])[0] == "damaged"


def test_a_part_that_was_changed_on_the_way_is_refused() -> None:
    archive = bytearray(zipped({"Shares.csv": SHARES * 100}, compression=zipfile.ZIP_STORED))
    archive[2_000:2_003] = b"xyz"
    assert trouble_with(bytes(archive)) == ("damaged", "")


@pytest.mark.parametrize(
    "part", ["data/tweets.js", "Shares.csv", "outbox.json", "xl/workbook.xml", "anything.bin"]
)
def test_a_bomb_is_not_unpacked(part: str) -> None:
    packed = bomb(part)
    before = process_time()
    assert trouble_with(packed) == ("bomb", "")
    assert process_time() - before < 1


def test_a_name_in_no_alphabet_is_damage() -> None:
    archive = zipped({"Größe.csv": SHARES, "b": ""}).replace("ö".encode(), b"\xc3\x28")
    assert trouble_with(archive) == ("damaged", "")


def test_many_small_bombs_are_one_large() -> None:
    small = parts.SMALL_UNPACKED_BYTES
    count = parts.MOST_UNPACKED_BYTES // small + 1
    packed = bytearray(zipped(dict.fromkeys((f"data/tweets-part{place}.js" for place in range(count)), "x")))
    for at in _places_of(packed, b"PK\x01\x02"):
        packed[at + 24 : at + 28] = struct.pack("<I", small)
    assert trouble_with(bytes(packed)) == ("bomb", "")


def test_parts_that_lie_over_each_other_are_a_bomb() -> None:
    packed = bytearray(zipped({f"{place}.csv": "x" * 1_000 for place in range(3)}))
    for at in _places_of(packed, b"PK\x01\x02"):
        packed[at + 20 : at + 24] = struct.pack("<I", len(packed))
    assert trouble_with(bytes(packed)) == ("bomb", "")


def test_a_part_that_says_less_than_it_holds_gives_no_more_than_it_says() -> None:
    packed = bytearray(zipped({"Shares.csv": SHARES + " " * 3_000_000}))
    at = packed.find(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", len(SHARES))
    assert trouble_with(bytes(packed)) == ("damaged", "")


def test_a_tar_that_unpacks_without_end_is_a_bomb() -> None:
    packed = tarred({"media/a.png": b"\x00" * 30_000_000, "outbox.json": mastodon_outbox(toot(1))})
    assert trouble_with(packed) == ("bomb", "")
    claims = bytearray(gzip.decompress(tarred({"outbox.json": b"{}"})))
    claims[124:136] = b"77777777777\x00"
    assert trouble_with(gzip.compress(bytes(claims))) == ("bomb", "")
    claims[124:136] = b"no number!!!"
    assert trouble_with(gzip.compress(bytes(claims))) == ("not_recognised", "")


def test_a_tar_that_ends_within_the_outbox_is_refused() -> None:
    whole = gzip.decompress(tarred({"outbox.json": mastodon_outbox(*(toot(id) for id in range(9)))}))
    assert trouble_with(gzip.compress(whole[:2_000])) == ("truncated", "")


def test_an_archive_of_too_many_parts_is_refused_before_they_are_counted_up() -> None:
    parts_of_it = b"".join(
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
        for _ in range(parts.MOST_PARTS + 1)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(parts_of_it), 0, 0)
    assert trouble_with(b"PK\x03\x04" + parts_of_it + end) == ("too_many_parts", "")


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/Shares.csv",
        "a/../../Shares.csv",
        "/etc/Shares.csv",
        "..\\Shares.csv",
        "C:\\Shares.csv",
        "C:/Shares.csv",
    ],
)
def test_a_path_that_climbs_out_is_refused(path: str) -> None:
    assert trouble_with(climbing(path)) == ("climbs_out", "")


def test_dots_within_a_name_climb_nowhere() -> None:
    assert whys_in(zipped({"my..archive/Shares.csv": SHARES, "a...b": ""})) == [None]


@pytest.mark.parametrize("archive", [linkedin_archive(), x_archive(tweet(1)), own_xlsx()])
def test_a_locked_archive_is_refused(archive: bytes) -> None:
    assert trouble_with(locked(archive)) == ("encrypted", "")


def test_workbooks_of_the_old_kind_and_with_a_password_are_told_apart() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3_000_000
    assert trouble_with(compound) == ("old_excel", "")
    assert trouble_with(compound + "EncryptedPackage".encode("utf-16-le")) == ("encrypted", "")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_as_no_network_packs_is_refused(method: int) -> None:
    assert trouble_with(zipped({"Shares.csv": SHARES, "a": ""}, compression=method)) == ("damaged", "")


def test_an_archive_within_an_archive_is_refused() -> None:
    assert trouble_with(zipped({"archive.zip": linkedin_archive()})) == ("nested", "archive.zip")
    assert trouble_with(zipped({"archive.tar.gz": mastodon_archive(toot(1), tar=True)})) == (
        "nested",
        "archive.tar.gz",
    )


def test_an_archive_without_the_posts_says_so() -> None:
    basic = linkedin_archive(shares=None, comments=None, reactions=None)
    assert trouble_with(basic) == ("linkedin_without_posts", "")


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 \x00\x01\x02",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 99,
        b"\xff\xd8\xff\xe0" + b"\x01" * 99,
        b"PK\x05\x06" + b"\x00" * 18,
    ],
)
def test_other_kinds_of_files_are_not_recognised(content: bytes) -> None:
    assert trouble_with(content)[0] in ("not_recognised", "encoding")


@pytest.mark.parametrize(
    "content", [b"", b"\n\n \t\r\n", b"\x00" * 5_000, b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"]
)
def test_a_file_with_nothing_in_it_is_empty(content: bytes) -> None:
    assert trouble_with(content) == ("empty", "")


def test_a_file_larger_than_any_that_is_read_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"Date,ShareLink,ShareCommentary\n")
    os.truncate(path, reading.LARGEST_FILE_BYTES + 1)
    with pytest.raises(Unreadable) as unreadable:
        reading.opened(path)
    assert unreadable.value.why is Trouble.TOO_LARGE


def test_a_line_without_end_is_read_in_pieces() -> None:
    whys = whys_in(SHARES + f'{AT},{post_link(1)},"' + "x" * 3_000_000)
    assert whys[0] is None
    assert None not in whys[1:]


def test_a_workbook_that_is_none_inside_is_damaged() -> None:
    book = BytesIO()
    with zipfile.ZipFile(BytesIO(own_xlsx())) as whole, zipfile.ZipFile(book, "w") as broken:
        for each in whole.namelist():
            broken.writestr(each, b"<broken" if "sheet1" in each else whole.read(each))
    assert trouble_with(book.getvalue())[0] in ("damaged", "not_recognised")


def _places_of(content: bytearray, mark: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(mark), content)]


def built() -> dict[str, bytes]:
    """One of each kind of file, with something of everything in it."""
    return {
        "linkedin": linkedin_archive(
            shares=[Share(AT, post_link(1), 'Two\n\n"lines"'), Share(AT, post_link(2))],
            comments=[Comment(AT, post_link(3), 'A "comment"')],
            reactions=[Reaction(AT, post_link(4))],
            reposts=[Repost(AT, post_link(5))],
        ),
        "stored": zipped({"Shares.csv": SHARES, "data/account.js": "x"}, compression=zipfile.ZIP_STORED),
        "shares": SHARES.encode(),
        "linkedin analytics": linkedin_analytics([Measures(post_link(1), "7/14/2026", 3)]),
        "x": x_archive(
            tweet(1),
            tweet(2, text="Long " * 60),
            parts=2,
            notes=[note("2026-10-14T20:19:24.000Z", "Long " * 99)],
        ),
        "tweets": assigned("tweets", [{"tweet": tweet(1)}, {"tweet": tweet(2)}]).encode(),
        "x analytics": x_analytics({"Post id": "1", "Date": "Fri, Jun 5, 2026", "Post text": "a\nb"}),
        "classic": x_analytics_classic({"Tweet id": "1", "time": "2026-10-01 10:00 +0000", "likes": "1.0"}),
        "outbox": mastodon_outbox(toot(1), boost(2, "https://a.example/1")),
        "mastodon": mastodon_archive(toot(1)),
        "tar": mastodon_archive(toot(1), tar=True),
        "own": own_csv(
            {"published_at": "3/4/2026", "network": "x", "text": 'a "b"\nc'}, {"published_at": "31.1.2026"}
        ),
        "utf-16": own_csv({"published_at": "2026-10-14", "network": "x", "text": "ä"}, encoding="utf-16"),
        "workbook": own_xlsx({"published_at": date(2026, 10, 14), "network": "x"}),
    }


BUILT = built()


def read_somehow(content: bytes, path: Path) -> None:
    """Whatever is in it, it is read or refused, and every row is one of both kinds and can be kept."""
    path.write_bytes(content)
    try:
        reading.opened(path)
        rows = list(reading.rows(path))
    except Unreadable:
        return
    for row in rows:
        assert isinstance(row, Found | NotUnderstood)
        for text in (
            (row.text, row.link or "", row.post_id or "", row.email)
            if isinstance(row, Found)
            else (row.said,)
        ):
            assert "\x00" not in text
            text.encode()
        assert isinstance(row, NotUnderstood) or (row.done_at is None) != (row.done_on is None)
    assert len({row.line for row in rows}) == len(rows)


@pytest.fixture(scope="module")
def upload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads") / "upload"


often = settings(
    max_examples=150, deadline=5_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
beginnings = st.sampled_from(
    [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"window.YTD.tweets.part0 = [", b'{"orderedItems": [', b"[", b"\xff\xfe",
     b"Date,ShareLink,ShareCommentary\n", b"Post id,Date,Post text,Post Link\n", b"published_at;network\n"]
)  # fmt: skip


@often
@given(beginning=beginnings, noise=st.binary(max_size=400))
def test_noise_is_read_or_refused(upload: Path, beginning: bytes, noise: bytes) -> None:
    read_somehow(beginning + noise, upload)


@often
@given(beginning=beginnings, lines=st.lists(st.text(alphabet='ab",;\n\\{}[]: 01-/Tħ\x00'), max_size=20))
def test_text_that_means_nothing_is_read_or_refused(upload: Path, beginning: bytes, lines: list[str]) -> None:
    read_somehow(beginning + "".join(lines).encode(), upload)


@pytest.mark.parametrize("name", [name for name in BUILT if name not in ("linkedin analytics", "workbook")])
@settings(often, max_examples=80)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(upload: Path, name: str, data: st.DataObject) -> None:
    read_somehow(damaged(BUILT[name], data), upload)


@pytest.mark.parametrize("name", ["linkedin analytics", "workbook"])
@settings(often, max_examples=8)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused(upload: Path, name: str, data: st.DataObject) -> None:
    read_somehow(damaged(BUILT[name], data), upload)


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """Cut off, with bytes changed, or with a piece twice."""
    at = st.integers(0, len(content))
    match data.draw(st.sampled_from(["cut", "changed", "doubled", "inserted"])):
        case "cut":
            return content[: data.draw(at)]
        case "changed":
            changed = bytearray(content)
            for place in data.draw(st.lists(at, min_size=1, max_size=8)):
                changed[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
            return bytes(changed)
        case "doubled":
            first, last = sorted((data.draw(at), data.draw(at)))
            return content[:last] + content[first:]
        case _:
            place = data.draw(at)
            return content[:place] + data.draw(st.binary(min_size=1, max_size=30)) + content[place:]


HOSTILE = {
    "quotes": SHARES.encode() + f'{AT},x,"\n'.encode() * 20_000,
    "odd quotes": b"published_at,network,text\n" + b'"\n' * 100_000,
    "open quote": b"published_at,network,text\n" + b'2026-10-14,x,"' + b"a,b\n" * 100_000,
    "open quotes in analytics": x_analytics() + b'1,"Fri, Jun 5, 2026,"\n' * 50_000,
    "commas": b"published_at,network" + b"," * 1_000_000 + b"\n" + b"," * 1_000_000,
    "headings": b"published_at,network,text" + b",x" * 30_000 + b"\n" + b"2026-10-14,x,y\n" * 1_000,
    "braces": b"window.YTD.tweets.part0 = [" + b'{"tweet":' * 300_000,
    "brackets": b'{"orderedItems": [' + b"[" * 1_000_000,
    "broken posts": b"window.YTD.tweets.part0 = [" + b'{"tweet": {"id_str" "1"}},' * 50_000,
    "empty posts": b"window.YTD.tweets.part0 = [" + b"0," * 100_000,
    "blanks": b"window.YTD.tweets.part0 = [" + b" " * 5_000_000,
    "one string": b'[{"tweet": {"full_text": "' + b"x" * 9_000_000,
    "shares without end": SHARES.encode() + f"{AT},{post_link(1)},".encode() + b"a,(b" * 200_000,
    "a share of breaks": SHARES.encode() + f'{AT},{post_link(1)},"'.encode() + b'"\n"' * 200_000,
    "parentheses": SHARES.encode() + (f"{AT}," + "(" * 5_000 + "\n").encode() * 50,
    "entities": mastodon_outbox(toot(1, html="&" * 500_000 + "<p" * 200_000)),
    "numbers": b"published_at,network,clicks\n" + b"2026-10-14,x," + b"1," * 50_000 + b"\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_keep_us_busy_does_not(name: str, upload: Path) -> None:
    before = process_time()
    read_somehow(HOSTILE[name], upload)
    assert process_time() - before < 20


def posts(count: int) -> Iterator[bytes]:
    post = json.dumps({"tweet": tweet("NUMBER", text="Post NUMBER, and a few more words")}).encode()
    yield b"window.YTD.tweets.part0 = [\n"
    yield post.replace(b"NUMBER", b"1000000000000000000")
    for start in range(1, count, 1_000):
        ids = range(10**18 + start, 10**18 + min(start + 1_000, count))
        yield b"".join(b",\n" + post.replace(b"NUMBER", str(id).encode()) for id in ids)
    yield b"]"


def x_archive_of(path: Path, count: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("data/tweets.js", "w") as part:
            for piece in posts(count):
                part.write(piece)
        archive.writestr("data/account.js", assigned("account", [{"account": {"username": "robin"}}]))


def linkedin_archive_of(path: Path, count: int) -> None:
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as archive, archive.open("Shares.csv", "w") as part:
        part.write(b"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n")
        for id in range(count):
            text = f'"Post ""number"" {id}""\n""and a second, {id % 7}"'
            part.write(f"{AT},{post_link(id)},{text},,,MEMBER_NETWORK\n".encode())


def own_csv_of(path: Path, count: int) -> None:
    with path.open("wb") as file:
        file.write(b"published_at,network,link,text\n")
        for id in range(count):
            file.write(f'3/4/2026,x,https://x.com/a/status/{id},"Words, {id}"\n'.encode())
        file.write(b"3/31/2026,x,https://x.com/a/status/0,end\n")


def outbox_of(path: Path, count: int) -> None:
    with path.open("wb") as file:
        file.write(b'{"type": "OrderedCollection", "orderedItems": [')
        file.write(b",".join(json.dumps(toot(id)).encode() for id in range(count)))
        file.write(b"]}")


def most_memory(path: Path) -> tuple[int, int]:
    """The rows of a file, and how many bytes reading them took at most."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in reading.rows(path))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("make", [x_archive_of, linkedin_archive_of, own_csv_of, outbox_of])
def test_memory_does_not_grow_with_the_file(make: Callable[[Path, int], None], tmp_path: Path) -> None:
    taken = []
    for count in (3_000, 12_000):
        make(tmp_path / "upload", count)
        rows, most = most_memory(tmp_path / "upload")
        assert rows in (count, count + 1)
        taken.append(most)
    assert taken[1] < 1.25 * taken[0] + 100_000
    assert taken[1] < 20_000_000


READS_TO_THE_END = """
import re, sys
from pathlib import Path
from cohorts.activity_files.reading import rows
for count, row in enumerate(rows(Path(sys.argv[1])), start=1):
    pass
print(count, row.post_id, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def test_an_archive_of_400_000_posts_is_read_to_its_end_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    x_archive_of(path, 400_000)
    assert reading.opened(path).handle == "robin"
    told = subprocess.run(
        [sys.executable, "-c", READS_TO_THE_END, str(path)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout.split()
    assert told[:2] == [b"400000", str(10**18 + 399_999).encode()]
    assert int(told[2]) < 80_000  # kB, most of it the interpreter's own
