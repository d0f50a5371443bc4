"""The contract on paper: everything is in it, and nothing gets out of it."""

import io
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from contracts.canonical import canonical, sha256_hex
from contracts.documents import layout, render
from contracts.tests import sample

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def drawn():
    return render.render(sample.signed_page())


@pytest.fixture
def listener():
    """A server on this machine that counts who comes."""
    visits = []

    class Visits(BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments):
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Visits)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", visits
    server.shutdown()
    server.server_close()


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_page_carries_every_part_of_the_contract(drawn):
    text = text_of(drawn).replace(" ", "")
    for part in [
        "Purchase contract",
        "TA-2026-000187",
        "Kidzone Retail Pvt Ltd",
        "US$18,600.00",
        "Deposit, on signing: US$5,580.00 (30 %)",
        "Sat 12 Dec 2026, until 23:59 China time",
        "FOB Ningbo (Incoterms 2020), sea",
        "AQL critical 0, major 2.5, minor 4.0",
        "Organic cotton, 200 g/m²",
        "± 5 %",
        "ISO 3801, 5 cuttings per lot",
        "Critical",
        "Pantone 1935 exists in several books. C, U or TCX? Accepted by Asha Mehta.",
        "0.5 % of the price for each day, 10 % at most",
        "Payment for the goods of this contract is made to the third party Trade Assurance",
        "agree: the buyer pays the price to the platform",
        "Fri 2 Oct 2026 08:00:00 UTC",
        "Fri 2 Oct 2026 13:30:00 India time",
        "Fri 2 Oct 2026 16:00:00 China time",
        "from 203.0.113.7",
        sha256_hex(canonical(sample.document())),
    ]:
        assert part.replace(" ", "") in text, part


def test_chinese_is_drawn_and_can_be_searched(drawn):
    text = text_of(drawn)
    for part in ["婴儿连体衣", "宁波小松服装有限公司", "浙江省宁波市鄞州区学士路", "林小松"]:
        assert part in text


def test_chinese_and_hindi_come_with_their_fonts(drawn):
    done = subprocess.run(["pdffonts", "-"], input=drawn, capture_output=True, check=True)
    fonts = done.stdout.decode()
    assert "Noto-Sans-Devanagari" in fonts
    assert "Contract-Han" in fonts
    embedded = [line.split()[-5] for line in fonts.splitlines()[2:]]
    assert set(embedded) == {"yes"}


def test_a_contract_stays_small(drawn):
    assert len(PdfFileReader(io.BytesIO(drawn)).root["/Pages"]["/Kids"]) == 3
    assert len(drawn) <= 100 * 1024


def test_the_same_contract_gives_the_same_bytes_in_every_process(drawn):
    html = sample.signed_page()
    assert render.render(html) == drawn
    render.stop()
    assert render.render(html) == drawn
    assert render.render(html.replace("18,600.00", "18,600.01")) != drawn


@pytest.mark.parametrize("language", ["zh-hans", "hi"])
def test_the_page_is_drawn_in_each_language(language):
    html = layout.html_for(sample.document(), [], language)
    assert f'<html lang="{language}">' in html
    assert "宁波小松服装有限公司" in text_of(render.render(html))


def test_relative_ship_dates_unsigned_and_side_terms_are_shown():
    delivery = sample.document()["delivery"] | {"ship_by": None, "lead_days": 30}
    document = sample.document(delivery=delivery, side_terms="Two spare zippers per carton.")
    text = text_of(render.render(layout.html_for(document, [])))
    assert "30 days after the first payment is held, end of that day, China time" in text
    assert "Side terms, not assured" in text
    assert "Two spare zippers per carton." in text
    assert "Not signed yet." in text


def test_progress_tells_the_step_and_the_page():
    steps = []
    html = layout.html_for(sample.document(), [])
    render.render(html, progress=lambda step, page: steps.append((step, page)))
    assert steps[-1] == (7, 0)
    assert {page for step, page in steps if step == 5} == {1, 2, 3}


def test_what_a_party_writes_is_text_and_opens_nothing(listener):
    address, visits = listener
    hostile = (
        f'"><img src="{address}/a"><link rel=attachment href="file:///etc/passwd">'
        f"</style><style>@import url({address}/b);</style>"
        f'<script src="{address}/c"></script>'
    )
    lines = [row | {"requirement": hostile} for row in sample.document()["lines"][:2]]
    document = sample.document(title=hostile, side_terms=hostile, lines=lines)
    html = layout.html_for(document, [sample.signature(name=hostile)])
    assert "<img" not in html
    assert "<script" not in html
    pdf = render.render(html)
    assert visits == []
    assert b"/EmbeddedFile" not in pdf
    assert "file:///etc/passwd" in text_of(pdf)


PAYLOADS = [
    '<img src="{there}/a.png">',
    '<img src="{file}">',
    '<link rel="stylesheet" href="{there}/a.css">',
    '<link rel="attachment" href="{file}">',
    '<a rel="attachment" href="{file}">x</a>',
    "<style>@import url({there}/b.css);</style>",
    "<style>@import '{file}';</style>",
    "<style>@font-face{{font-family:x;src:url({there}/f.ttf)}} p{{font-family:x}}</style><p>x",
    '<p style="background:url({there}/c.png)">x</p>',
    '<p style="background:url({file})">x</p>',
    '<ul style="list-style-image:url({there}/l.png)"><li>x</ul>',
    "<style>p::before{{content:url({there}/d.png)}}</style><p>x",
    '<object data="{there}/e.svg"></object>',
    '<object data="{file}" type="text/plain"></object>',
    '<embed src="{there}/f.svg">',
    '<iframe src="{there}/g.html"></iframe>',
    '<svg><image href="{there}/h.png" width="9" height="9"/></svg>',
    '<svg><use href="{there}/i.svg#a"/></svg>',
    "<svg><style>@import url({there}/j.css);</style></svg>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='{there}/k.png' width='9' height='9'/></svg>\">",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='{file}' width='9' height='9'/></svg>\">",
    '<base href="{there}/"><img src="l.png">',
    '<img src="//{host}/m.png">',
    '<img src="HTTP://{host}/n.png">',
    '<img src="ftp://{host}/o.png">',
    '<meta http-equiv="refresh" content="0;url={there}/p">',
    '<video src="{there}/q.mp4" poster="{there}/r.png"></video>',
    '<input type="image" src="{there}/s.png">',
]


def test_even_raw_markup_reaches_neither_network_nor_files(listener, tmp_path):
    address, visits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("THE-SECRET-OF-THE-HOUSE")
    host = address.removeprefix("http://")
    places = {"there": address, "file": secret.as_uri(), "host": host}
    page = "<html><body><p>Safe</p>" + "".join(row.format(**places) for row in PAYLOADS)
    pdf = render.render(page)
    assert visits == []
    assert b"/EmbeddedFile" not in pdf
    assert "Safe" in text_of(pdf)
    assert "THE-SECRET" not in text_of(pdf)


def test_the_drawing_process_cannot_open_a_connection(listener):
    address, visits = listener
    code = (
        "import sys, urllib.request; from contracts.documents import child; "
        "sys.addaudithook(child._refuse_network); "
        f"urllib.request.urlopen('{address}/x')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "The drawing process has no network." in done.stderr
    assert visits == []


def test_the_drawing_process_is_told_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    render.stop()
    render.render("<p>x</p>")
    environment = Path(f"/proc/{render._child.process.pid}/environ").read_bytes()
    assert b"do-not-tell" not in environment
    assert b"DATABASE_URL" not in environment


def test_a_document_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(render, "TIME_LIMIT_SECONDS", 1)
    endless = "<table>" + "<tr><td>x<td>y" * 60_000 + "</table>"
    with pytest.raises(render.RenderFailed, match="longer than 1 seconds"):
        render.render(endless)
    monkeypatch.undo()
    assert render.render("<p>next</p>").startswith(b"%PDF")


def test_a_child_that_dies_is_replaced():
    render.render("<p>x</p>")
    first = render._child
    first.process.kill()
    first.process.wait()
    assert render.render("<p>y</p>").startswith(b"%PDF")
    assert render._child is not first


def test_missing_packages_are_named_before_anything_is_drawn(monkeypatch):
    from trade_assurance import preflight

    monkeypatch.setattr(preflight, "missing", lambda: ["fonts-noto-cjk"])
    with pytest.raises(render.RenderFailed, match="missing: fonts-noto-cjk"):
        render.render("<p>x</p>")
