"""The settings of a deployment, in groups: one module a topic, one ``setting(...)`` a variable."""

from bot.settings.reading import GROUPS, VARIABLES, Settings, read_settings, unknown_variables
from bot.settings.variable import Variable

__all__ = ["GROUPS", "VARIABLES", "Settings", "Variable", "read_settings", "unknown_variables"]
