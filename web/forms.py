"""Forms: every field's problem at once, at its field, and nothing that was typed lost."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request
from litestar.datastructures import UploadFile

from program.database import new_id
from program.form_keys.actions import Sent
from program.refusals import NotAllowed, NotFound, Refusal
from program.words import figure_text, ngettext
from program.words import gettext as _

FORM_COOKIE = "pilotage_csrf"
LONGEST_LINE = 200
LONGEST_TEXT = 5_000
AGAIN = "typed_before"
_BOOKKEEPING = frozenset({"_csrf_token", "form_key", AGAIN})
_Choice = TypeVar("_Choice", bound=StrEnum)


class Form:
    """What was typed, what is wrong with it by field ("" for the whole form), and the key it is sent under."""

    def __init__(self, values: Mapping[str, str | list[str]] | None = None, key: UUID | None = None) -> None:
        self.values: dict[str, str | list[str]] = dict(values or {})
        self.files: dict[str, UploadFile] = {}
        self.problems: dict[str, list[str]] = {}
        self.key = key or new_id()

    @classmethod
    async def of(cls, request: Request[Any, Any, Any]) -> "Form":
        """The form as it was sent. Fields sent several times become lists.

        One that was typed before a sign-in (`AGAIN`) is refused, so that it is shown again and not acted on.
        """
        data = await request.form()
        form = cls()
        for name in dict.fromkeys(data.keys()):
            several = data.getall(name)
            texts = [_storable(value).replace("\r\n", "\n") for value in several if isinstance(value, str)]
            for value in several:
                if isinstance(value, UploadFile):
                    form.files[name] = value
            if name not in _BOOKKEEPING and texts:
                form.values[name] = texts if len(texts) > 1 else texts[0]
        form.key = _key_of(data.get("form_key")) or form.key
        if AGAIN in data:
            form.refuse("", _("You were signed out in between. Look it over, and send it."))
        return form

    @property
    def sent(self) -> Sent:
        """The key and digest under which an action remembers this form."""
        told = repr(sorted((name, value) for name, value in self.values.items()))
        return Sent(self.key, hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())

    def refuse(self, field: str, sentence: str) -> None:
        self.problems.setdefault(field, []).append(sentence)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A refusal inside becomes a problem of the field that it names, or of the whole form."""
        try:
            yield
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            field = refusal.field if refusal.field in self.values or refusal.field in self.files else ""
            self.refuse(field or "", " ".join([refusal.sentence(), *refusal.reason_sentences()]))

    def text(self, name: str, *, required: bool = True, longest: int = LONGEST_LINE) -> str:
        """A line or text without the white space around it; "" where it is missing or wrong."""
        value = self._one(name).strip()
        if required and not value:
            self.refuse(name, _("Please fill this in."))
        if len(value) > longest:
            self.refuse(
                name,
                ngettext(
                    "This is %(over)d character too long.",
                    "This is %(over)d characters too long.",
                    len(value) - longest,
                )
                % {"over": len(value) - longest},
            )
        return value

    def email(self, name: str) -> str:
        value = self.text(name).lower()
        if value and not re.fullmatch(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+", value):
            self.refuse(name, _("This does not look like an e-mail address, such as name@company.com."))
        return value

    def choice(self, name: str, choices: type[_Choice], otherwise: _Choice) -> _Choice:
        """One of the choices; `otherwise`, with a problem noted, where nothing fitting was chosen."""
        try:
            return choices(self._one(name))
        except ValueError:
            self.refuse(name, _("Please choose one of these."))
            return otherwise

    def one_of(self, name: str, options: Sequence[str], *, required: bool = True) -> str:
        """One of the option values, or "" where it is missing or wrong."""
        value = self._one(name)
        if value in options:
            return value
        if required or value:
            self.refuse(name, _("Please choose one of these."))
        return ""

    def some_of(self, name: str, options: Sequence[str]) -> list[str]:
        """Those chosen of the option values; unknown ones are a problem."""
        chosen = self.list(name)
        if any(value not in options for value in chosen):
            self.refuse(name, _("Please choose among these."))
        return [value for value in chosen if value in options]

    def day(self, name: str, otherwise: date) -> date:
        """A day as a date field sends it (2027-01-14); `otherwise`, with a problem noted, where it is none."""
        value = self._one(name).strip()
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.refuse(name, _("Please give a day, such as 2027-01-14."))
            return otherwise
        if not 2000 <= day.year <= 2999:  # noqa: PLR2004 -- no company plans outside of these
            self.refuse(name, _("Please give a day between 2000 and 2999."))
            return otherwise
        return day

    def whole(self, name: str, *, least: int, most: int, otherwise: int) -> int:
        value = self._one(name).strip()
        if value.isascii() and value.isdigit() and len(value) <= 9 and least <= int(value) <= most:  # noqa: PLR2004
            return int(value)
        self.refuse(
            name,
            _("Please give a whole number from %(least)s to %(most)s.")
            % {"least": figure_text(least), "most": figure_text(most)},
        )
        return otherwise

    def id(self, name: str) -> UUID | None:
        """The id that was chosen, or None with a problem noted."""
        found = _key_of(self._one(name))
        if found is None:
            self.refuse(name, _("Please choose one of these."))
        return found

    def ids(self, name: str) -> list[UUID]:
        """The ids that were chosen; what is no id is left out."""
        return [found for value in self.list(name) if (found := _key_of(value)) is not None]

    def yes(self, name: str) -> bool:
        return self._one(name) not in ("", "no")

    def list(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) else value

    def _one(self, name: str) -> str:
        values = self.list(name)
        return values[0] if values else ""


def _storable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _key_of(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
