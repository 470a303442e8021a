"""himitsu doctor: the way to Slack, and the clock."""

import datetime
import ssl
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.doctor import examine, slack
from bot.doctor.finding import line

from .conftest import closed_port, keys, seen, serving


def test_a_network_that_is_gone_is_said_once(workspace, tmp_path, around):
    found = list(examine(around(workspace, SLACK_API_URL=f"http://127.0.0.1:{closed_port()}/api/")))
    assert [f.check for f in found if f.state == "do"] == ["network"]
    assert keys(found, "network") == ["refused"] and keys(found, "bot_token") == keys(found, "app_token") == ["skipped"]
    assert keys(found, "company") == ["ok"]


def test_a_network_that_goes_away_in_the_middle(workspace, tmp_path, around):
    workspace.fail("auth.test", drop=True)
    workspace.fail("apps.connections.open", drop=True)
    found = list(examine(around(workspace)))
    assert keys(found, "network") == ["ok"] and keys(found, "bot_token") == keys(found, "app_token") == ["other"]


def test_a_name_that_nobody_knows(tmp_path, workspace, around):
    found = list(examine(around(workspace, SLACK_API_URL="https://slack.invalid/api/")))
    assert keys(found, "network") == ["dns"] and "HTTPS_PROXY" in next(f.do for f in found if f.check == "network")


def test_slack_that_does_not_answer(workspace, tmp_path, monkeypatch, around):
    monkeypatch.setattr(slack, "_TIMEOUT_S", 0.2)
    workspace.fail("api.test", delay_s=0.6)
    assert seen(around(workspace), "network") == ["timeout"]


def test_a_page_in_slack_s_place(workspace, tmp_path, around):
    with serving() as port:
        environment = around(workspace, SLACK_API_URL=f"http://127.0.0.1:{port}/api/")
        assert seen(environment, "network") == ["stranger"]


def test_a_proxy_that_lets_nothing_through_is_named_without_its_password(workspace, tmp_path, monkeypatch, around):
    with serving() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://taro:pa55word@127.0.0.1:{port}")
        found = list(examine(around(workspace, SLACK_API_URL="https://slack.com/api/")))
    assert keys(found, "network") == ["proxy"]
    told = "\n".join(map(line, found))
    assert f"127.0.0.1:{port}" in told and "407" in told
    assert "pa55word" not in told and "taro" not in told


def test_a_certificate_that_is_not_trusted(workspace, tmp_path, around):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, today, today + datetime.timedelta(1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    with serving(context) as port:
        found = list(examine(around(workspace, SLACK_API_URL=f"https://127.0.0.1:{port}/api/")))
    assert keys(found, "network") == ["certificate"]
    assert "SSL_CERT_FILE" in next(f.do for f in found if f.check == "network")


@pytest.mark.parametrize(("ahead_s", "key"), [(0, "ok"), (50, "ok"), (-50, "ok"), (90, "wrong"), (-90, "wrong")])
def test_a_clock_may_be_a_minute_off(workspace, tmp_path, ahead_s, key, around):
    assert seen(around(workspace), "clock", now=lambda: time.time() + ahead_s) == [key]


def test_an_answer_without_a_date_tells_nothing():
    assert [slack._clock(date, time.time()).key for date in (None, "", "yesterday")] == ["open"] * 3
