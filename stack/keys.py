"""The secrets of one stack: made once, kept in one file that only its owner can read."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from stack.errors import StackError
from stack.files import create


@dataclass(frozen=True, repr=False)
class Keys:
    """What the services need to trust each other, and a person to log in."""

    postgres_password: str
    admin_password: str
    jwt_secret: str
    secret_key: str
    fernet_key: str

    @property
    def masking_key(self) -> str:
        """What hashes of values in the log of predictions are keyed with; it follows from the secret key."""
        return hmac.new(self.secret_key.encode(), b"masking", hashlib.sha256).hexdigest()

    @classmethod
    def fresh(cls) -> "Keys":
        """New random secrets."""
        return cls(
            postgres_password=secrets.token_urlsafe(32),
            admin_password=secrets.token_urlsafe(15),
            jwt_secret=secrets.token_urlsafe(64),
            secret_key=secrets.token_urlsafe(32),
            fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        )


def load_or_make(path: Path) -> Keys:
    """The secrets in this file; when there is none, new ones are written whole or not at all, once."""
    if not path.exists():
        create(path, "".join(f"{name.upper()}={value}\n" for name, value in asdict(Keys.fresh()).items()))
    return load(path)


def load(path: Path) -> Keys:
    """The secrets in this file. Raises StackError when it is missing or a line is."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        raise StackError(f"there are no secrets at {path} yet: `make up` makes them") from None
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    missing = [field.name.upper() for field in fields(Keys) if field.name.upper() not in values]
    if missing:
        raise StackError(f"{path} lacks {', '.join(missing)}: restore the file, or start anew with `make reset`")
    return Keys(**{field.name: values[field.name.upper()] for field in fields(Keys)})


def write_passwords(path: Path, keys: Keys) -> None:
    """The password file that Airflow's login reads; stays as it is when it is there."""
    if not path.exists():
        create(path, json.dumps({"admin": keys.admin_password}))
