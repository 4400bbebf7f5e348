"""Controlled vocabularies (主题分类, 体裁, 公开方式 …): codes and Chinese names, in order."""

from __future__ import annotations

from pydantic import Field

from gongkai.domain.values import Item, Words


class Term(Item):
    """One value of a vocabulary."""

    code: str = Field(title="代号", description="代号")
    name: str = Field(title="名称", description="名称", min_length=1)
    basis: str = Field(default="", title="依据", description="法律依据")
    sub: Words = Field(default=(), title="下级类目", description="下级类目名称")


class Vocabulary:
    """An ordered set of terms, found by code or by name."""

    def __init__(self, name: str, terms: tuple[Term, ...] = ()) -> None:
        self.name = name
        self.terms = {term.code: term for term in terms}

    def __contains__(self, code: str) -> bool:
        return code in self.terms

    def label(self, code: str) -> str:
        """Return the Chinese name of a code, or the code itself."""
        term = self.terms.get(code)
        return term.name if term else code

    def names(self) -> dict[str, str]:
        """Return the Chinese name of each code."""
        return {code: term.name for code, term in self.terms.items()}

    def codes(self) -> list[str]:
        """Return the codes in the order of the file."""
        return list(self.terms)


TOPICS = "request-topics"  # what an application is about; needed where there is a register
VOCABULARIES = ("subjects", "genres", "channels", "audiences", "reasons", "article-20")
INSTRUMENT_LABELS = {
    "rule": "规章",
    "normative": "行政规范性文件",
    "official": "其他公文",
    "none": "非公文",
}
VALIDITY_LABELS = {
    "in_force": "有效",
    "partly": "部分有效",
    "amended": "已修改",
    "expired": "失效",
    "repealed": "废止",
    "not_yet": "尚未施行",
    "not_applicable": "不适用",
}
DISCLOSURE_LABELS = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
CHANGE_LABELS = {"correction": "更正", "update": "更新", "redaction": "去除个人信息"}
LEVEL_LABELS = {
    "county": "县政府",
    "department": "部门",
    "town": "乡镇",
    "zone": "功能区",
    "enterprise": "公共企事业单位",
    "vertical": "垂直管理单位",
}
STAGE_LABELS = {"draft": "决策草案", "adopted": "已作出决策"}
BUDGET_LABELS = {"budget": "预算", "final_accounts": "决算"}
