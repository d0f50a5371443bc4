"""The settings of the site that is measured: connections are kept, nobody is out of quota."""

from trade_assurance.settings import *  # noqa: F403
from trade_assurance.settings import DATABASES

ROOT_URLCONF = "benchmarks.site"
ALLOWED_HOSTS = ["127.0.0.1"]
API_PER_MINUTE = 10**9
DATABASES["default"]["CONN_MAX_AGE"] = 300
