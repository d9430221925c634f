"""Fixtures for all tests."""

from tests.support.memory import choose_place
from tests.support.model import trained_model
from tests.support.postgres import database_url, postgres, postgres_url


def pytest_configure() -> None:
    """Choose where the files of the tests stand."""
    choose_place()


__all__ = ["database_url", "postgres", "postgres_url", "trained_model"]
