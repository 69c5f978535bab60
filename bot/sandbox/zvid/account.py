"""`/api/credits…` and `/api/user/profile`: what the account has, what it spent, what something would cost.

The routes are documented; the fields of the ledger, of the statistics and of the older estimate are not. Theirs
follow the spelling of the nearest page that has any.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.jobs import JobStore, now_ms
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, invalid
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.templates import USER

DAY_MS = 86_400_000
TIMEFRAMES = {"24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS}


class AccountRoutes:
    def __init__(self, door: Door, store: JobStore, intake: Intake, board: Switchboard) -> None:
        self._door = door
        self._store = store
        self._intake = intake
        self._board = board

    def routes(self) -> list[BaseRoute]:
        return [
            self._door.keyed("balance", "/api/credits/balance", self._balance, "GET"),
            self._door.keyed("transactions", "/api/credits/transactions", self._transactions, "GET"),
            self._door.keyed("usage-stats", "/api/credits/usage-stats", self._usage, "GET"),
            self._door.keyed("estimate", "/api/credits/estimate", self._estimate, "POST"),
            self._door.keyed("profile", "/api/user/profile", self._profile, "GET"),
        ]

    async def _balance(self, _request: Request) -> Response:
        return answer(wire.balance(self._store.balance(), self._board.now.balance_form))

    async def _profile(self, _request: Request) -> Response:
        plan = plan_limits(self._board.now)
        user = {"id": USER, "email": "sandbox@localhost", "name": "Sandbox", "plan": plan.plan_name}
        return answer({"user": user, "credits": wire.balance(self._store.balance())})

    async def _transactions(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        entries, total = self._store.ledger_page((page - 1) * limit, limit)
        return answer(
            {
                "transactions": [wire.ledger_line(entry) for entry in entries],
                "pagination": wire.pagination(page, limit, total),
            }
        )

    async def _usage(self, request: Request) -> Response:
        timeframe = request.query_params.get("timeframe", "30d")
        if timeframe not in TIMEFRAMES:
            raise invalid([Problem("timeframe", f"timeframe must be one of: {', '.join(TIMEFRAMES)}")], {})
        spent, jobs = self._store.usage_since(now_ms() - TIMEFRAMES[timeframe])
        ended = {"completed": jobs.get("completed", 0), "failed": jobs.get("failed", 0)}
        counts = {**ended, "pending": jobs.get("waiting", 0) + jobs.get("active", 0)}
        return answer({"timeframe": timeframe, "creditsUsed": spent, "counts": counts})

    async def _estimate(self, request: Request) -> Response:
        """The older way to ask for a price: an envelope as for a check, and only the sum in the answer."""
        return answer({"creditsRequired": self._intake.validate(await read_json(request))["creditsRequired"]})
