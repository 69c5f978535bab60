"""Lifetimes: a signed link names its own end, each vendor in its own words."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.media.lifetimes import expires_at

END = datetime(2026, 8, 3, 15, 20, tzinfo=UTC)
UNIX = int(END.timestamp())
POLICY = {"Statement": [{"Resource": "*", "Condition": {"DateLessThan": {"AWS:EpochTime": UNIX}}}]}


def cloudfront(policy: object) -> str:
    spelled = base64.b64encode(json.dumps(policy).encode()).decode()
    return spelled.translate(str.maketrans("+=/", "-_~"))


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260803T142000Z&X-Amz-Expires=3600&X-Amz-Signature=ab",
        "X-Goog-Date=20260803T142000Z&X-Goog-Expires=3600&X-Goog-Signature=ab",
        f"AWSAccessKeyId=AK&Expires={UNIX}&Signature=ab",
        f"GoogleAccessId=x&Expires={UNIX}&Signature=ab",
        f"Expires={UNIX}&Signature=ab&Key-Pair-Id=K1",
        f"Policy={cloudfront(POLICY)}&Signature=ab&Key-Pair-Id=K1",
        "sv=2024-01-01&se=2026-08-03T15%3A20%3A00Z&sr=b&sig=ab",
        "se=2026-08-03T15:20:00&sig=ab",
        f"OSSAccessKeyId=x&expires={UNIX}&signature=ab",
    ],
)
def test_end_of_a_signed_link(query):
    """Amazon, Google, CloudFront, Azure and Alibaba, in their present and former ways."""
    assert expires_at(f"https://files.example.com/a.png?{query}") == END


def test_end_of_a_file_in_a_chat():
    """Discord writes it in hexadecimal digits, and only there it means that."""
    query = f"ex={UNIX:x}&is=0&hm=ab"

    assert expires_at(f"https://cdn.discordapp.com/attachments/1/2/a.png?{query}") == END
    assert expires_at(f"https://example.com/a.png?{query}") is None


def test_the_earliest_end_counts():
    """A link signed twice ends with the first."""
    query = (
        f"se=2026-08-03T15:20:00Z&sig=ab&X-Amz-Date=20260803T000000Z&X-Amz-Expires=604800&Expires={UNIX + 60}"
    )

    assert expires_at(f"https://files.example.com/a.png?{query}") == END


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.png",
        "https://example.com/a.png?v=3",
        f"https://example.com/a.png?expires={UNIX}",
        "https://example.com/a.png?Expires=never&Signature=ab",
        "https://example.com/a.png?Expires=12&Signature=ab",
        "https://example.com/a.png?Expires=99999999999&Signature=ab",
        "https://example.com/a.png?se=2026-08-03",
        "https://example.com/a.png?se=tomorrow&sig=ab",
        "https://example.com/a.png?se=0001-01-01T00:00:00Z&sig=ab",
        "https://example.com/a.png?X-Amz-Date=yesterday&X-Amz-Expires=3600",
        "https://example.com/a.png?X-Amz-Date=20260803T142000Z&X-Amz-Expires=soon",
        "https://example.com/a.png?X-Amz-Date=99991231T235959Z&X-Amz-Expires=99999999",
        "https://example.com/a.png?Policy=%%%&Signature=ab",
        "https://example.com/a.png?Policy=e30_&Signature=ab",
        f"https://example.com/a.png?Policy={cloudfront(POLICY)}",
        "https://cdn.discordapp.com/a.png?ex=soon",
    ],
)
def test_links_that_say_nothing_of_an_end(link):
    """Words that only look alike, and ends nobody can read."""
    assert expires_at(link) is None


@given(st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=60))
def test_any_query_is_read(query):
    """Whatever stands there, nothing breaks."""
    end = expires_at(
        f"https://cdn.discordapp.com/a.png?sig=1&ex={query}&se={query}&Policy={query}&Expires={query}"
    )

    assert end is None or 2000 <= end.year < 2100
