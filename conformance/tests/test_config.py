from pathlib import Path

import pytest

from conformance import config
from conformance.config import BadConfig, read

GOOD = """
[hub]
listen = "127.0.0.1:0"

[sut]
name = "Example"
organ = "000.00.00.H98"
system_id = "sut.test.01"
secret = "made-up"

[driver]
kind = "http"
url = "http://127.0.0.1:9100"

[capabilities]
recall = true
signature = "both"

[timing]
poll_seconds = 5
"""


@pytest.fixture
def write(tmp_path: Path):
    def _write(text: str) -> Path:
        path = tmp_path / "sut.toml"
        path.write_text(text, "utf-8")
        return path

    return _write


def test_a_file_is_read_over_the_defaults(write) -> None:
    read_config = read(write(GOOD), {})

    assert (read_config.hub.host, read_config.hub.port, read_config.hub.topology) == ("127.0.0.1", 0, "2020")
    assert read_config.timing.poll_seconds == 5.0
    assert read_config.timing.deadline_seconds == 60.0
    assert read_config.capabilities.claimed == ("recall", "signature_packet", "signature_pdf")
    assert "made-up" not in repr(read_config)


def test_the_test_certificates_stand_beside_the_file_where_none_are_named(write, tmp_path: Path) -> None:
    assert read(write(GOOD), {}).trust.folder == str(tmp_path / "axisproof-pki")
    assert read(write(GOOD + '[trust]\nfolder = "certs"\n'), {}).trust.folder == str(tmp_path / "certs")
    assert read(write(GOOD), {"AXISPROOF_TRUST_FOLDER": "/elsewhere"}).trust.folder == "/elsewhere"


def test_https_and_time_stamps_are_claimed_by_switching_them_on(write) -> None:
    claimed = read(write(GOOD.replace("[sut]", "tls = true\n[sut]").replace("recall", "time_stamp")), {}).claimed

    assert claimed == ("time_stamp", "signature_packet", "signature_pdf", "tls")


def test_the_environment_stands_above_the_file(write) -> None:
    environment = {
        "AXISPROOF_DRIVER_URL": "http://127.0.0.1:1",
        "AXISPROOF_JUDGING_PROMOTE": "HD-39, ST-10",
        "AXISPROOF_CAPABILITIES_UPDATE": "true",
        "AXISPROOF_TIMING_DEADLINE_SECONDS": "7",
    }

    read_config = read(write(GOOD), environment)

    assert read_config.driver.url == "http://127.0.0.1:1"
    assert read_config.judging.promote == ("HD-39", "ST-10")
    assert read_config.capabilities.update
    assert read_config.timing.deadline_seconds == 7.0


def test_the_secret_may_come_from_the_environment(write) -> None:
    text = GOOD.replace('secret = "made-up"', 'secret_env = "SUT_SECRET"')

    assert read(write(text), {"SUT_SECRET": "x"}).sut.secret == "x"
    with pytest.raises(BadConfig, match="SUT_SECRET"):
        read(write(text), {})


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('kind = "http"', 'kind = "http"\ncolour = "red"', "colour"),
        ('kind = "http"', 'kind = "carrier-pigeon"', "carrier-pigeon"),
        ('kind = "http"', 'kind = "http"\nmutant = "x"', "mutant"),
        ('url = "http://127.0.0.1:9100"', "", "url"),
        ('kind = "http"', 'kind = "command"', "command"),
        ("[timing]", "[timings]", "timings"),
        ("poll_seconds = 5", 'poll_seconds = "5"', "poll_seconds"),
        ("poll_seconds = 5", "poll_seconds = -5", "timing"),
        ('name = "Example"', "", "name"),
        ('name = "Example"', 'name = "Example"\nroles = "sender"', "roles"),
        ('name = "Example"', 'name = "Example"\nroles = ["judge"]', "judge"),
        ('name = "Example"', 'name = "Example"\nroles = []', "roles"),
        ('secret = "made-up"', "", "secret"),
        ('signature = "both"', 'signature = "ink"', "ink"),
        ("recall = true", "recall = 1", "recall"),
        ("127.0.0.1:0", "127.0.0.1", "listen"),
        ("[hub]", "[hub", "TOML"),
    ],
)
def test_what_is_wrong_is_named_in_both_languages(write, old: str, new: str, named: str) -> None:
    with pytest.raises(BadConfig) as caught:
        read(write(GOOD.replace(old, new)), {})

    assert named in caught.value.because.en
    assert caught.value.because.vi != caught.value.because.en


@pytest.mark.parametrize(
    ("name", "value"), [("AXISPROOF_TIMING_POLL_SECONDS", "soon"), ("AXISPROOF_CAPABILITIES_RECALL", "perhaps")]
)
def test_a_wrong_variable_is_named(write, name: str, value: str) -> None:
    with pytest.raises(BadConfig, match=name):
        read(write(GOOD), {name: value})


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"nowhere\.toml"):
        read(tmp_path / "nowhere.toml", {})


def test_a_table_must_be_a_table(write) -> None:
    with pytest.raises(BadConfig, match="driver"):
        read(write('driver = "http"\n'), {})


def test_the_reference_claims_everything_and_takes_a_free_port() -> None:
    reference = config.reference("some-mutant")

    assert reference.hub.port == 0
    assert {"update", "replace", "recall", "take_back", "statistics"} <= set(reference.capabilities.claimed)
    assert "some-mutant" in reference.sut.name
