"""What is read out of a mail, and out of bytes that only look like one."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from app.mail.html import text_of
from app.mail.parsing import UnreadableError
from app.mail.reading import Read, read
from tests.support.clamav import EICAR

HEAD = b"From: Ada <user@alder.example>\r\nMessage-ID: <1@alder.example>\r\n"
PLAIN = b"\r\nhello\r\n"


def of(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> Read:
    """A mail of one text part."""
    how = b"Content-Type: %b\r\nContent-Transfer-Encoding: %b\r\n\r\n" % (content_type, encoding)
    return read(HEAD + how + body)


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    """A mail of several parts, each with its headers."""
    begins = HEAD + b"Content-Type: multipart/%b; boundary=b\r\n\r\n" % kind
    return begins + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


TEXT = b"Content-Type: text/plain\r\n\r\nhello"
HTML = b"Content-Type: text/html\r\n\r\n<p>Hello</p>"
PNG = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="


def nested(depth: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nhello"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (HEAD + PLAIN + b"x" * 10 * 1024 * 1024, "It is larger than 10 MiB."),
        (HEAD + PLAIN + b"\n" * 500_001, "It has more than 500,000 lines."),
        (nested(12), "Its parts are nested deeper than 10."),
        (mixed(*[TEXT] * 1_000), "It has more than 100 parts."),
        (mixed(TEXT, *[b"Content-Type: message/rfc822\r\n\r\n" + HEAD + PLAIN] * 60), "It has more than 100 parts."),
        (
            mixed(b"Content-Type: text/plain; " + b"x=y; " * 1_000 + b"\r\n\r\nhi"),
            CONTENT_HEADER := ("One of its headers is longer than 2048 characters."),
        ),
        (mixed(b"Content-Disposition: attachment; filename=" + b"x" * 3_000 + b"\r\n\r\nhi"), CONTENT_HEADER),
        (mixed(b"X-Much: " + b"x" * 40_000 + b"\r\n\r\nhi"), "One of its headers is longer than 32768 characters."),
    ],
    ids=["huge", "lines", "deep", "parts", "mails", "parameters", "file name", "header"],
)
def test_what_would_keep_the_parser_busy_is_not_parsed_but_its_sender_is_known(raw: bytes, problem: str) -> None:
    mail = read(raw)
    assert (mail.sender, mail.name, mail.problem) == ("user@alder.example", "<1@alder.example>", problem)
    assert (mail.body, mail.files) == ("", ())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "It has not one sender."),
        (b"\x00\xff\xfe" * 1000, "It has not one sender."),
        (b"Subject: " + b"x" * 40_000 + b"\r\n" + HEAD + PLAIN, "One of its headers is longer than 32768 characters."),
        (b"X: y\r\n" * 50_000 + HEAD + PLAIN, "Its headers are larger than 256 KiB."),
        (b"From: " + b'"' * 30_001 + b" <a@b.example>\r\n\r\n", "It has not one sender."),
        (b"From: " + b"(" * 30_000 + b"a@b.example\r\n\r\n", "It has not one sender."),
        (b"From: " + b"x" * 250 + b"@b.example\r\n\r\n", "It has not one sender."),
        (b"From: a@b.example\r\nFrom: a@b.example\r\n\r\n", "It has not one sender."),
        (b"From: a@b.example, c@d.example\r\n\r\n", "It has not one sender."),
        (b"From: Ada <a@b.example> <c@d.example>\r\n\r\n", "It has not one sender."),
        (b"From: a@b.example <c@d.example>, e@f.example\r\n\r\n", "It has not one sender."),
        (b"From: (a@b.example) c@d.example <e@f.example\r\n\r\n", "It has not one sender."),
        (b"From: undisclosed:;\r\n\r\n", "It has not one sender."),
    ],
)
def test_bytes_that_do_not_say_whose_they_are_are_no_mail(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(raw)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "written",
    [
        "user@alder.example",
        "Ada Berg <user@alder.example>",
        '"Berg, Ada" <USER@alder.example>',
        "=?utf-8?q?other=40evil=2Eexample_=3C?= <user@alder.example>",
        "user@alder.example (Ada Berg)",
    ],
)
def test_a_sender_is_read_as_everybody_reads_it(written: str) -> None:
    assert read(f"From: {written}\r\n\r\nhello".encode()).sender == "user@alder.example"


def test_a_name_with_bytes_that_are_no_text_can_be_kept() -> None:
    mail = read(b"From: user@alder.example\r\nMessage-ID: <a\x00b\xff@x>\r\n\r\nhello")
    assert mail.name.isprintable()
    assert read(b"From: user@alder.example\r\n\r\nhello").name.startswith("<sha256.")


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied (vacation)", True),
        ("Auto-Submitted: no", False),
        ("Precedence: bulk", True),
        ("Precedence: first-class", False),
        ("X-Precedence: auto_reply", True),
        ("X-Auto-Response-Suppress: All", True),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", True),
        ("X-Auto-Response-Suppress: DR, RN", False),  # people's programs ask for no receipts
        ("X-Auto-Reply-From: user@alder.example", True),
        ("List-Unsubscribe: <https://alder.example>", True),
        ("Return-Path: <>", True),
        ("Return-Path: <user@alder.example>", False),
        ("Content-Type: multipart/report; boundary=b", True),
    ],
)
def test_what_a_program_writes_says_so(header: str, automatic: bool) -> None:
    assert read(HEAD + header.encode() + b"\r\n" + PLAIN).automatic is automatic


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (b"text/plain; charset=utf-8", "Größe".encode(), "Größe"),
        (b"text/plain; charset=iso-8859-1", "Größe".encode("latin-1"), "Größe"),
        (b"text/plain; charset=us-ascii", "Größe".encode(), "Größe"),
        (b"text/plain", "Größe".encode(), "Größe"),
        (b"text/plain; charset=x-nonsense", "Größe".encode(), "Größe"),
        (b"text/plain; charset=utf-8", b"Gr\xf6\xdfe", "Gr\ufffd\ufffde"),
        (b"text/plain; charset=punycode", b"a-b", "a-b"),
        (b"text/plain; charset=zlib", b"a-b", "a-b"),
        (b"text/plain; charset=unicode_escape", rb"\u0041", r"\u0041"),
        (b"text/plain; charset*=%ff%fe", b"a-b", "a-b"),
    ],
)
def test_an_encoding_that_is_a_lie_costs_some_letters_at_most(content_type: bytes, body: bytes, text: str) -> None:
    assert of(content_type, body).body == text


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"x-uuencode", b"gzip", b"7bit"])
def test_an_encoding_of_bytes_that_they_do_not_have_is_no_failure(encoding: bytes) -> None:
    assert of(b"text/plain", b"=ZZ hello", encoding).problem is None


@pytest.mark.parametrize(
    ("raw", "body", "files"),
    [
        (mixed(TEXT, HTML, kind=b"alternative"), "hello", []),
        (mixed(b"Content-Type: text/plain\r\n\r\n \r\n", HTML, kind=b"alternative"), "Hello", []),
        (mixed(HTML, PNG, kind=b"related"), "Hello", ["file.png"]),
        (mixed(TEXT, PNG, b"Content-Type: text/plain\r\n\r\nmore"), "hello", ["file.png", "file.txt"]),
        (mixed(TEXT, b"Content-Type: application/pkcs7-signature\r\n\r\nx", kind=b"signed"), "hello", []),
        (mixed(TEXT, b"Content-Type: message/rfc822\r\n\r\n" + HEAD + PLAIN), "hello", ["file.eml"]),
        (mixed(b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nhello"), "", ["file.txt"]),
        (mixed(b"Content-Type: nonsense\r\n\r\nhello"), "hello", []),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\nhello", "", []),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello", "hello", []),
    ],
    ids=["forms", "blank form", "picture", "between", "signed", "mail", "attached", "kind", "no boundary", "no end"],
)
def test_what_is_neither_the_text_nor_a_form_of_it_is_a_file(raw: bytes, body: str, files: list[str]) -> None:
    mail = read(raw)
    assert (mail.body, [file.name for file in mail.files], mail.problem) == (body, files, None)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ('filename="night.log"', "night.log"),
        ("filename*=utf-8''Gr%C3%B6%C3%9Fe.log", "Größe.log"),
        ('filename="=?utf-8?q?Gr=C3=B6=C3=9Fe=2Elog?="', "Größe.log"),
        ('filename="../../etc/passwd"', "passwd"),
        (r'filename="C:\\temp\\night.log"', "night.log"),
        ("filename*=utf-8''invoice%E2%80%AEgpj.exe", "invoicegpj.exe"),
        ("filename*=utf-8''a%00b%0Ac.log", "abc.log"),
        ('filename=".htaccess"', "htaccess"),
        ('filename="CON.txt"', "_CON.txt"),
        ('filename="=?x-nonsense?q?a?="', "=_x-nonsense_q_a_="),
        ("filename*=nonsense''%ff", "ÿ"),
        (f'filename="{"x" * 300}.log"', f"{'x' * 196}.log"),
    ],
)
def test_A11_a_files_name_is_made_harmless(given: str, name: str) -> None:
    part = f"Content-Type: text/plain\r\nContent-Disposition: attachment; {given}\r\n\r\nhello"
    [file] = read(mixed(TEXT, part.encode())).files
    assert file.name == name


def test_A11_a_files_bytes_are_as_they_were_sent() -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "user@alder.example"
    mail.set_content("hello")
    for content in (EICAR, bytes(range(256)) * 100, b""):
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="a.bin")
    assert [file.content for file in read(mail.as_bytes()).files] == [EICAR, bytes(range(256)) * 100, b""]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<style>p {}</style><p>It <b>works</b>&nbsp;again.</p><script>x()</script><p>Ada", "It works again.\n\nAda"),
        ("<!--[if gte mso 9]><xml><p>x</p></xml><![endif]--><p>hello</p>", "hello"),
        ("<p>hello</p><!-- <p>more</p>", "hello"),
        ("<div>a</div><div>b<br>c</div><blockquote>old<p>x</p></blockquote>d", "a\nb\nc\nd"),
        ("1 < 2 & 3 > 2 &lt;b&gt;", "1 < 2 & 3 > 2 <b>"),
        ("<a " * 300_000, "<a " * 299_999 + "<a"),
        ("<!--" * 200_000, ""),
        ("</p" * 300_000, "</p" * 300_000),
        ("<blockquote>" * 80_000, ""),
        ("&" * 900_000, "&" * 900_000),
    ],
    ids=["words", "conditions", "open comment", "quoted", "signs", "tags", "comments", "ends", "quotes", "references"],
)
def test_the_words_of_HTML_are_found_in_one_pass(page: str, text: str) -> None:
    assert text_of(page) == text
