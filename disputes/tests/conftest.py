"""A failed inspection and the dispute about it: US$5,580.00 held, line 1 is 9 g/m² too light."""

import pytest

from disputes import operations, rulings
from tests.cast import both_done, person, usd
from tests.test_stories import file_report, readings


@pytest.fixture
def failed(inspection, inspector):
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    return inspection


@pytest.fixture
def dispute(failed, buyer):
    return operations.file(
        failed.order,
        by=buyer,
        reason="quality",
        statement="The cloth is lighter than line 1 says.",
        amount=usd("5580.00"),
        lines=[failed.contract.lines.get(template_key="fabric")],
    )


@pytest.fixture
def second_mediator(db):
    return person("noor@ta.example", "Noor Rahman", duty="mediator")


@pytest.fixture
def under_review(dispute, supplier, mediator):
    """Refused by the supplier, assigned, its evidence closed."""
    operations.refuse(dispute, by=supplier, reason="The scale was wrong.")
    rulings.assign(dispute, by=mediator, mediator=mediator)
    both_done(dispute)
    return dispute


@pytest.fixture
def compared(under_review, mediator):
    rulings.review_contract(under_review, by=mediator, review="Line 1: 190 to 210 g/m².")
    findings = {claim.pk: ("differs", "9 under the limit") for claim in under_review.claims.all()}
    rulings.compare(under_review, by=mediator, comparison="181 g/m².", findings=findings)
    return under_review


@pytest.fixture
def proposed(compared, mediator):
    rulings.propose_ruling(
        compared,
        by=mediator,
        refund=usd("2000.00"),
        fault="supplier",
        reasons="Line 1 differs.",
    )
    return compared
