"""Fixtures for all tests."""

from tests.support.model import trained_model
from tests.support.postgres import database_url, postgres, postgres_url

__all__ = ["database_url", "postgres", "postgres_url", "trained_model"]
