"""A mail as tests send it to the sink."""

import email.message


def message(subject="Drift in flights", html="<p>Seven of <b>nine</b></p>", to="owner@example.com"):
    letter = email.message.EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = subject, "nightshift@localhost", to
    letter.set_content("Seven of nine columns drifted.")
    letter.add_alternative(html, subtype="html")
    return letter
