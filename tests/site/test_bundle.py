"""The package of a real site."""

from __future__ import annotations

import base64
import re
import zipfile
from pathlib import Path

from acceptance.project import Project


def test_a_bundle_holds_the_site_and_scripts_with_its_search_data(
    small: Project, tmp_path: Path
) -> None:
    for name in ("one.zip", "two.zip"):
        result = small.run("bundle", "--out", str(tmp_path / name))
        assert result.code == 0, result.err
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        found = {name: package.read(name) for name in package.namelist()}
    site = small.tree()
    assert {name: found[name] for name in site} == site
    twins = found.keys() - site.keys()
    assert "search/manifest.json.js" in twins
    for name in twins:
        match = re.fullmatch(rb'gongkaiPut\("(.+)","(.*)"\);\n', found[name])
        assert match and name == f"search/{match[1].decode()}.js"
        assert base64.b64decode(match[2]) == site[name.removesuffix(".js")]
    wanted = re.compile(r"search/(manifest\.json|.+\.(bin|txt))")
    assert {f"{name}.js" for name in site if wanted.fullmatch(name)} == twins
