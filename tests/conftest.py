"""What every test gets: assertion messages in the helpers, a reproducible Hypothesis, the shared fixtures.

`HYPOTHESIS_PROFILE=search` looks for new examples; the default repeats the same ones: a red run stays red.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.support")

settings.register_profile("default", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = ("tests.support.browser", "tests.support.redis", "tests.support.server")
