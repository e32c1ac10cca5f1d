"""The commands at the counter."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from decimal import Decimal

from . import __version__, fees, mailer, store


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lendlib", description=__doc__)
    top.add_argument("--db", default="lendlib.sqlite3")
    top.add_argument("--version", action="version", version=__version__)
    sub = top.add_subparsers(dest="command", required=True)

    item = sub.add_parser("add-item", help="a new thing on the shelf")
    item.add_argument("name")
    item.add_argument("--deposit", type=Decimal, default=Decimal(0))
    item.add_argument("--daily", type=Decimal, default=Decimal(0))

    member = sub.add_parser("add-member")
    member.add_argument("name")
    member.add_argument("--mail")

    lend = sub.add_parser("lend")
    lend.add_argument("item", type=int)
    lend.add_argument("member", type=int)
    lend.add_argument("--days", type=int, default=7)

    back = sub.add_parser("return", help="a thing came back")
    back.add_argument("item", type=int)
    back.add_argument("--waive", action="store_true", help="no fee, for whatever good reason")

    late = sub.add_parser("overdue")
    late.add_argument("--remind", action="store_true", help="send a mail to each")
    return top


def main(argv: list[str] | None = None, today: date | None = None) -> int:
    args = parser().parse_args(argv)
    today = today or date.today()
    db = store.connect(args.db)
    if args.command == "add-item":
        print(store.add_item(db, args.name, int(args.deposit * 100), int(args.daily * 100)))
    elif args.command == "add-member":
        print(store.add_member(db, args.name, args.mail))
    elif args.command == "lend":
        try:
            store.lend(db, args.item, args.member, args.days, today)
        except store.AlreadyLent:
            print(f"{args.item} is out", file=sys.stderr)
            return 3
    elif args.command == "return":
        row = store.give_back(db, args.item, today)
        if row is None:
            print(f"{args.item} was not lent", file=sys.stderr)
            return 4
        deposit = db.execute("select deposit_cents from item where id = ?", (args.item,)).fetchone()[0]
        fee = fees.late_fee(
            date.fromisoformat(row["due_on"]), today, Decimal(deposit) / 100, waived=args.waive
        )
        print(f"{fee.days_late} days late, {fee.amount} EUR" + (" (capped)" if fee.capped else ""))
    elif args.command == "overdue":
        for row in store.overdue(db, today):
            print(f"{row['due_on']}  {row['item']}  {row['member']}")
            if args.remind and row["mail"]:
                mailer.send(
                    mailer.reminder(row["member"], row["mail"], row["item"], row["due_on"], "werkbank@example.org")
                )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
