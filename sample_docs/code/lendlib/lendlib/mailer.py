"""Reminder mails over SMTP, patient with a server that is not."""

from __future__ import annotations

import random
import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import TypeVar

T = TypeVar("T")

#: Answers of an SMTP server that mean "later", not "never".
TEMPORARY = range(400, 500)


def with_backoff(
    call: Callable[[], T],
    attempts: int = 5,
    base: float = 1.0,
    ceiling: float = 60.0,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> T:
    """Run ``call`` and try again after temporary failures.

    Waits base * 2**n seconds, at most ``ceiling``, and multiplies with a random
    number between 0.5 and 1 so that all reminders do not come back in the same
    second. Permanent errors (5xx) are raised at once.
    """
    for n in range(attempts):
        try:
            return call()
        except smtplib.SMTPResponseException as error:
            if error.smtp_code not in TEMPORARY or n == attempts - 1:
                raise
        except (ConnectionError, TimeoutError):
            if n == attempts - 1:
                raise
        sleep(min(ceiling, base * 2**n) * (0.5 + jitter() / 2))
    raise AssertionError("unreachable")


def reminder(member: str, mail: str, item: str, due: str, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail
    message["Subject"] = f"{item} was due on {due}"
    message.set_content(
        f"Hello {member},\n\n"
        f"{item} should have been back on {due}. Somebody else may be waiting.\n"
        "We are open on Tuesday and Thursday from 17 to 19 and on Saturday from 10 to 13.\n"
        "The first two opening days after the date cost nothing.\n\n"
        "Werkbank Südvorstadt\n"
    )
    return message


def send(message: EmailMessage, host: str = "localhost", port: int = 25) -> None:
    def once() -> None:
        with smtplib.SMTP(host, port, timeout=20) as smtp:
            smtp.send_message(message)

    with_backoff(once)
