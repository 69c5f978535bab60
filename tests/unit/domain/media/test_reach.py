"""Reach: only the open web is asked for files, however a host is spelled (fault matrix M01, M02, M03)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ssrfguard import DEFAULT_DENIED

from bot.domain.media.reach import PUBLIC, WITH_PRIVATE, Reach

INSIDE = [
    "169.254.169.254",
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::5db8:d822",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_f_M01_addresses_inside_are_out_of_reach(text):
    """Private, special, translated and mapped addresses, as they are resolved and as they are typed."""
    address = ip_address(text)
    host = f"[{text}]" if address.version == 6 else text

    assert not PUBLIC.admits(address)
    assert PUBLIC.place(f"https://{host}/a.png") is None


@pytest.mark.parametrize("text", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:80b::200e"])
def test_addresses_of_the_open_network(text):
    """Ordinary ones are in reach."""
    address = ip_address(text)
    host = f"[{text}]" if address.version == 6 else text
    place = PUBLIC.place(f"https://{host}/a.png")

    assert PUBLIC.admits(address)
    assert place is not None
    assert place.literal == address
    assert place.host_line == host


@given(st.one_of(st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address)))
@example(IPv6Address("2001:1::1"))
def test_f_M01_nothing_is_admitted_that_another_list_refuses(address):
    """A list made from the same registries by somebody else refuses no address that ours admits."""
    if PUBLIC.admits(address):
        assert not DEFAULT_DENIED.classify(address).blocked


@pytest.mark.parametrize("block", DEFAULT_DENIED.blocks, ids=lambda block: str(block.network))
def test_f_M01_the_registries_blocks_are_judged_no_milder(block):
    """Both ends and the middle of every block of the registries."""
    network = block.network
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        if PUBLIC.admits(address):
            assert not DEFAULT_DENIED.classify(address).blocked


NAMES_INSIDE = [
    "localhost",
    "LocalHost",
    "a.localhost",
    "printer.local",
    "metadata",
    "metadata.google.internal",
    "instance-data.ec2.internal",
    "intranet",
    "wiki.corp",
    "nas.lan",
    "router.home.arpa",
    "a.onion",
]


@pytest.mark.parametrize("host", NAMES_INSIDE)
def test_f_M01_names_inside_are_out_of_reach(host):
    """Names that only a network of one's own can look up are not even looked up."""
    assert PUBLIC.place(f"http://{host}/latest/meta-data") is None


SPELLINGS = [
    "127.1",
    "127.0.1",
    "0x7f000001",
    "0x7f.0.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.01",
    "①②⑦.⓪.⓪.①",
    "１２７.0.0.1",
    "127。0。0。1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌｏｃａｌｈｏｓｔ",
    "localhost.",
    "127.0.0.1.",
    "example.com.",
    "%6c%6f%63alhost",
    "127.0.0.1%00.example.com",
    "[::1%25eth0]",
    "[fe80::1%25lo]",
    "[fe80::1%lo]",
    "аpple.com",
    "xn--pple-43d.com",
    "xn--a.com",
    "gοogle.com",
    "a..example.com",
    "-a.example.com",
    "a" * 64 + ".example.com",
    ".".join(["a" * 60] * 5) + ".com",
    "☃.example",
    "8.8.8",
    "1.2.3.4.5",
    "example.0",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_f_M02_other_spellings_are_out_of_reach(host):
    """Numbers that some read as another address, letters that look like others, and what no name can be."""
    assert PUBLIC.place(f"http://{host}/") is None


def _hex(number: int) -> str:
    return f"0x{number:x}"


def _octal(number: int) -> str:
    return f"0{number:o}"


CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９。")


@st.composite
def spelled_addresses(draw: st.DrawFn) -> str:
    """An IPv4 address as resolvers take it: one to four numbers in any base, in any digits, with or without a dot."""
    number = draw(st.one_of(st.just(0x7F000001), st.just(0xA9FEA9FE), st.integers(0, 2**32 - 1)))
    parts = draw(st.integers(1, 4))
    numbers = [number >> (24 - 8 * at) & 255 for at in range(parts - 1)]
    numbers.append(number & (2 ** (8 * (5 - parts)) - 1))
    spelled = ".".join(draw(st.sampled_from((str, _hex, _octal)))(one) for one in numbers)
    spelled = draw(
        st.sampled_from((spelled, spelled.translate(CIRCLED), spelled.translate(WIDE), spelled.upper()))
    )
    return spelled + draw(st.sampled_from(("", ".")))


@given(spelled_addresses())
@example("127.1")
@example("0x7f000001")
@example("2130706433")
@example("017700000001")
def test_f_M02_no_number_is_a_host_but_a_plain_open_address(host):
    """However an address is spelled: either it is the plain one of an open host, or it is out of reach."""
    place = PUBLIC.place(f"http://{host}/")
    if place is not None:
        assert place.literal is not None
        assert str(place.literal) == host
        assert PUBLIC.admits(place.literal)


NO_LINKS = [
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/a.png",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "//example.com/a.png",
    "http:/example.com",
    "http://",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com:22/",
    "http://example.com:8080/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://example.com:x/",
    "http://example.com\\@127.0.0.1/",
    "http://exam\tple.com/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://example.com/a b.png",
    "http://exam\u200bple.com/",
    "http://[::1/",
    "",
]


@pytest.mark.parametrize("link", NO_LINKS)
def test_f_M03_what_is_no_plain_web_address_is_out_of_reach(link):
    """Other schemes, credentials, odd ports, backslashes, blanks and control characters."""
    assert PUBLIC.place(link) is None


@pytest.mark.parametrize(
    ("link", "scheme", "host", "port", "target"),
    [
        ("https://example.com", "https", "example.com", 443, "/"),
        ("HTTP://Example.COM:80/A.png#top", "http", "example.com", 80, "/A.png"),
        (
            "https://bücher.example/größe.png?x=ä",
            "https",
            "xn--bcher-kva.example",
            443,
            "/gr%C3%B6%C3%9Fe.png?x=%C3%A4",
        ),
        (
            "https://xn--bcher-kva.example/a%20b.png?a=1&b=%2F",
            "https",
            "xn--bcher-kva.example",
            443,
            "/a%20b.png?a=1&b=%2F",
        ),
        ("http://example.com:443/a", "http", "example.com", 443, "/a"),
    ],
)
def test_parts_of_a_link(link, scheme, host, port, target):
    """One spelling from here on, in plain letters."""
    place = PUBLIC.place(link)

    assert place is not None
    assert (place.scheme, place.host, place.port, place.target, place.literal) == (
        scheme,
        host,
        port,
        target,
        None,
    )
    assert all(0x21 <= ord(sign) <= 0x7E for sign in place.host + place.target)


def test_host_as_a_request_names_it():
    """The port only where it is not the usual one."""
    with_port = PUBLIC.place("http://example.com:443/")

    assert with_port is not None
    assert with_port.host_line == "example.com:443"


def test_one_network_of_ones_own():
    """For a test or a stand-in one network may count as open, with its names and ports; nothing else does."""
    reach = Reach((IPv4Network("127.0.0.2/32"),))
    place = reach.place("http://127.0.0.2:8711/media/a.png")

    assert place is not None
    assert place.host_line == "127.0.0.2:8711"
    assert reach.place("http://localhost:8711/") is not None
    assert reach.place("http://127.0.0.1:8711/") is None
    assert not reach.admits(IPv4Address("127.0.0.1"))


@pytest.mark.parametrize("text", ["127.0.0.1", "10.1.2.3", "192.168.0.5", "::1", "fd00::5"])
def test_private_networks_when_they_are_asked_for(text):
    """With the setting for tests they are in reach."""
    assert WITH_PRIVATE.admits(ip_address(text))


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "fe80::1", "224.0.0.1", "100.100.100.200", "64:ff9b::7f00:1"]
)
def test_f_M01_metadata_stays_out_of_reach(text):
    """Also with that setting a machine's metadata service is never asked."""
    assert not WITH_PRIVATE.admits(ip_address(text))
