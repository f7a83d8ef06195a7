"""Checks an unpacked complete export: its files against the manifest, and the ledger against its seals.

Run it in the folder of the export: python3 verify_export.py. It needs nothing but Python, and exits with 1 when
something was altered. The signature of ledger/statement.jws is left to any JOSE tool
and ledger/jwks.json.
"""

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()


def rows(table: str) -> Iterator[dict]:
    with (HERE / "tables" / f"{table}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def keyed(key: bytes, *parts: bytes) -> bytes:
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(key, message, hashlib.sha256)


def row_digest(key: bytes, stream: str, about: dict, row: dict) -> bytes:
    names = [name for name in about["fields"] if row[name] is not None or name not in about.get("if_set", ())]
    content = {name: row[name] for name in names} | {"epoch": str(row["epoch"])}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return keyed(key, stream.encode(), text.encode())


def check_files(problems: list[str]) -> int:
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    for name, told in manifest["files"].items():
        digest = hashlib.sha256()
        try:
            with (HERE / name).open("rb") as member:
                while piece := member.read(1 << 20):
                    digest.update(piece)
        except OSError:
            problems.append(f"{name} is missing")
            continue
        if digest.hexdigest() != told["sha256"]:
            problems.append(f"{name} was altered")
    return len(manifest["files"])


def check_stream(stream: str, about: dict, key: bytes, seals: list[dict], problems: list[str]) -> int:
    found = {}
    for row in rows(about["table"]):
        digest = row_digest(key, stream, about, row)
        if digest.hex() != row["digest"]:
            problems.append(f"{stream}: row {row['id']} was altered")
        found[row["id"].replace("-", "")] = digest
    previous = bytes(32)
    for number, seal in enumerate(sorted(seals, key=lambda seal: seal["number"]), 1):
        ids = [seal["row_ids"][start : start + 32] for start in range(0, len(seal["row_ids"]), 32)]
        if missing := [each for each in ids if each not in found]:
            problems.append(f"{stream}: {len(missing)} rows under seal {seal['number']} are missing")
            continue
        head = "|".join(
            str(part)
            for part in (stream, number, seal["epoch"], seal["from_transaction"], seal["to_transaction"], len(ids))
        )
        digest = keyed(key, head.encode(), previous, b"".join(bytes.fromhex(each) + found[each] for each in ids))
        if digest.hex() != seal["digest"] or seal["number"] != number:
            problems.append(f"{stream}: seal {seal['number']} was altered, or one before it is missing")
        previous = bytes.fromhex(seal["digest"])
    return len(found)


def main() -> int:
    problems: list[str] = []
    files = check_files(problems)
    key = bytes.fromhex((HERE / "ledger" / "key.txt").read_text().strip())
    streams = json.loads((HERE / "ledger" / "streams.json").read_text(encoding="utf-8"))
    seals: dict[str, list[dict]] = {}
    for seal in rows("ledger_seal"):
        seals.setdefault(seal["stream"], []).append(seal)
    checked = sum(check_stream(name, about, key, seals.get(name, []), problems) for name, about in streams.items())
    payload = (HERE / "ledger" / "statement.jws").read_text().split(".")[1]
    stated = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["last_seals"]
    for name, last in stated.items():
        if (last["number"], last["digest"]) not in {(seal["number"], seal["digest"]) for seal in seals.get(name, [])}:
            problems.append(f"{name}: the seal that the signed statement names is not there")
    for problem in problems:
        sys.stderr.write(problem + "\n")
    sys.stdout.write(f"{files} files and {checked} sealed rows checked, {len(problems)} problems\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
