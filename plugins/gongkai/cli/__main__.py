"""The entrance of the ``gongkai`` command."""

from __future__ import annotations

import argparse
import io
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from gongkai.cli import build, bundle, check, new, publish, report, schema, verify
from gongkai.cli.common import UsageError, add_project_arguments, say
from gongkai.kernel.problems import ANOTHER_BUILD, CANNOT_WRITE
from gongkai.release.staging import AnotherBuild

_SLIPS = (
    ("the following arguments are required: ", "缺少 "),
    ("unrecognized arguments: ", "不认识的参数 "),
    ("expected one argument", "后面要写一个值"),
    ("invalid choice: ", "不能写成 "),
    ("(choose from ", "(可以是 "),
    ("argument ", "参数 "),
)


class _Formatter(argparse.HelpFormatter):
    """Help whose first word is Chinese, too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that says in Chinese what can be written and what was written wrongly."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog, description=description, formatter_class=_Formatter, add_help=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _SLIPS:
            message = message.replace(english, chinese)
        self.exit(2, f"{self.format_usage()}{self.prog}: 命令写得不对：{message}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser("gongkai", "政府信息公开网站：检查、生成、预览、发布、核对")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    for name, module, words, call in (
        ("check", check, "检查全部内容并指出问题所在", check.run),
        ("new", new, "领取索引号并写好条目或年报的空白格式", new.run),
        ("report", report, "从 Excel、Word、CSV 或网页读取年报的表格", report.run),
        ("build", build, "检查并生成网站", build.run),
        ("publish", publish, "检查、生成、核对、登记并换上新网站", publish.run),
        ("serve", build, "在本机预览，改动后自动刷新", build.serve),
        ("verify", verify, "独立核对已生成的网站", verify.run),
        ("bundle", bundle, "把已生成的网站打成一个包，不用服务器也能浏览和检索", bundle.run),
        ("schema", schema, "由字段声明生成说明和 JSON Schema", schema.run),
    ):
        command = commands.add_parser(name, help=words, description=words)
        add_project_arguments(command)
        module.add_arguments(command)
        command.set_defaults(call=call)
        if name == "serve":
            command.add_argument(
                "--address", default="127.0.0.1:8000", metavar="地址", help="预览地址"
            )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 all well, 1 problems in the content, 2 the command itself cannot work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # an old console may not know every character
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    try:
        code: int = options.call(options)
    except UsageError as error:
        say(f"gongkai: {error.problem.code.id} {error}")
        return 2
    except AnotherBuild as error:
        say(f"gongkai: {ANOTHER_BUILD.id} {ANOTHER_BUILD.zh.format(file=error)}")
        return 2
    except sqlite3.Error as error:
        facts = {"file": "build/cache", "why": str(error)}
        say(f"gongkai: {CANNOT_WRITE.id} {CANNOT_WRITE.zh.format(**facts)}")
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        facts = {"file": error.filename or "", "why": error.strerror or str(error)}
        say(f"gongkai: {CANNOT_WRITE.id} {CANNOT_WRITE.zh.format(**facts)}")
        return 2
    except KeyboardInterrupt:
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
