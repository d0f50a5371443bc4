"""What people fill in on the order pages."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.days import end_of, platform_date
from orders.incoterms import INCOTERM_CHOICES, INCOTERMS, Document, Shipped, documents_for
from orders.lots import open_quantity
from orders.operations import QUALITY_BASIS
from orders.states import OrderState

MODES = [
    ("sea", _("Sea")),
    ("air", _("Air")),
    ("road", _("Road")),
    ("rail", _("Rail")),
    ("express", _("Express courier")),
]
DOCUMENTS = {
    Document.BILL_OF_LADING: _("Bill of lading"),
    Document.SEA_WAYBILL: _("Sea waybill"),
    Document.AIR_WAYBILL: _("Air waybill"),
    Document.ROAD_WAYBILL: _("Road waybill (CMR)"),
    Document.RAIL_WAYBILL: _("Rail waybill"),
    Document.COURIER_RECEIPT: _("Courier receipt"),
    Document.MULTIMODAL_DOCUMENT: _("Multimodal transport document"),
    Document.FORWARDER_RECEIPT: _("Forwarder’s certificate of receipt"),
    Document.DOCK_RECEIPT: _("Dock receipt"),
    Document.COLLECTION_NOTICE: _("Notice that the goods may be collected"),
}
SHIPPED_MEANS = {
    Shipped.AT_DISPOSAL: _("The day on which the buyer was told that the goods can be collected."),
    Shipped.FIRST_CARRIER: _("The day on which the first carrier took the goods."),
    Shipped.ALONGSIDE: _("The day on which the goods lay alongside the vessel."),
    Shipped.ON_BOARD: _("The on-board date of the bill of lading."),
    Shipped.DISPATCH: _("The day of dispatch that the contract names."),
}
LARGEST_QUANTITY = 100_000_000
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OrderForm(forms.Form):
    """The first of the five steps: seven fields, the shipping date before all others (S26)."""

    ship_by = forms.DateField(
        label=_("Ship by"),
        widget=DATE,
        help_text=_("The last day on which the goods may leave. After it they are late."),
        error_messages={"required": _("Enter the day by which the goods must leave.")},
    )
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=LARGEST_QUANTITY,
        error_messages={
            "required": _("Enter how many you order."),
            "invalid": _("Enter the quantity as a whole number, like 3000."),
        },
    )
    incoterm = forms.ChoiceField(
        label=_("Trade term"),
        choices=INCOTERM_CHOICES,
        initial="FOB",
        help_text=_("Incoterms 2020. It says when the goods count as shipped."),
    )
    named_place = forms.CharField(
        label=_("Named place"),
        max_length=80,
        help_text=_("A port or town; it is part of the term, as in “FOB Ningbo”."),
        error_messages={"required": _("Enter the named place: it is part of the trade term.")},
    )
    transport_mode = forms.ChoiceField(
        label=_("Transport"),
        choices=MODES,
        initial="sea",
        help_text=_("It decides which document proves the shipment."),
    )
    deposit_percent = forms.IntegerField(
        label=_("Deposit"),
        min_value=1,
        max_value=100,
        initial=30,
        help_text=_("What you pay first, usually 30%. The rest is due before shipment."),
        error_messages={"required": _("Enter the deposit in per cent, like 30.")},
    )
    inspection_required = forms.TypedChoiceField(
        label=_("Inspection before shipment"),
        choices=[
            ("yes", _("Yes: an independent inspector measures every contract line")),
            ("no", _("No: the goods are shipped unseen")),
        ],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )

    partial_shipments = forms.BooleanField(
        label=_("The goods may be shipped in lots"),
        required=False,
        help_text=_("Each lot then has its own time to check it, and its value is released alone."),
    )

    def __init__(self, *args, least_quantity=1, unit="pcs", **kwargs):
        super().__init__(*args, **kwargs)
        self.least_quantity, self.unit = least_quantity, unit

    def clean_ship_by(self):
        day = self.cleaned_data["ship_by"]
        if day <= platform_date(clock.now()):
            raise forms.ValidationError(_("Enter a ship-by day after today."))
        return day

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity < self.least_quantity:
            raise forms.ValidationError(
                _("The supplier makes %(least)s %(unit)s or more. Enter at least that.")
                % {"least": f"{self.least_quantity:,}", "unit": self.unit}
            )
        return quantity

    def clean(self):
        data = super().clean()
        term = INCOTERMS.get(data.get("incoterm"))
        if term and term.requires_sea and data.get("transport_mode", "sea") != "sea":
            self.add_error(
                "transport_mode",
                _("%(term)s is for transport by sea. Choose sea, or FCA, CPT or CIP.")
                % {"term": term.code},
            )
        return data

    def terms(self) -> dict:
        """The order's own fields; the quantity belongs to its goods."""
        return {name: value for name, value in self.cleaned_data.items() if name != "quantity"}


class QualityBasisForm(forms.Form):
    """The box without which no order is sent (S27)."""

    quality_basis = forms.BooleanField(
        label=QUALITY_BASIS,
        error_messages={
            "required": _("Tick that the order is checked against the contract before you send it.")
        },
    )


class AcceptForm(forms.Form):
    """The supplier accepts a request, and says who writes the first draft of the contract."""

    supplier_writes = forms.BooleanField(
        label=_("We write the first draft of the contract"), required=False
    )


class ReasonForm(forms.Form):
    """A reason that the other side reads."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, so that the other side can act on it.")},
    )


class WithdrawForm(ReasonForm):
    """Leaving an order; a draft that nobody saw needs no reason."""

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        if order.state == OrderState.DRAFT:
            del self.fields["reason"]


class ShipForm(forms.Form):
    """The shipment and the document that proves it; which kinds count follows from the term."""

    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=80,
        error_messages={"required": _("Enter who carries the goods.")},
    )
    document_type = forms.ChoiceField(label=_("Kind of document"))
    document_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        error_messages={"required": _("Enter the number of the document.")},
    )
    claimed_on = forms.DateField(
        label=_("Shipped on"),
        widget=DATE,
        help_text=_("The date that the document shows."),
        error_messages={"required": _("Enter the date that the document shows.")},
    )
    upload = forms.FileField(
        label=_("The document"),
        error_messages={"required": _("Choose the file of the document.")},
    )

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = documents_for(order.incoterm, order.transport_mode)
        self.fields["document_type"].choices = [(kind.value, DOCUMENTS[kind]) for kind in kinds]
        if order.partial_shipments:
            self.fields["quantity"] = forms.IntegerField(
                label=_("Quantity"),
                min_value=1,
                initial=open_quantity(order),
                help_text=_("All that is open, or a lot of it."),
                error_messages={"required": _("Enter how much is shipped now.")},
            )
        means = SHIPPED_MEANS[INCOTERMS[order.incoterm].shipped]
        self.fields["claimed_on"].help_text = means

    def clean_claimed_on(self):
        day = self.cleaned_data["claimed_on"]
        if day > platform_date(clock.now()):
            raise forms.ValidationError(_("Enter the date of the document: no day after today."))
        return day


class PaperForm(forms.Form):
    """One of the papers that come with a shipment."""

    kind = forms.ChoiceField(label=_("Paper"))
    upload = forms.FileField(
        label=_("The file"), error_messages={"required": _("Choose the file of the paper.")}
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class LateChoiceForm(forms.Form):
    """The buyer of a late order chooses."""

    choice = forms.ChoiceField(choices=[("refund", _("Refund")), ("wait", _("Wait"))])


class ListForm(forms.Form):
    """The filters of the list of orders; they live in the address."""

    q = forms.CharField(label=_("Code, goods or company"), required=False, max_length=80)
    status = forms.ChoiceField(label=_("Status"), required=False)
    since = forms.DateField(label=_("Started from"), required=False, widget=DATE)
    until = forms.DateField(label=_("Started until"), required=False, widget=DATE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("Any")), *OrderState.choices]

    def given(self) -> dict:
        """The filters that can be read; one that cannot is left out and shown as an error."""
        self.is_valid()
        return self.cleaned_data


def wanted(text):
    """The orders that a search names: by code, goods or company."""
    return (
        Q(code__istartswith=text)
        | Q(title__icontains=text)
        | Q(buyer__name__icontains=text)
        | Q(supplier__name__icontains=text)
    )


def narrowed(orders, given):
    """The orders that pass the filters."""
    if text := given.get("q", "").strip():
        orders = orders.filter(wanted(text))
    if given.get("status"):
        orders = orders.filter(state=given["status"])
    if given.get("since"):
        orders = orders.filter(created_at__gte=end_of(given["since"] - timedelta(days=1)))
    if given.get("until"):
        orders = orders.filter(created_at__lt=end_of(given["until"]))
    return orders
