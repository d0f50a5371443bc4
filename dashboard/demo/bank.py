"""The bank of the demo: it writes a camt.053 statement for each transfer that arrives."""

from datetime import UTC
from xml.sax.saxutils import escape

from core import clock
from payments.receipts import import_statement

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr>
<Stmt><Id>{id}</Id><ElctrncSeqNb>{n}</ElctrncSeqNb><CreDtTm>{at}</CreDtTm>
<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy>
<Svcr><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></Svcr></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{opening}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{id}-1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd></Domn></BkTxCd><NtryDtls><TxDtls>
<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""


class DemoBank:
    """The designated account as its bank keeps it: statements follow on one another."""

    def __init__(self, account, clerk):
        self.account, self.clerk = account, clerk
        self.count, self.balance = 0, None

    def receive(self, amount, *, payer, text):
        """Book a transfer and let the finance office read in the statement of it."""
        self.count += 1
        opening = self.balance or amount - amount
        self.balance = opening + amount
        now = clock.now().astimezone(UTC)
        data = STATEMENT.format(
            id=f"DBSG-{self.count:05d}",
            n=self.count,
            at=now.isoformat(timespec="seconds"),
            day=now.date().isoformat(),
            account=self.account.account_number,
            bic=self.account.bic,
            currency=amount.currency,
            opening=opening.amount,
            closing=self.balance.amount,
            amount=amount.amount,
            payer=escape(payer),
            text=escape(text),
        )
        name = f"statement-{self.count:05d}.xml"
        return import_statement(data.encode(), by=self.clerk, file_name=name)
