"""Settings come from the environment, each with its row in the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.main.settings import SETTINGS, SettingsError, check_together, read_settings, unknown_names


def test_without_anything_the_defaults_of_the_table_hold() -> None:
    settings = read_settings({})
    assert (settings.port, settings.host, settings.workers) == (8000, "127.0.0.1", 1)
    assert settings.data == Path("data")
    assert (settings.sockets, settings.sockets_per_address) == (20_000, 10_000)
    assert settings.host_key == settings.redis_url == settings.url == ""
    assert settings.trusted_proxies == "127.0.0.1,::1"
    for setting in SETTINGS:
        assert setting.meaning.endswith("."), setting.name


def test_an_empty_variable_counts_as_none() -> None:
    assert read_settings({setting.name: "" for setting in SETTINGS}) == read_settings({})


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a-key-from-a-secret-store\n")
    assert read_settings({"BARAZA_HOST_KEY_FILE": str(file)}).host_key == "a-key-from-a-secret-store"
    with pytest.raises(SettingsError, match="both set"):
        read_settings({"BARAZA_HOST_KEY_FILE": str(file), "BARAZA_HOST_KEY": "another-key-entirely"})
    file.write_text("")
    with pytest.raises(SettingsError, match="host key"):
        read_settings({"BARAZA_HOST_KEY_FILE": str(file)})


def test_origins_are_read_as_a_list() -> None:
    settings = read_settings({"BARAZA_ORIGINS": "https://A.example, http://b.example:8080 ,"})
    assert settings.origins == ("https://a.example:443", "http://b.example:8080")


def test_several_workers_need_redis() -> None:
    check_together(read_settings({"WEB_CONCURRENCY": "4", "REDIS_URL": "redis://localhost"}))
    with pytest.raises(SettingsError, match="REDIS_URL"):
        check_together(read_settings({"WEB_CONCURRENCY": "4"}))


def test_names_that_are_none_of_ours_are_reported() -> None:
    environment = {"BARAZA_HOTS": "1", "BARAZA_HOST": "::", "BARAZA_TEST_REDIS_URL": "x", "HOME": "/"}
    assert unknown_names(environment) == ["BARAZA_HOTS"]


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(read_settings({"BARAZA_HOST_KEY": "a-very-secret-key", "REDIS_URL": "redis://:password@localhost"}))
    assert "secret" not in shown
    assert "password" not in shown
