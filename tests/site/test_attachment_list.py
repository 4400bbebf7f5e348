"""The published attachments stand in one list, and their checksums are those of the files."""

from __future__ import annotations

import csv
import hashlib
import json

from acceptance.project import Project


def test_every_attachment_is_listed_with_the_checksum_of_its_bytes(demo: Project) -> None:
    listed = json.loads((demo.site / "data" / "files.json").read_text("utf-8"))["files"]
    found = {file["address"]: file for file in listed}
    there = {
        path.relative_to(demo.site).as_posix()
        for path in (demo.site / "i").rglob("*")
        if path.is_file() and path.suffix != ".html"
    }
    assert found.keys() == there and len(there) > 15
    for address, file in found.items():
        data = (demo.site / address).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest(), address
        assert file["size"] == len(data)
        page = demo.site / f"i/{file['index_number']}.html"
        if f'href="{address.rpartition("/")[2]}"' in page.read_text("utf-8"):
            assert file["sha256"] in page.read_text("utf-8")


def test_the_table_holds_what_the_list_holds(demo: Project) -> None:
    listed = json.loads((demo.site / "data" / "files.json").read_text("utf-8"))["files"]
    with (demo.site / "data" / "files.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{key: str(value) for key, value in one.items()} for one in listed]
