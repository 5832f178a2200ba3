"""A signed token is believed where it should be and nowhere else (D29): our own vectors, each refused for its own reason."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import import_key

from rejoinder.web.jwt import (
    MOST_CHARACTERS,
    Claims,
    NoKeyFits,
    TokenWrong,
    key_set,
    public_keys,
    read_token,
    secret_keys,
)
from signed_tokens import ALGORITHMS, CLAIMS, SECRET, b64, jwk_of, pem_of, private_key, token_of

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)


def keys_for(algorithm: str, number: int = 0) -> list[Any]:
    if algorithm == "HS256":
        return secret_keys([f"{SECRET}{number or ''}"])
    return public_keys([pem_of(algorithm, number)], algorithm)


def read(token: str, algorithm: str = "HS256") -> Claims:
    return read_token(token, keys_for(algorithm), (algorithm,))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_token_signed_by_the_key_that_is_known_is_read(algorithm: str) -> None:
    assert read(token_of(algorithm), algorithm).said == CLAIMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_signed_by_another_key_is_not(algorithm: str) -> None:
    with pytest.raises(NoKeyFits):
        read(token_of(algorithm, number=1), algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_of_two_keys_either_will_do(algorithm: str) -> None:
    keys = keys_for(algorithm, 1) + keys_for(algorithm)
    for number in (0, 1):
        assert read_token(token_of(algorithm, number=number), keys, (algorithm,)).said == CLAIMS


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "said",
    [
        *ALGORITHMS,
        "none",
        "None",
        "NONE",
        "HS384",
        "HS512",
        "PS256",
        "ES256K",
        "ES384",
        "",
        None,
        0,
        ["HS256"],
        {"HS256": 1},
    ],
)
def test_only_the_algorithm_that_is_set_is_taken(algorithm: str, said: object) -> None:
    """Also none at all, and a public key that is taken for a secret."""
    if said == algorithm:
        return
    token = token_of(algorithm, header={"alg": said})
    for each in (token, token.rpartition(".")[0] + "."):
        with pytest.raises(TokenWrong):
            read(each, algorithm)


def test_a_public_key_is_no_secret() -> None:
    """The oldest trick: the token is an HMAC with the public key, which everybody has."""
    for algorithm in ("RS256", "ES256", "EdDSA"):
        signed = f"{b64(json.dumps({'alg': 'HS256'}).encode())}.{b64(json.dumps(CLAIMS).encode())}"
        for secret in (pem_of(algorithm), pem_of(algorithm).strip()):
            forged = f"{signed}.{b64(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"
            with pytest.raises(TokenWrong):
                read(forged, algorithm)
            with pytest.raises(TokenWrong):
                read_token(forged, keys_for(algorithm), (algorithm, "HS256"))


JWK = {"kty": "oct", "k": b64(SECRET.encode())}


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"jku": "https://evil.example/keys"},
        {"jwk": JWK},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"b64": False},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"typ": "at+jwt"},
        {"typ": 1},
        {"url": "https://evil.example"},
    ],
    ids=str,
)
def test_a_header_may_say_nothing_of_how_it_is_checked(more: dict[str, object]) -> None:
    with pytest.raises(TokenWrong):
        read(token_of(header={"alg": "HS256", **more}))


@pytest.mark.parametrize("kid", ["other", "../../dev/null", "' OR 1=1 --", "", 0, None, ["a"]])
def test_the_key_it_names_is_not_looked_at(kid: object) -> None:
    assert read(token_of(header={"alg": "HS256", "kid": kid})).said == CLAIMS
    with pytest.raises(NoKeyFits):
        read(token_of(header={"alg": "HS256", "kid": kid}, number=1))


@pytest.mark.parametrize(
    "claims",
    [
        b"",
        b"[]",
        b'["sub"]',
        b'"text"',
        b"null",
        b"7",
        b"true",
        b'{"sub": "7", "sub": "8"}',
        b'{"sub": "7", "s\\u0075b": "8"}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"exp": NaN}',
        b'{"exp": Infinity}',
        b'{"exp": -Infinity}',
        b'{"sub": "\xff"}',
        b'{"sub": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"sub": "7"',
        b'{"sub": "7"} {}',
        b"{'sub': '7'}",
        b"[" * 4000,
    ],
    ids=lambda claims: repr(claims[:24]),
)
def test_what_is_no_plain_json_object_is_refused(claims: bytes) -> None:
    with pytest.raises(TokenWrong):
        read(token_of(claims=claims))


@pytest.mark.parametrize(
    "header",
    [b"", b"[]", b"null", b'{"alg": "HS256", "alg": "none"}', b'{"alg": "none", "alg": "HS256"}', b'"HS256"'],
)
def test_nor_as_a_header(header: bytes) -> None:
    with pytest.raises(TokenWrong):
        read(token_of(header=header))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: "",
        lambda t: ".",
        lambda t: "..",
        lambda t: "...",
        lambda t: t.partition(".")[2],
        lambda t: t.rpartition(".")[0],
        lambda t: t.rpartition(".")[0] + ".",
        lambda t: f".{t.partition('.')[2]}",
        lambda t: f"{t}.",
        lambda t: f"{t}.{t}",
        lambda t: f"{t}=",
        lambda t: f" {t}",
        lambda t: f"{t}\n",
        lambda t: t.replace(".", ".\n"),
        lambda t: t + "A",
        lambda t: t + "AA",
        lambda t: t[:-1],
        lambda t: json.dumps({"payload": t}),
        lambda t: json.dumps([t]),
        lambda t: "null",
        lambda t: "a" * (MOST_CHARACTERS + 1),
        lambda t: f"Bearer {t}",
    ],
)
def test_what_has_not_the_form_of_a_token_is_refused(spoil: Callable[[str], str]) -> None:
    with pytest.raises(TokenWrong):
        read(spoil(token_of()))


def test_a_part_is_written_in_one_way_only() -> None:
    """The last character of a signature has bits to spare; a token with others would be another token to whoever counts."""
    token = token_of()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = token[:-1] + letters[letters.index(token[-1]) + 1]
    with pytest.raises(TokenWrong):
        read(twin)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
def test_no_changed_token_is_believed(algorithm: str, data: st.DataObject) -> None:
    token = token_of(algorithm)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="ascii"))
    if sign == token[place]:
        return
    with pytest.raises(TokenWrong):
        read(token[:place] + sign + token[place + 1 :], algorithm)


@given(st.text(max_size=200))
def test_no_text_brings_the_reader_down(text: str) -> None:
    with pytest.raises(TokenWrong):
        read(text)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_nor_does_anything_in_its_parts(head: bytes, body: bytes) -> None:
    with pytest.raises(TokenWrong):
        read(token_of(header=head, claims=body))


def test_keys_come_from_a_key_set() -> None:
    listed = [jwk_of("RS256"), jwk_of("ES256", use="sig"), jwk_of("EdDSA", alg="EdDSA", kid="one")]
    keys = key_set({"keys": listed})
    for algorithm in ("RS256", "ES256", "EdDSA"):
        assert read_token(token_of(algorithm), keys, (algorithm,)).said == CLAIMS


@pytest.mark.parametrize(
    "key",
    [
        {**JWK, "alg": "HS256"},
        {"kty": "oct"},
        {},
        None,
        "RSA",
        {"kty": "RSA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"},
    ],
    ids=str,
)
def test_a_key_that_is_none_is_passed_over_and_the_others_serve(key: object) -> None:
    assert key_set({"keys": [key]}) == []
    assert len(key_set({"keys": [key, jwk_of("RS256")]})) == 1


@pytest.mark.parametrize("more", [{"use": "enc"}, {"alg": "RS512"}, {"key_ops": ["encrypt"]}], ids=str)
def test_a_key_for_something_else_signs_nothing(more: dict[str, object]) -> None:
    with pytest.raises(NoKeyFits):
        read_token(token_of("RS256"), key_set({"keys": [jwk_of("RS256", **more)]}), ("RS256",))


def test_a_short_key_and_a_private_one_are_no_keys() -> None:
    short = rsa.generate_private_key(65537, 1024)
    n = short.public_key().public_numbers().n
    assert key_set({"keys": [{"kty": "RSA", "n": b64(n.to_bytes(128, "big")), "e": "AQAB"}]}) == []
    private = private_key("RS256").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert key_set({"keys": [import_key(private, "RSA").as_dict(private=True)]}) == []


@pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": {}}, "keys", 7])
def test_a_key_set_is_one(document: object) -> None:
    with pytest.raises(TokenWrong):
        key_set(document)


MADE = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("times", "is_good"),
    [
        ({"iat": MADE, "exp": MADE + 60}, True),
        ({"iat": MADE, "exp": MADE + 600}, True),
        ({"iat": MADE + 50, "exp": MADE + 100}, True),
        ({"iat": MADE - 300, "exp": MADE - 50}, True),
        ({"iat": MADE - 0.5, "exp": MADE + 60.5}, True),
        ({"iat": MADE, "exp": MADE + 60, "nbf": MADE}, True),
        ({"iat": MADE, "exp": MADE + 601}, False),
        ({"iat": MADE, "exp": MADE}, False),
        ({"iat": MADE, "exp": MADE - 1}, False),
        ({"iat": MADE - 300, "exp": MADE - 61}, False),
        ({"iat": MADE + 61, "exp": MADE + 120}, False),
        ({"iat": MADE, "exp": MADE + 60, "nbf": MADE + 61}, False),
        ({"iat": MADE, "exp": MADE + 60, "nbf": "now"}, False),
        ({"exp": MADE + 60}, False),
        ({"iat": MADE}, False),
        ({}, False),
        ({"iat": str(MADE), "exp": MADE + 60}, False),
        ({"iat": MADE, "exp": None}, False),
        ({"iat": True, "exp": MADE + 60}, False),
        ({"iat": MADE, "exp": 10**30}, False),
        ({"iat": -1, "exp": MADE}, False),
        ({"iat": MADE * 1000, "exp": MADE * 1000 + 60}, False),
    ],
)
def test_a_token_is_good_for_ten_minutes_at_most(times: dict[str, object], is_good: bool) -> None:
    claims = read(token_of(claims=times))
    if is_good:
        claims.check_times(NOW, longest=timedelta(minutes=10))
    else:
        with pytest.raises(TokenWrong):
            claims.check_times(NOW, longest=timedelta(minutes=10))


@pytest.mark.parametrize(
    "value", [7, True, ["7"], {"a": 1}, "a" * 256, "a\x00b", "a\nb", "\u202e7", "\ufeff"]
)
def test_a_claim_is_a_text_that_can_be_seen(value: object) -> None:
    claims = read(token_of(claims={"sub": value}))
    with pytest.raises(TokenWrong, match="sub"):
        claims.must("sub")
    with pytest.raises(TokenWrong):
        Claims({"sub": ""}).must("sub")


@pytest.mark.parametrize(
    ("said", "proved"),
    [
        ({"email": "Nell@Mail.Example", "email_verified": True}, "Nell@mail.example"),
        ({"email": "nell@mail.example"}, None),
        ({"email": "nell@mail.example", "email_verified": False}, None),
        ({"email": "nell@mail.example", "email_verified": "true"}, None),
        ({"email": "nell@mail.example", "email_verified": 1}, None),
        ({"email_verified": True}, None),
        ({"email": "nell", "email_verified": True}, None),
        ({"email": "a@b.example, c@d.example", "email_verified": True}, None),
    ],
)
def test_only_an_address_that_is_said_to_be_proved_is_taken(
    said: dict[str, object], proved: str | None
) -> None:
    assert Claims(said).proved_email() == proved
