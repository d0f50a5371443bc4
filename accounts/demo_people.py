"""The people of the demo, who can be signed in as with one click; nowhere but in the demo."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

PASSWORD = "demo"  # noqa: S105 (published on the sign-in page of the demo)


class DemoPerson(NamedTuple):
    """Somebody of the demo: the address, the name, and whose part they play."""

    email: str
    name: str
    part: str


DEMO_PEOPLE = [
    DemoPerson("asha@kidzone.example", "Asha Mehta", _("Buyer, Kidzone Retail, Mumbai")),
    DemoPerson("lin@littlepine.example", "Lin Xiaosong", _("Supplier, Little Pine, Ningbo")),
    DemoPerson("ravi@vegamobiles.example", "Ravi Nair", _("Buyer, Vega Mobiles, Bengaluru")),
    DemoPerson("chen@voltmoor.example", "Chen Yu", _("Supplier, Voltmoor, Shenzhen")),
    DemoPerson("grace@clearlot.example", "Grace Ho", _("Inspector, Clearlot Inspection")),
    DemoPerson("peter@southgate.example", "Peter Kwok", _("Inspector, Southgate QC")),
    DemoPerson("meera@ta.example", "Meera Nair", _("Staff: decides disputes")),
    DemoPerson("noor@ta.example", "Noor Rahman", _("Staff: decides appeals")),
    DemoPerson("daniel@ta.example", "Daniel Tan", _("Staff: finance")),
    DemoPerson("farah@ta.example", "Farah Lim", _("Staff: finance, the second pair of eyes")),
    DemoPerson("admin@ta.example", "Admin", _("Staff: administrator")),
]
