"""HTTP to this computer only: no proxy of the environment is asked, so tokens and data do not leave the machine."""

import urllib.request
from typing import Final

NO_PROXY: Final = urllib.request.ProxyHandler({})

open_url: Final = urllib.request.build_opener(NO_PROXY).open
"""As urllib.request.urlopen, and past any `http_proxy` or `ALL_PROXY`."""
