"""What traders write, in English, Chinese and Hindi, and what they are told about it."""

import pytest

from contracts import wording
from contracts.clarity import assess
from contracts.tests.verdicts import line, rows

ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}, {row[3] or 'empty'}")
def test_a_line_gets_its_verdict(row):
    language, *written, level, gaps = row
    judged = assess(line(*written), language)
    assert (judged.level, [gap.kind for gap in judged.gaps]) == (level, gaps.split())


def test_there_are_forty_two_lines_in_each_of_three_languages():
    counts = [sum(row[0] == language for row in ROWS) for language in ("en", "zh", "hi")]
    assert counts == [42, 42, 42]


def test_every_gap_says_what_it_costs():
    costs = {wording.consequence(gap) for row in ROWS for gap in assess(line(*row[1:7])).gaps}
    assert costs == {
        "You could not claim on this.",
        "The inspection company’s industry standard decides instead of this line.",
        "The inspector chooses the method, and the result may not be the one you meant.",
    }
