"""The server's settings are as strict as they are meant to be, in the file and to Streamlit."""

import subprocess
import sys

import pytest

from fmnist_core.paths import ROOT

STRICT = {
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "lax",
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.maxUploadSize": 20,
    "server.maxMessageSize": 20,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "global.developmentMode": False,
}
PROGRAM = """
from streamlit import config
for key in {keys}:
    print(key, repr(config.get_option(key)), config.get_where_defined(key))
"""


@pytest.fixture(scope="module")
def said() -> dict[str, tuple[str, str]]:
    """What Streamlit takes each setting for when it starts here, and where it has that from."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(keys=list(STRICT))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(" ", 2) for line in done.stdout.splitlines()]
    return {key: (value, place) for key, value, place in rows}


@pytest.mark.parametrize("key", STRICT)
def test_a_setting_is_strict(said: dict[str, tuple[str, str]], key: str) -> None:
    value, place = said[key]
    assert value == repr(STRICT[key])
    assert key == "global.developmentMode" or place.endswith("config.toml")
