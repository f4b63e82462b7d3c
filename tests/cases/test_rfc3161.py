"""A real timestamp authority on this machine: OpenSSL behind a local HTTP server, with a certificate made for the test."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess

import pytest

from negassoc.cases.rfc3161 import authority, timestamp, timestamped_at
from negassoc.errors import DataError, TransientError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


def openssl(folder, *words, data=None):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, input=data)


def sign(folder, name, extensions, *by):
    request = ("x509", "-req", "-in", f"{name}.csr", "-days", "9", "-extfile", "ts.cnf", "-extensions", extensions)
    openssl(folder, *request, *by, "-out", f"{name}.pem")


@pytest.fixture(scope="module")
def tsa(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "ts.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    for name in ("ca", "tsa", "other"):
        openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        openssl(folder, "req", "-new", "-key", f"{name}.key", "-subj", f"/CN=Test {name}", "-out", f"{name}.csr")
    for name in ("ca", "other"):
        sign(folder, name, "ca", "-signkey", f"{name}.key")
    sign(folder, "tsa", "leaf", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    return folder


@pytest.fixture(scope="module")
def url(tsa, local_site, quiet_handler):
    class Authority(quiet_handler):
        def do_POST(self):
            (tsa / "query.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(tsa, "ts", "-reply", "-config", "ts.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr")
            self.answer(200, (tsa / "answer.tsr").read_bytes() if self.path == "/" else b"<html>not here</html>")

    with local_site(Authority) as address:
        yield f"{address}/"


def test_a_timestamp_is_got_and_checked_offline(url, tsa):
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    answer = timestamp(b"the recording", authority(url))
    at = timestamped_at(b"the recording", answer, [(tsa / "ca.pem").read_bytes()])
    assert before <= at <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)


def test_changed_content_a_foreign_root_and_a_damaged_answer_prove_nothing(url, tsa):
    answer = timestamp(b"the recording", authority(url))
    root, other = (tsa / "ca.pem").read_bytes(), (tsa / "other.pem").read_bytes()
    for content, given, trusted in [
        (b"another recording", answer, root),
        (b"the recording", answer, other),
        (b"the recording", answer[:-40] + b"\x00" * 40, root),
        (b"the recording", b"nonsense", root),
    ]:
        with pytest.raises(DataError):
            timestamped_at(content, given, [trusted])


def test_an_answer_to_another_question_is_refused(url):
    old = timestamp(b"the recording", authority(url))
    with pytest.raises(DataError, match="another question"):
        timestamp(b"the recording", lambda _: old)


def test_an_authority_that_is_none(url):
    with pytest.raises(DataError, match="RFC 3161 answer"):
        timestamp(b"x", authority(f"{url}elsewhere"))
    with pytest.raises(TransientError, match="did not answer"):
        timestamp(b"x", authority("http://127.0.0.1:9/", timeout=dt.timedelta(seconds=1)))
    with pytest.raises(ValueError, match="no http"):
        authority("file:///etc/passwd")


def test_the_commands_stamp_a_file_and_check_it(url, tsa, tmp_path, monkeypatch, capsys):
    pytest.importorskip("typer")
    from negassoc.__main__ import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "film.mp4").write_bytes(b"film")
    assert main(["evidence", "add", "ev", "film.mp4", "--who", "王敏", "--grade", "E2", "--witness", "李雷"]) == 0
    assert main(["evidence", "timestamp", "ev", "E1_film.mp4", "--authority", url, "--who", "王敏"]) == 0
    capsys.readouterr()
    assert main(["evidence", "verify", "ev", "--json", "--root", str(tsa / "ca.pem")]) == 0
    assert json.loads(capsys.readouterr().out)["timestamps"]["E1_film.mp4.tsr"].endswith("+00:00")
    assert main(["evidence", "list", "ev", "--json"]) == 0
    item = json.loads(capsys.readouterr().out)
    assert (item["grade"], item["certificate"]) == ("E3", "E1_film.mp4.tsr")
    assert main(["evidence", "verify", "ev", "--root", str(tsa / "other.pem")]) == 1
    assert "时间戳无效" in capsys.readouterr().out
    assert main(["evidence", "timestamp", "ev", "none.mp4", "--authority", url, "--who", "王敏"]) == 2
