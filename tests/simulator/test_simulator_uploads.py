"""Uploads are kept by name, size and hash, and the log shows what came."""

import hashlib
import struct
from typing import Any

import pytest
from customer_app import App

ONE = "/api/v2/media/upload"
MANY = "/api/v2/media/upload/multiple"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\x00\x00\x00"
GIF = b"GIF89a" + struct.pack("<HH", 32, 16) + b"\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 200, 300) + b"\x01\x01\x11\x00"


def upload(app: App, content: bytes = PNG, name: str = "a b.png", **query: str) -> Any:
    wanted = {"assetType": "image", "fileName": name, **query}
    return app.call("POST", ONE, params=wanted, files={"file": ("local.png", content, "image/png")})


def upload_many(app: App, *names: str) -> Any:
    files = [("files", (name, PNG, "image/png")) for name in names]
    return app.call("POST", MANY, params={"assetType": "image"}, files=files).json()


def test_an_upload_is_described_as_it_came(app: App) -> None:
    stored = upload(app).json()["data"]
    assert (stored["name"], stored["size"], stored["mimeType"]) == ("a b.png", len(PNG), "image/png")
    assert stored["url"].startswith("https://prod2-assets.example.com/DAM/")
    assert stored["url"].endswith(f"/{stored['id']}/a_b.png")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (32, 16)),
        (JPEG, (300, 200)),
        (b"hello", None),
        (PNG[:20], None),
        (JPEG[:14], None),
    ],
)
def test_pictures_have_a_width_and_a_height(app: App, content: bytes, size: tuple[int, int] | None) -> None:
    stored = upload(app, content).json()["data"]
    assert (stored.get("width"), stored.get("height")) == (size or (None, None))


def test_a_tracker_id_works_for_one_upload(app: App) -> None:
    assert upload(app, uploadTrackerId="t1").status_code == 200
    again = upload(app, uploadTrackerId="t1")
    assert (again.status_code, again.json()["errors"][0]["message"]) == (
        400,
        "The uploadTrackerId was used before",
    )
    assert upload(app, uploadTrackerId="t2").status_code == 200
    assert len(app.log("commits")) == 2


def test_a_tracker_id_of_an_upload_that_failed_works_again(app: App) -> None:
    assert upload(app, name="refused-a.png", uploadTrackerId="t1").status_code == 400
    assert upload(app, uploadTrackerId="t1").status_code == 200


def test_each_upload_has_an_id_of_its_own(app: App) -> None:
    assert upload(app).json()["data"]["id"] != upload(app).json()["data"]["id"]


def test_many_files_are_stored_in_their_order(app: App) -> None:
    answer = upload_many(app, "a.png", "b.png")
    assert [stored["name"] for stored in answer["data"]] == ["a.png", "b.png"]
    assert answer["errors"] == []


def test_one_of_many_files_can_fail(app: App) -> None:
    answer = upload_many(app, "a.png", "refused-b.png", "c.png")
    assert [stored["name"] for stored in answer["data"]] == ["a.png", "c.png"]
    assert [error["message"] for error in answer["errors"]] == ["refused-b.png can't be stored"]


def test_the_commit_shows_every_file(app: App) -> None:
    upload_many(app, "a.png", "b.png")
    (commit,) = app.log("commits")
    described = {"content_type": "image/png", "size": len(PNG), "sha256": hashlib.sha256(PNG).hexdigest()}
    wanted = [{"file_name": name, **described} for name in ("a.png", "b.png")]
    assert (commit["tool"], commit["body"]["files"]) == ("upload_media_bulk", wanted)
