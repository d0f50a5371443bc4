"""Who trades in the demo: six buyers, nine suppliers, three inspection companies, four staff."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.demo_people import DEMO_PEOPLE, PASSWORD
from accounts.designated import approve_account, propose_account
from accounts.models import Company, SupplierStanding, User
from core import clock
from core.days import platform_date

NAMES = {person.email: person.name for person in DEMO_PEOPLE}
ZONES = {"IN": "Asia/Kolkata", "CN": "Asia/Shanghai"}
DUTIES = ("administrator", "finance", "mediator", "verifier")


@dataclass(frozen=True)
class Firm:
    """A company of the demo and the one person who acts for it."""

    slug: str
    name: str
    legal_name: str
    country: str
    city: str
    email: str
    person: str = ""
    language: str = "en"
    name_local: str = ""
    province: str = ""
    address: str = ""
    tax_number: str = ""
    founded: int = 0
    years: int = 0
    limit: int | None = None

    @property
    def names(self):
        """The fields of the company as they are stored."""
        fields = "slug name legal_name name_local country city province address tax_number"
        return {field: getattr(self, field) for field in fields.split()}


BUYERS = (
    Firm("kidzone", "Kidzone Retail", "Kidzone Retail Private Limited", "IN", "Mumbai",
         "asha@kidzone.example", province="Maharashtra", address="14 Linking Road",
         tax_number="27AAKCK4821M1Z6", founded=2014, years=2),
    Firm("vega-mobiles", "Vega Mobiles", "Vega Mobiles LLP", "IN", "Bengaluru",
         "ravi@vegamobiles.example", province="Karnataka", address="8 Brigade Road",
         tax_number="29AAQFV7710C1ZK", founded=2011, years=2),
    Firm("aarna-homeware", "Aarna Homeware", "Aarna Homeware Private Limited", "IN", "Jaipur",
         "kavita@aarna.example", "Kavita Sharma", "hi", province="Rajasthan",
         address="3 Johari Bazaar", founded=2017, years=1),
    Firm("deccan-interiors", "Deccan Interiors", "Deccan Interiors Private Limited", "IN",
         "Hyderabad", "imran@deccan.example", "Imran Siddiqui", province="Telangana",
         address="22 Banjara Hills", founded=2009, years=2),
    Firm("lumio-traders", "Lumio Traders", "Lumio Traders LLP", "IN", "Delhi",
         "neha@lumio.example", "Neha Kapoor", "hi", address="41 Bhagirath Palace",
         founded=2015, years=2),
    Firm("fitnest", "FitNest", "FitNest Wellness Private Limited", "IN", "Pune",
         "arjun@fitnest.example", "Arjun Kulkarni", province="Maharashtra",
         address="6 Koregaon Park", founded=2019, years=1),
)  # fmt: skip

SUPPLIERS = (
    Firm("little-pine", "Ningbo Little Pine Garment", "Ningbo Little Pine Garment Co., Ltd.",
         "CN", "Ningbo", "lin@littlepine.example", language="zh-hans",
         name_local="宁波小松服装有限公司", province="Zhejiang", address="88 Yinzhou Avenue",
         founded=2008, years=6, limit=30_000),
    Firm("voltmoor", "Shenzhen Voltmoor Electronics", "Shenzhen Voltmoor Electronics Co., Ltd.",
         "CN", "Shenzhen", "chen@voltmoor.example", language="zh-hans",
         name_local="深圳伏特摩尔电子有限公司", province="Guangdong",
         address="5 Longhua Industry Park", founded=2013, years=4, limit=20_000),
    Firm("tall-pine-cup", "Yongkang Tall Pine Cup", "Yongkang Tall Pine Cup Industry Co., Ltd.",
         "CN", "Yongkang", "wu@tallpine.example", "Wu Jianhua", "zh-hans",
         "永康高松杯业有限公司", "Zhejiang", "19 Huaxia Road", founded=2004, years=9,
         limit=40_000),
    Firm("gold-kiln", "Foshan Gold Kiln", "Foshan Gold Kiln Ceramics Co., Ltd.", "CN", "Foshan",
         "he@goldkiln.example", "He Yulan", "zh-hans", "佛山金窑陶瓷有限公司", "Guangdong",
         "2 Nanzhuang Ceramics Road", founded=1999, years=11, limit=50_000),
    Firm("brightlane", "Zhongshan Brightlane Lighting",
         "Zhongshan Brightlane Lighting Co., Ltd.", "CN", "Zhongshan", "deng@brightlane.example",
         "Deng Wei", "zh-hans", "中山明道照明有限公司", "Guangdong", "30 Guzhen Lamp Street",
         founded=2012, years=3, limit=5_000),
    Firm("softstep", "Xiamen Softstep Mats", "Xiamen Softstep Mats and Furniture Co., Ltd.",
         "CN", "Xiamen", "zhuang@softstep.example", "Zhuang Min", "zh-hans",
         "厦门软步家居有限公司", "Fujian", "7 Haicang Avenue", founded=2010, years=5,
         limit=25_000),
    Firm("boxwell", "Dongguan Boxwell Packaging", "Dongguan Boxwell Packaging Co., Ltd.", "CN",
         "Dongguan", "luo@boxwell.example", "Luo Ting", "zh-hans", "东莞博纬包装有限公司",
         "Guangdong", "12 Houjie Print Park", founded=2016, years=2, limit=15_000),
    Firm("quicktrade", "Yiwu Quicktrade", "Yiwu Quicktrade Import and Export Co., Ltd.", "CN",
         "Yiwu", "ma@quicktrade.example", "Ma Rui", "zh-hans", "义乌快易贸易有限公司",
         "Zhejiang", "District 4, stand 40216", founded=2022, years=1, limit=0),
    Firm("new-harbour", "Wenzhou New Harbour", "Wenzhou New Harbour Furniture Co., Ltd.", "CN",
         "Wenzhou", "ye@newharbour.example", "Ye Qing", "zh-hans", "温州新港家具有限公司",
         "Zhejiang", "51 Binhai Avenue", founded=2020),
)  # fmt: skip

INSPECTORS = (
    Firm("clearlot", "Clearlot Inspection", "Clearlot Inspection Ltd.", "CN", "Ningbo",
         "grace@clearlot.example", founded=2006, years=7),
    Firm("southgate", "Southgate QC", "Southgate Quality Control Ltd.", "CN", "Shenzhen",
         "peter@southgate.example", "Peter Kwok", founded=2010, years=5),
    Firm("truegauge", "Truegauge", "Truegauge Laboratories Ltd.", "CN", "Foshan",
         "mei@truegauge.example", "Mei Fong", founded=2012, years=4),
)  # fmt: skip

STAFF = (
    ("meera@ta.example", "mediator"),
    ("noor@ta.example", "mediator"),
    ("daniel@ta.example", "finance"),
    ("farah@ta.example", "finance"),
    ("admin@ta.example", "administrator"),
)
SIDES = (("buyer", BUYERS), ("supplier", SUPPLIERS), ("inspector", INSPECTORS))
FIRMS = (*BUYERS, *SUPPLIERS, *INSPECTORS)
EMAILS = [*(firm.email for firm in FIRMS), *(email for email, _duty in STAFF)]


def engage() -> dict[str, User]:
    """Make the companies, their standing and their people; each person by name before the @."""
    groups = {duty: Group.objects.get_or_create(name=duty)[0] for duty in DUTIES}
    hashed = make_password(PASSWORD)  # once: it is slow on purpose, and the password is public
    people = [_person_of(firm, hashed) for firm in FIRMS]
    people += [_staff(email, groups[duty], hashed) for email, duty in STAFF]
    return {user.email.split("@")[0]: user for user in people}


def open_account(people):
    """The designated account in Singapore: Daniel proposes it, Farah approves it (S19)."""
    account = propose_account(
        by=people["daniel"],
        beneficiary="Trade Assurance Client Money",
        bank="Demo Bank Singapore",
        account_number="003 901 2345",
        bic="DBSSSGSG",
        bank_address="12 Marina Boulevard, Singapore 018982",
    )
    approve_account(account, by=people["farah"])
    return account


def roles() -> list[dict[str, str]]:
    """Everybody who can sign in: address, part and password."""
    listed = [(firm.email, part) for part, firms in SIDES for firm in firms] + [*STAFF]
    return [{"email": email, "role": role, "password": PASSWORD} for email, role in listed]


def _person_of(firm, password) -> User:
    company = Company.objects.create(
        **firm.names,
        time_zone=ZONES[firm.country],
        buys=firm in BUYERS,
        sells=firm in SUPPLIERS,
        inspects=firm in INSPECTORS,
        founded=firm.founded,
        joined_at=clock.now() - timedelta(days=365 * firm.years),
    )
    if firm.limit is not None:
        SupplierStanding.objects.create(
            company=company,
            gold=bool(firm.limit),
            gold_since=_since(firm.years) if firm.limit else None,
            limit_minor=firm.limit * 100,
        )
    return User.objects.create(
        email=firm.email,
        password=password,
        name=firm.person or NAMES[firm.email],
        company=company,
        language=firm.language,
    )


def _staff(email, group, password) -> User:
    head = group.name == "administrator"
    user = User.objects.create(
        email=email, password=password, name=NAMES[email], is_staff=True, is_superuser=head
    )
    user.groups.add(group)
    return user


def _since(years):
    today = platform_date(clock.now())
    return today.replace(year=today.year - years, day=1)
