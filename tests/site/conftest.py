"""Fixtures of the site tests: the demonstration and a small project, each built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from acceptance.project import Page, Project, built_demonstration, read_page, small_project


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.site)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built demonstration; it must not be changed."""
    return built_demonstration(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def pages(demo: Project) -> dict[str, Page]:
    """Every page of the demonstration."""
    return {
        address: read_page(data.decode())
        for address, data in demo.tree().items()
        if address.endswith(".html")
    }


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The built small project; it must not be changed."""
    project = small_project(tmp_path_factory.mktemp("small") / "project")
    project.build("--strict")
    return project


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    """A copy of the small project with its built site and cache, free to be changed."""
    return small.copy_to(tmp_path / "project", with_build=True)
