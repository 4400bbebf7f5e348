"""Agencies and their maintainers into CODEOWNERS: who must agree to a change of which folder."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.domain.agency import Agency
from gongkai.domain.site import Site

CODEOWNERS = "CODEOWNERS"
_HEAD = """\
# 由 gongkai schema 按 content/site.yml 和各单位 agency.yml 的 maintainers 生成，请勿手工修改。
# 一个文件归最后一条相符的规则：先写网站主办单位，再写各单位自己的文件夹，最后写发布登记簿。
"""


def codeowners(site: Site, agencies: Mapping[str, Agency]) -> str:
    """Return the text of CODEOWNERS, in which the last line that fits a path decides.

    An agency without maintainers of its own is left to the office that runs the site. What an
    agency's own folder says of its codes and maintainers changes this file too, which that
    office keeps, so that nobody can name himself.
    """
    rules = [("*", site.maintainers)]
    rules += [
        (f"/content/agencies/{code}/", agency.maintainers)
        for code, agency in sorted(agencies.items())
        if agency.maintainers
    ]
    rules.append(("/content/ledger/", site.maintainers))
    width = max(len(path) for path, _ in rules)
    return _HEAD + "".join(f"{path:{width}} {' '.join(who)}".rstrip() + "\n" for path, who in rules)
