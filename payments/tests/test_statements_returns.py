"""Our own payments on a bank's statement: each names itself, also when it comes back."""

import pytest

from payments.statements import read
from payments.tests.statement_files import data, read_file, usd

OURS = "TA-PAYOUT-000041"


def test_money_that_leaves_names_its_payment_in_every_format():
    for name, page in (("camt053_001_08.xml", 0), ("mt940_three_statements.sta", 1)):
        payout = next(e for e in read_file(name)[page].entries if not e.credit and not e.reversal)
        assert (payout.end_to_end_id, payout.return_of, payout.credit) == (OURS, "", False)


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_camt_payout_names_itself_and_its_return_what_comes_back(version):
    text = data("camt053_001_08.xml").decode().replace("camt.053.001.08", f"camt.053.001.{version}")
    payout, returned = read(text.encode())[0].entries[2:4]
    assert (payout.end_to_end_id, payout.return_of) == (OURS, "")
    assert (returned.end_to_end_id, returned.return_of) == (OURS, OURS)


FAMILY = "<Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly>"
CODE = f"<BkTxCd><Domn><Cd>PMNT</Cd>{FAMILY}</Domn></BkTxCd>"
WHY = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
NAMED = f"<RtrInf><OrgnlTxRef><OrgnlEndToEndId>{OURS}</OrgnlEndToEndId></OrgnlTxRef></RtrInf>"
ID = f"<Refs><EndToEndId>{OURS}</EndToEndId></Refs>"


@pytest.mark.parametrize(
    "details",
    [
        f"<TxDtls>{ID}{WHY}</TxDtls>",
        f"<TxDtls>{ID}{CODE}</TxDtls>",
        f"<TxDtls><Refs><EndToEndId>RETURN-9</EndToEndId></Refs>{NAMED}</TxDtls>",
    ],
)
def test_a_camt_return_that_is_a_credit_of_its_own_is_no_receipt(details):
    text = data("camt053_001_08.xml").decode().replace("<RvslInd>true</RvslInd>", "")
    text = text.replace(f"<TxDtls>{ID}</TxDtls>", details)
    returned = read(text.encode())[0].entries[3]
    assert (returned.credit, returned.reversal, returned.return_of) == (True, False, OURS)
    assert not returned.is_receipt


def test_a_return_that_does_not_say_of_what_is_left_to_people():
    text = data("camt053_001_08.xml").decode().replace("<RvslInd>true</RvslInd>", "")
    text = text.replace(f"<TxDtls>{ID}</TxDtls>", f"<TxDtls>{WHY}</TxDtls>")
    returned = read(text.encode())[0].entries[3]
    assert (returned.return_of, returned.is_receipt) == ("", True)


def mt940(line, text):
    """A statement with one line and what the bank says of it."""
    return (
        ":20:MADEFORTESTS\r\n:25:DBSSSGSG/0720012345\r\n:28C:43/1\r\n"
        ":60F:C260212USD108944,00\r\n"
        f":61:260213{line}\r\n:86:{text}\r\n"
        ":62F:C260213USD123624,00\r\n-"
    ).encode()


@pytest.mark.parametrize(
    ("line", "text", "returned"),
    [
        ("C14680,00NRTITA-PAYOUT-000041//B1", "ACCOUNT CLOSED", OURS),
        ("RD14680,00NTRFTA-PAYOUT-000041//B1", "ACCOUNT CLOSED", OURS),
        ("C14680,00NTRFNONREF//B1", f"/RTRN/AC04/EREF/{OURS}/", OURS),
        ("C14680,00NTRFNONREF//B1", "159?00RETURN?20EREF+TA-PAYOUT?21-000041 SVWZ+CLOSED", OURS),
        ("C14680,00NTRFTA-PAYOUT-000041//B1", "OUR OWN WORDS ON A RETURN", ""),
        ("C14680,00NTRFNONREF//B1", f"166?00TRANSFER?20EREF+{OURS}", ""),
        ("C14680,00NRTINONREF//B1", "RETURNED", ""),
    ],
)
def test_an_mt940_return_is_told_by_the_bank_and_not_by_the_payers_words(line, text, returned):
    (statement,) = read(mt940(line, text))
    (entry,) = statement.entries
    assert (entry.amount, entry.credit, entry.return_of) == (usd("14680"), True, returned)
    assert entry.is_receipt is (returned == "")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("D14680,00NTRFTA-PAYOUT-000041//B1", "SUPPLIER"),
        ("D14680,00NTRFNONREF//B1", f"/EREF/{OURS}/"),
        ("D14680,00NTRFNONREF//B1", "116?00PAYMENT?20EREF+TA-PAYOUT-00?210041"),
    ],
)
def test_an_mt940_payout_names_itself_wherever_the_bank_puts_it(line, text):
    (entry,) = read(mt940(line, text))[0].entries
    assert (entry.credit, entry.end_to_end_id, entry.return_of) == (False, OURS, "")


def test_returns_in_an_mt940_file_of_several_statements_stay_with_their_own():
    file = (
        data("mt940_three_statements.sta")
        + b"\r\n"
        + mt940("C14680,00NRTITA-PAYOUT-000042//B9", "ACCOUNT CLOSED")
    )
    returns = [[e.return_of for e in s.entries if e.return_of] for s in read(file)]
    assert returns == [[], [OURS], [], ["TA-PAYOUT-000042"]]


def test_a_csv_may_have_a_column_for_either_number():
    rule = {
        "account": "0720012345", "currency": "USD",
        "convention": "signed", "date_format": "%Y-%m-%d",
        "columns": {"Day": "booked_on", "Amount": "amount", "Balance": "balance",
                    "E2E": "end_to_end_id", "Returned": "return_of"},
    }  # fmt: skip
    text = f"Day,Amount,Balance,E2E,Returned\n2026-02-12,-10.00,90.00,{OURS},\n"
    text += f"2026-02-13,9.00,99.00,,{OURS}\n"
    paid, back = read(text.encode(), mapping=rule)[0].entries
    assert (paid.end_to_end_id, paid.return_of) == (OURS, "")
    assert (back.end_to_end_id, back.return_of, back.is_receipt) == ("", OURS, False)
