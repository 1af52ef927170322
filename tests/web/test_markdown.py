"""What people write as Markdown can do nothing but be read, whatever they write."""

import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.markdown import markdown

TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br", "a"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}

XSS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/a.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a hx-get=/sign-out hx-trigger=load>x</a>",
    "<div hx-on:load=alert(1) style=position:fixed class=sheet id=main>x</div>",
    "<b onclick=alert(1)>x</b>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<plaintext>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](  javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](<java\tscript:alert(1)>)",
    "[a](java&Tab;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](&#106;&#97;&#118;&#97;script:alert(1))",
    "[a](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[a](&#0000106avascript:alert(1))",
    "[a](\\javascript:alert(1))",
    "[a](javascript\\:alert(1))",
    "[a](javascript%3Aalert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](\u200bjavascript:alert(1))",
    "[a](\u00a0javascript:alert(1))",
    "[a](\ufeffjavascript:alert(1))",
    "[a](javascript\u200b:alert(1))",
    "[a](ｊａｖａｓｃｒｉｐｔ:alert(1))",
    "[a](ja\u0130vascript:alert(1))",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](DATA:image/svg+xml,<svg/onload=alert(1)>)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://x.example/1)",
    "[a](view-source:javascript:alert(1))",
    "[a](feed:javascript:alert(1))",
    "[a](jar:https://x.example!/)",
    "[a](tel:112)",
    '[a](https://x.example "onmouseover=alert(1)")',
    "[a](https://x.example '\"onmouseover=\"alert(1)')",
    '[a](https://x.example/"onmouseover="alert(1))',
    "[a](https://x.example/'><script>alert(1)</script>)",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a]: <javascript:alert(1)>\n\n[a][]",
    "[a]:\n data:text/html,x\n\n[text][a]",
    "<javascript:alert(1)>",
    "<javascript&colon;alert(1)>",
    "<data:text/html,alert(1)>",
    "<vbscript:alert(1)>",
    "![a](javascript:alert(1))",
    "![a](https://x.example/pixel.png)",
    '![a"onerror="alert(1)](https://x.example/a.png)',
    "![a](data:image/svg+xml;base64,PHN2Zy8+)",
    "[![a](javascript:alert(1))](javascript:alert(2))",
    "[a [b](javascript:alert(1))](https://x.example)",
    "[<script>alert(1)</script>](https://x.example)",
    "[`](javascript:alert(1)`)",
    "**[a](javascript:alert(1))**",
    "> - [a](javascript:alert(1))",
    "1. <img src=x\n   onerror=alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    '``` "onmouseover=alert(1)\nx\n```',
    "    <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "# <script>alert(1)</script>",
    "a\n===\n<script>alert(1)</script>",
    "\u2028<script>alert(1)</script>\u2029",
    "\u202e<tpircs>",
    "\ud7ff\ue000<mark>x</mark>",
    "\x00<script\x00>alert(1)</script>",
    "&NotAnEntity;&#xFFFFFFFF;&#0;",
]


class Allowed(HTMLParser):
    """Reads HTML as a browser would take it apart, and holds each tag and attribute against what is allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), f"{tag} {name}"
            if name == "href":
                self.check_address(value or "")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    @staticmethod
    def check_address(address: str) -> None:
        """As a browser reads it: without the white space and control characters that it leaves out."""
        seen = "".join(letter for letter in address if ord(letter) > 0x20)
        scheme = urlsplit(seen).scheme.casefold() if ":" in seen.split("/", 1)[0] else ""
        assert scheme in ("", "http", "https", "mailto"), address


def read(text: str) -> Allowed:
    found = Allowed()
    found.feed(str(markdown(text)))
    found.close()
    assert found.open == []
    return found


def test_the_corpus_is_large_enough() -> None:
    assert len(set(XSS)) >= 60


@pytest.mark.parametrize("attack", XSS)
@pytest.mark.parametrize("around", ["{}", "Before {} after", "- {}", "> {}", "**{}**", "{0}\n\n{0}"])
def test_an_attack_stays_words(attack: str, around: str) -> None:
    read(around.format(attack))


@given(
    st.lists(
        st.sampled_from([*XSS, *"[]()<>!`*_#&;:\\\n\"' ", "javascript:", "](", "&#x6a;"]), max_size=8
    ).map("".join)
)
def test_attacks_put_together_stay_words(text: str) -> None:
    read(text)


def test_what_is_meant_well_is_kept() -> None:
    found = read(
        "A **bold** *word*, [a link](https://example.com/a?b=c&d=e), <hello@example.com>, `code`.\nNext line.\n\n1. one\n2. two\n\n> said"
    )
    assert "A bold word, a link" in found.text
    html = markdown("[a](https://example.com/a?b=c&d=e) <hello@example.com>\nline")
    assert 'href="https://example.com/a?b=c&amp;d=e"' in html
    assert 'href="mailto:hello@example.com"' in html
    assert 'rel="noopener noreferrer"' in html
    assert "<br>" in html
    assert '<ol start="3">' in markdown("3. three")


def test_tags_that_people_write_about_can_be_read() -> None:
    assert read("Write <b>nothing</b> & be done.").text.strip() == "Write <b>nothing</b> & be done."


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000,
        "> " * 10_000,
        "[" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "[a](" * 5_000,
        "![" * 10_000,
        "[![" * 6_000,
        "*a " * 6_000,
        "*a **a " * 2_800,
        "_" * 20_000,
        "- " * 10_000,
        "\n".join("  " * depth + "- a" for depth in range(190)),
        "`" * 20_000,
        "".join("`" * length + " " for length in range(1, 190)),
        "<" * 20_000,
        "&" * 20_000,
        "[a]: " * 4_000,
        "[a](" + "(" * 19_000,
        "> a\n" * 5_000,
        "\\" * 20_000,
    ],
    ids=lambda text: text[:8],
)
def test_odd_nesting_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    html = markdown(text)
    assert time.process_time() - begun < 2
    assert "<script" not in html
