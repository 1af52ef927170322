"""Which outsiders a learning names, before others read it."""

from collections.abc import Iterable

from playbooks.outsiders.rules import Insiders, Mention, MentionKind, handle, mentions, outsiders, surname
from program.database import fetch_row
from program.roles.rules import Reader

_INSIDERS = """
SELECT
  (SELECT name FROM program WHERE id = $1) AS program_name,
  ARRAY(SELECT lower(p.name) FROM person p JOIN listing l ON l.person = p.id
    WHERE l.program = $1 AND (lower(p.name) = ANY($3) OR lower(split_part(p.name, ' ', -1)) = ANY($4))) AS names,
  ARRAY(SELECT p.email FROM person p JOIN listing l ON l.person = p.id
    WHERE l.program = $1 AND p.email = ANY($5)) AS emails,
  ARRAY(SELECT lower(a.handle) FROM social_account a JOIN listing l ON l.person = a.person
    WHERE l.program = $1 AND a.removed_at IS NULL AND lower(a.handle) = ANY($6)
      AND (a.person = $2 OR a.stance = 'sanctioned')) AS handles
"""


async def outsiders_in(
    texts: Iterable[str], seen_by: Reader, *, kept: Iterable[str] = ()
) -> tuple[Mention, ...]:
    """What these texts of the reader's seem to say of outsiders. One query, and none where nothing is found."""
    found = mentions(texts)
    if not found:
        return ()
    people = [each.words.lower() for each in found if each.kind is MentionKind.PERSON]
    row = await fetch_row(
        _INSIDERS,
        seen_by.program,
        seen_by.person,
        people,
        [surname(words) for words in people],
        [each.words.lower().removeprefix("mailto:") for each in found if each.kind is MentionKind.EMAIL],
        _handles(found),
    )
    assert row is not None  # noqa: S101 -- a SELECT of scalars always has its row
    insiders = Insiders(
        names=frozenset(row["names"]),
        surnames=frozenset(map(surname, row["names"])),
        emails=frozenset(row["emails"]),
        handles=frozenset(row["handles"]),
        program_words=frozenset(row["program_name"].lower().split()),
    )
    return outsiders(found, insiders, kept=kept)


def _handles(found: Iterable[Mention]) -> list[str]:
    """The handles to look for; of one that names its server, also what stands before it."""
    full = [handle(each) for each in found if each.kind in (MentionKind.ACCOUNT, MentionKind.PROFILE)]
    return [*full, *(each.partition("@")[0] for each in full)]
