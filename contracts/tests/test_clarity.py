"""The gap linter: what a line is worth, what is missing, and the same answer in the browser."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from django.utils import translation

from contracts import policies, units, wording
from contracts.clarity import Line, assess, assess_contract, table_for_browser
from contracts.templates_data import CLOTHING, EMPTY, TEMPLATES
from contracts.tests.lines import LINES
from contracts.tests.verdicts import line as written
from contracts.tests.verdicts import rows
from contracts.vague import find

ROOT = Path(__file__).resolve().parents[2]
SHA = "a" * 64
FABRIC = Line(
    number=1,
    characteristic="Fabric",
    kind="number",
    requirement="Organic cotton, 200",
    tolerance_minus="5 %",
    tolerance_plus="5 %",
    unit="g/m²",
    how_checked="ISO 3801, 5 cuttings per lot",
)


def kinds(assessment):
    return [gap.kind for gap in assessment.gaps]


def line(kind, requirement, **fields):
    return Line(number=1, characteristic="Thing", kind=kind, requirement=requirement, **fields)


def test_the_fabric_of_the_brief_is_clear_in_every_respect():
    assert assess(FABRIC).score == 100
    assert assess(FABRIC).level == "clear"
    assert assess(FABRIC).gaps == ()


def test_an_empty_line_is_worth_nothing():
    empty = assess(Line(number=4))
    assert (empty.score, empty.level) == (0, "vague")
    assert kinds(empty) == ["name", "requirement", "how_checked"]


@pytest.mark.parametrize(
    ("fields", "score"),
    [
        ({"characteristic": ""}, 85),
        ({"requirement": ""}, 40),
        ({"requirement": "good cotton, 200"}, 85),
        ({"unit": ""}, 75),
        ({"tolerance_minus": "", "tolerance_plus": ""}, 90),
        ({"how_checked": ""}, 85),
    ],
)
def test_each_point_has_its_weight(fields, score):
    changed = Line(**(asdict(FABRIC) | fields))
    assert assess(changed).score == score


def test_good_quality_soft_protects_nobody():
    vague = assess(Line(number=2, characteristic="Hand feel", requirement="Good quality, soft"))
    assert (vague.score, vague.level) == (35, "vague")
    assert [gap.code for gap in vague.gaps] == ["2.vague_word", "2.measurable", "2.how_checked"]
    assert wording.sentence(vague.gaps[0]) == (
        "“good” cannot be measured. You could not claim on this."
    )


@pytest.mark.parametrize("text", ["about 200", "200左右", "约200", "लगभग 200", "लगभग २००"])
def test_about_200_is_told_to_write_200_with_a_tolerance(text):
    judged = assess(line("number", text, unit="g", how_checked="scale"))
    assert judged.score == 75
    assert kinds(judged) == ["approximate"]
    way = judged.gaps[0].repairs[0]
    assert wording.repair(way) == "Write 200 ± 5 %"
    repaired = line("number", way.value, unit="g", how_checked="scale")
    assert assess(repaired).score == 100


def test_pantone_1935_d_is_asked_for_its_book():
    judged = assess(line("colour", "Pantone 1935 D", how_checked="D65", tolerance_plus="1.5"))
    assert judged.score == 100
    assert [wording.message(gap) for gap in judged.gaps] == [
        "Pantone 1935 exists in several books. C, U or TCX?"
    ]
    assert judged.gaps[0].repairs[0].value == "Pantone 1935 C"
    assert kinds(assess(line("colour", "Pantone 1935 C", how_checked="D65"))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nice and BEST quality", ["best", "nice"]),
        ("goods in normalised cartons", []),
        ("ｇｏｏｄ", ["good"]),
        ("as per sample, etc.", ["as per sample", "etc"]),
        ("优质高档，同样品", ["同样品", "优质", "高档"]),
        ("बढ़िया कपड़ा", ["बढ़िया"]),
        ("अच्छाई", []),
        ("standard ISO 3801", []),
        ("the standard size", ["standard"]),
        ("30 cm high", []),
    ],
)
def test_vague_words_are_found_as_words(text, words):
    assert sorted(word for word, _kind in find(text)) == sorted(words)


def test_the_score_is_the_same_whichever_language_the_reader_has():
    for each in LINES:
        assert len({assess(each, language).score for language in ("en", "zh-hans", "hi")}) == 1


def test_a_file_counts_only_with_its_fingerprint():
    named = line("file", "as label_b.pdf", how_checked="compared", attachment_name="label_b.pdf")
    assert "file" in kinds(assess(named))
    locked = Line(**(asdict(named) | {"attachment_sha256": SHA}))
    assert assess(locked).score == 100


def test_the_nine_lines_of_the_brief_are_clear_once_filled():
    lines = [row.example(number, SHA) for number, row in enumerate(CLOTHING.lines, 1)]
    samples = [line.requirement for line in lines]
    assert samples == [
        "Organic cotton, 200",
        "Pantone 1935 D",
        "design_draft_a.pdf",
        "design_draft_dimensions.pdf",
        "label_b.pdf",
        "YKK",
        "yes",
        "yes",
        "yes",
    ]
    judged = assess_contract(lines, CLOTHING)
    assert judged.score >= 90
    assert [gap.code for gap in judged.gaps] == ["2.pantone_book"]


@pytest.mark.parametrize("key", sorted(set(TEMPLATES) - {"empty"}))
def test_every_template_is_clear_when_filled_and_vague_when_blank(key):
    rows = TEMPLATES[key].lines
    assert len({row.key for row in rows}) == len(rows) >= 8
    filled = [row.example(number, SHA) for number, row in enumerate(rows, 1)]
    blank = [row.blank(number) for number, row in enumerate(rows, 1)]
    assert assess_contract(filled, TEMPLATES[key]).score == 100
    assert assess_contract(blank, TEMPLATES[key]).level == "vague"
    for row in rows:
        assert row.unit in dict(units.UNITS) or not row.unit


def test_a_missing_template_line_costs_five_and_says_what_it_means():
    lines = [row.example(n, SHA) for n, row in enumerate(CLOTHING.lines, 1)][:-2]
    judged = assess_contract(lines, CLOTHING)
    assert judged.score == 90
    assert [gap.code for gap in judged.missing] == ["reach.missing", "cpsia.missing"]
    assert wording.sentence(judged.missing[1]) == (
        "No line for CPSIA (US) compliant. The template expects one. You could not claim on this."
    )
    assert assess_contract(lines, CLOTHING, left_out={"reach", "cpsia"}).score == 100


def test_the_score_of_a_contract_is_the_mean_rounded_half_up_and_never_negative():
    two = [FABRIC, Line(**(asdict(FABRIC) | {"how_checked": ""}))]
    assert assess_contract(two).score == 93
    assert assess_contract([], CLOTHING).score == 0
    assert assess_contract([], EMPTY).score == 0


def test_an_open_gap_bars_a_proposal_until_it_is_taken_on_by_name():
    judged = assess_contract([line("text", "Good quality", how_checked="seen")])
    assert [gap.code for gap in policies.bars_proposal(judged, ())] == [
        "1.vague_word",
        "1.measurable",
    ]
    assert policies.bars_proposal(judged, {"1.vague_word", "1.measurable"}) == ()
    assert policies.vague_lines(judged) == (1,)


def test_gaps_are_told_apart_by_line_and_kind():
    gaps = assess_contract([Line(number=n) for n in (1, 2, 3)], CLOTHING).gaps
    assert len({gap.code for gap in gaps}) == len(gaps) == 18


def test_the_rules_do_not_know_django():
    modules = "contracts.clarity, contracts.policies, contracts.units, contracts.canonical"
    code = f"import sys, {modules}, contracts.templates_data; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_browser_gives_every_line_the_score_of_the_server():
    assert len(LINES) >= 40
    program = """
        const fs = require("fs");
        require(process.argv[1]);
        const { table, lines } = JSON.parse(fs.readFileSync(0, "utf8"));
        const judge = ClarityRules.rules(table);
        const judged = lines.map(judge.assess).map((line) => [
            line.score, line.level, line.gaps.map((gap) => [gap.kind, gap.params]),
        ]);
        const whole = judge.assessContract(lines, 2);
        console.log(JSON.stringify({ judged, whole: [whole.score, whole.level] }));
    """
    lines = LINES + [written(*row[1:7]) for row in rows()]
    given = {"table": table_for_browser("en"), "lines": [asdict(each) for each in lines]}
    script = ROOT / "static" / "js" / "clarity.js"
    done = subprocess.run(
        ["node", "-e", program, str(script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    for each, there in zip(lines, told["judged"], strict=True):
        here = assess(each)
        assert there == [here.score, here.level, [[g.kind, g.params] for g in here.gaps]], each
    mean = assess_contract(lines).score
    assert told["whole"] == [mean - 10, "detail" if mean - 10 >= 60 else "vague"]


PAGE = """
<form data-clarity-line data-number="2">
  <input name="lines-1-characteristic" value="Weight"><input name="lines-1-kind" value="number">
  <input name="lines-1-requirement" value="about 200"><input name="lines-1-unit" value="g">
  <input name="lines-1-tolerance_minus" value=""><input name="lines-1-tolerance_plus" value="">
  <input name="lines-1-how_checked" value="scale">
  <output data-clarity-badge></output><p data-clarity-advice></p>
</form>
<div data-clarity-line data-number="3" data-choices='["R9","R10"]'>
  <input name="characteristic" value="Slip"><input name="kind" value="choice">
  <input name="requirement" value="R10"><input name="how_checked" value="ramp">
  <output data-clarity-badge></output>
</div>
<p data-clarity-score data-missing="2"><output data-clarity-total></output></p>
"""


@pytest.mark.browser
def test_the_score_on_the_page_follows_the_typing():
    from playwright.sync_api import sync_playwright

    table = json.dumps(wording.table_for_browser())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content(f'<script id="vague-words" type="application/json">{table}</script>{PAGE}')
        page.add_script_tag(path=ROOT / "static" / "js" / "clarity.js")
        form, badge = page.locator("form"), page.locator("form [data-clarity-badge]")
        total = page.locator("[data-clarity-total]")
        assert badge.text_content() == "Add detail 75"
        assert form.get_attribute("data-level") == "detail"
        assert page.locator("[data-clarity-advice]").text_content() == (
            "“About 200” does not say how far is too far. "
            "The inspection company’s industry standard decides instead of this line."
        )
        assert total.text_content() == "78"
        page.fill("[name$=requirement] >> nth=0", "200 ± 5 %")
        page.wait_for_selector("form[data-level=clear]")
        assert badge.text_content() == "Clear 100"
        assert page.locator("[data-clarity-advice]").text_content() == ""
        assert total.text_content() == "90"
        assert faults == []
        browser.close()


def test_the_table_of_the_browser_is_translated_and_plain_json():
    with translation.override("en"):
        table = wording.table_for_browser("hi")
    assert json.loads(json.dumps(table)) == table
    assert table["levels_in_words"] == {
        "clear": "Clear",
        "detail": "Add detail",
        "vague": "Too vague",
    }
    assert set(table["messages"]) == set(table["consequences"])
