"""The calls about archives, and those that want their password."""

import gzip
import hashlib
import json

import pytest

from tests.engine.api.archiving import allow_archives, put_away
from tests.engine.api.bodies import ARCHIVE, PASSWORD

SUBMITTED = {"definition_identifier": {"alternative_code": "ARCHIVE"}}
NAMED = {"archive_identifier": {"name": ARCHIVE}}
GUESS = {"archive_password": "a guess"}


def said(answer):
    return answer.status_code, answer.json["status"]["code"], answer.json["status"]["description"]


@pytest.fixture
def archive(client, engine, subscribe, tmp_path):
    """What the engine says of the one archive that there is."""
    subscribe(engine)
    put_away(engine, tmp_path)
    return client.get(f"/archives/show?name={ARCHIVE}").json["data"]


def test_an_archive_is_listed_and_given_as_it_is(client, site, archive):
    assert (archive["contents"], archive["records"]) == ("requests", 2)
    assert client.get("/archives/list").json["data"] == {"total": 1, "results": [archive]}
    page = client.get("/archives/list?offset=0&fields_set=name,size").json["data"]
    assert page["results"] == [{"name": ARCHIVE, "size": archive["size"]}]
    answer = client.get(f"/archives/download?name={ARCHIVE}", buffered=False)
    assert site.gate._in_hand == 1  # until the last of it is given
    assert (hashlib.sha256(answer.data).hexdigest(), len(answer.data)) == (archive["sha256"], archive["size"])
    answer.close()  # as servers do
    assert site.gate._in_hand == 0
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ARCHIVE}"'
    assert [json.loads(line).get("number") for line in gzip.decompress(answer.data).splitlines()] == [None, 1, 2]


def test_an_archive_is_deleted_for_good_by_who_knows_the_password(client, archive, clock):
    assert said(client.post("/archives/delete", json=NAMED | GUESS)) == (403, "WRONG_PASSWORD", "archive_password")
    assert said(client.post("/archives/delete", json=NAMED | PASSWORD)) == (429, "TOO_EARLY", "archive_password")
    line = "headend_archive_password_failures_total 1.0\n"
    assert line in client.get("/metrics").text
    clock.sleep(1)
    assert client.post("/archives/delete", json=NAMED | PASSWORD).json["data"] == archive
    for path in ("show", "download"):
        assert said(client.get(f"/archives/{path}?name={ARCHIVE}")) == (404, "UNKNOWN_ARCHIVE", "archive_identifier")


def test_an_archive_run_is_begun_and_gone_on_with_by_who_knows_the_password(client, engine, subscribe, clock, tmp_path):
    subscribe(engine)
    assert said(client.get("/archives/download?name=x")) == (404, "UNKNOWN_ARCHIVE", "archive_identifier")
    allow_archives(engine, tmp_path)
    assert said(client.post("/definitions/submit", json=SUBMITTED)) == (403, "WRONG_PASSWORD", "archive_password")
    (tmp_path / "archives").touch()
    run = client.post("/definitions/submit", json=SUBMITTED | PASSWORD).json["data"]
    over = client.get(f"/runs/show?id={run['id']}&within_s=20").json["data"]
    assert (over["state"], over["reason"].rpartition(":")[2]) == ("FAILED", " File exists. Resume it to go on.")
    (tmp_path / "archives").unlink()
    named = {"run_identifier": {"id": run["id"]}}
    assert said(client.post("/runs/resume", json=named | GUESS)) == (403, "WRONG_PASSWORD", "archive_password")
    clock.sleep(1)
    assert client.post("/runs/resume", json=named | PASSWORD).status_code == 202
    over = client.get(f"/runs/show?id={run['id']}&within_s=20").json["data"]
    assert (over["state"], over["counts"]["changed"]) == ("COMPLETED", 2)
