"""Bank statements as the designated account's bank writes them: made for tests."""

from datetime import UTC
from itertools import count

from core import clock

_numbers = count(1)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr><Stmt><Id>{id}</Id>"
    "<ElctrncSeqNb>{n}</ElctrncSeqNb><CreDtTm>{at}</CreDtTm>"
    "<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy>"
    "<Svcr><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></Svcr></Acct>"
)
BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    '<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Dt><Dt>{day}</Dt></Dt></Bal>"
)
ENTRY = (
    '<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
    "<AcctSvcrRef>{bank_ref}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd></Domn></BkTxCd>"
    "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
    "<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>/INV/ {reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)


def camt053(account, entries, *, opening=100_000_00, closing=None, statement_id=None):
    """A camt.053.001.08 statement of `account` with (reference, Money, payer) credits."""
    n = next(_numbers)
    at = clock.now().astimezone(UTC)
    common = {"currency": account.currency, "day": at.date().isoformat()}
    total = opening + sum(amount.minor for _reference, amount, _payer in entries)
    statement_id = statement_id or f"STMT-{n:06d}"
    parts = [
        HEAD.format(
            id=statement_id,
            n=n,
            at=at.isoformat(timespec="seconds"),
            account=account.account_number,
            bic=account.bic,
            currency=account.currency,
        ),
        BALANCE.format(code="OPBD", amount=_text(opening), **common),
        BALANCE.format(code="CLBD", amount=_text(total if closing is None else closing), **common),
    ]
    for i, (reference, amount, payer) in enumerate(entries, 1):
        parts.append(
            ENTRY.format(
                amount=_text(amount.minor),
                payer=payer,
                reference=reference,
                bank_ref=f"{statement_id}-{i}",
                **common,
            )
        )
    return ("".join(parts) + "</Stmt></BkToCstmrStmt></Document>").encode()


def _text(minor):
    return f"{minor // 100}.{minor % 100:02d}"
