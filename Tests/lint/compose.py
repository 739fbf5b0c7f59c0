"""Validates a Compose file: python Tests/lint/compose.py docker-compose.yml

Against the Compose specification, and for what a specification cannot see: that each service, volume and secret that
is referred to exists, and that a password is never written down. Prints a line for each problem and exits 1 if there
is one.
"""

import re
import sys
from pathlib import Path

import compose_spec
import yaml

VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])((?:[^{}]|\{[^{}]*\})*))?\}|\$\$")
WRITTEN_DOWN = re.compile(r"^\s*-?\s*\w*PASSWORD\w*\s*[:=]\s*(?!\$\{\w+:?\?|/run/secrets/)\S", re.IGNORECASE | re.MULTILINE)


def interpolate(match: re.Match[str]) -> str:
    """What Compose reads in place of a variable: its default, or some value where it has to be given."""
    if match.group() == "$$":
        return "$"
    return match.group(3) if match.group(2) == "-" else match.group(1).lower()


def problems_of_references(compose: dict):
    services = compose.get("services", {})
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            if other not in services:
                yield f"service {name} depends on {other}, and there is no such service"
        for volume in service.get("volumes", []):
            source = volume.get("source", "") if isinstance(volume, dict) else volume.split(":")[0]
            if source and source[0] not in "./~$" and source not in compose.get("volumes", {}):
                yield f"service {name} mounts {source}, and there is no such volume"
        for secret in service.get("secrets", []):
            secret = secret["source"] if isinstance(secret, dict) else secret
            if secret not in compose.get("secrets", {}):
                yield f"service {name} uses {secret}, and there is no such secret"


def problems(text: str):
    interpolated = VARIABLE.sub(interpolate, text)
    try:
        compose = compose_spec.PyOptions(apply_merge=True).from_yaml(interpolated)
        compose.to_spec()
        compose.validate()
    except Exception as error:  # the library has no error class of its own
        yield str(error)
        return
    yield from problems_of_references(yaml.safe_load(interpolated))
    for match in WRITTEN_DOWN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield f"line {line}: a password is written down; ask for a variable, ${{NAME:?…}}"


def main(path: Path) -> int:
    found = list(problems(path.read_text(encoding="utf-8")))
    print("\n".join(f"{path}: {problem}" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
