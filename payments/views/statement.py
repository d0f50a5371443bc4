"""The statement of a company's account: as a page, as a CSV table, as a sealed PDF."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.formats import spreadsheet
from core.formats.words import zone_text
from ledger.models import Account
from orders.addresses import path_to
from payments import account_statement
from payments.account_statement import Statement
from payments.views.owners import of_a_trader
from workflow.errors import Refused
from workflow.models import OutboxMessage

UNPROCESSABLE = 422
PER_PAGE = 100
TWO_DAYS = 2 * 24 * 3600
SALT = "payments.account_statement"
SLOW_AFTER = 3  # attempts


class PeriodForm(forms.Form):
    """Which account, and over which days."""

    account = forms.ChoiceField(label=gettext_lazy("Account"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data, *, company):
        self.titles = account_statement.accounts_of(company)
        escrows = account_statement.escrows_of(company)
        self.used = _initial(self.titles)
        super().__init__({**self.used, **{k: v for k, v in data.items() if v}})
        groups = [(_("Your accounts"), list(self.titles.items()))]
        if escrows:
            groups.append((_("Held for orders"), list(escrows.items())))
        self.titles |= escrows
        self.fields["account"].choices = groups
        self.fields["currency"].choices = [(c, c) for c in _currencies(self.titles)]

    def clean(self):
        given = super().clean()
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is not before the first."))
        return given

    def statement(self) -> Statement:
        given = self.cleaned_data
        return Statement(
            code=given["account"],
            title=str(self.titles[given["account"]]),
            currency=given["currency"],
            first=given["first"],
            last=given["last"],
            zone=ZoneInfo(str(timezone.get_current_timezone())),
        )


@dataclass(frozen=True)
class Asked:
    """A PDF that was asked for: its name in the store, whose it is, and which message makes it."""

    name: str
    company: int
    message: int
    title: str


@of_a_trader
@require_safe
def money_statement(request, company):
    """Opening balance, the lines of the period, closing balance."""
    form = PeriodForm(request.GET, company=company)
    page = {"form": form, "crumbs": _crumbs(), "query": request.GET.urlencode()}
    if not form.is_valid():
        return render(request, "payments/statement.html", page, status=UNPROCESSABLE)
    statement = form.statement()
    opening = statement.opening
    shown = Paginator(statement.transfers(), PER_PAGE).get_page(request.GET.get("page"))
    page |= {
        "statement": statement,
        "opening": opening,
        "lines": statement.lines(shown.object_list, opening),
        "closing": statement.closing,
        "shown": shown,
        "zone": zone_text(statement.zone),
    }
    return render(request, "payments/statement.html", page)


@of_a_trader
@require_safe
def money_statement_csv(request, company):
    """The same as a table: every instant in UTC, every amount a plain number."""
    form = PeriodForm(request.GET, company=company)
    if not form.is_valid():
        return redirect(f"{path_to('money_statement')}?{request.GET.urlencode()}")
    statement = form.statement()
    name = f"{statement.code.replace(':', '-')}-{statement.first}-{statement.last}.csv"
    return HttpResponse(
        spreadsheet.table(_rows(statement)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@of_a_trader
@require_POST
def money_statement_draw(request, company):
    """Ask for the PDF: it is drawn and sealed by a worker, and its page says when it is there."""
    form = PeriodForm(request.POST, company=company)
    if not form.is_valid():
        return redirect("money_statement")
    statement = form.statement()
    try:
        name, message = account_statement.ask_for_pdf(statement, company, get_language() or "en")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{path_to('money_statement')}?{urlencode(form.cleaned_data)}")
    token = signing.dumps([name, company.pk, message, statement.title], salt=SALT)
    return redirect("money_statement_file", token)


@of_a_trader
@require_safe
def money_statement_file(request, company, token):
    """How far the PDF is; with `?file` the file itself."""
    asked = _asked(token, company)
    done = account_statement.is_drawn(asked.name)
    if done and "file" in request.GET:
        file = account_statement.opened(asked.name)
        return FileResponse(file, as_attachment=True, filename="statement.pdf")
    message = OutboxMessage.objects.filter(pk=asked.message).first()
    page = {
        "asked": asked,
        "here": request.path,
        "done": done,
        "late": bool(message and message.attempts >= SLOW_AFTER),
        "crumbs": [
            {"label": _("Money"), "url": path_to("money")},
            {"label": _("Statement"), "url": path_to("money_statement")},
            {"label": _("PDF")},
        ],
    }
    template = "payments/_drawing.html" if request.htmx else "payments/drawing.html"
    return render(request, template, page)


def _asked(token, company) -> Asked:
    """What was asked for under this address. Raises Http404 for anybody else's, or an old one."""
    try:
        asked = Asked(*signing.loads(token, salt=SALT, max_age=TWO_DAYS))
    except signing.BadSignature as error:
        raise Http404 from error
    if asked.company != company.pk:
        raise Http404
    return asked


def _rows(statement):
    opening = statement.opening
    yield ["Account", statement.title, statement.code]
    yield ["Currency", statement.currency]
    yield ["From", statement.first.isoformat(), str(statement.zone)]
    yield ["To", statement.last.isoformat(), str(statement.zone)]
    yield ["Opening balance", "", "", "", opening.amount]
    yield ["When (UTC)", "What", "Order", "Amount", "Balance"]
    for line in statement.lines(statement.transfers(), opening):
        at = line.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield [at, line.what, line.order, line.amount.amount, line.balance.amount]
    yield ["Closing balance", "", "", "", statement.closing.amount]


def _initial(titles):
    """The first account, over the last thirty days."""
    today = timezone.localtime(clock.now()).date()
    return {
        "account": next(iter(titles)),
        "currency": "USD",
        "first": (today - timedelta(days=30)).isoformat(),
        "last": today.isoformat(),
    }


def _currencies(titles):
    rows = Account.objects.filter(code__in=list(titles)).order_by("currency")
    return sorted({"USD", *rows.values_list("currency", flat=True)})


def _crumbs():
    return [{"label": _("Money"), "url": path_to("money")}, {"label": _("Statement")}]
