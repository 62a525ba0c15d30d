"""On a host: looks at bundles and user data as the host's own `apply` and cloud-init do. JSON in: [{name, bundle, userData}]; out: {refused: {name: why}, looked}."""

import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, "/srv/mailserver/active/lib")

import yaml
from bundles import Bundle
from checks import check
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema
from steps import Failed

SCHEMA = get_schema()


def look(machine):
    place = f"/run/generated/{machine['name']}"
    content = json.loads(machine["bundle"])
    for file in [*content["files"], {"path": "bundle.json", "mode": 0o644, "content": machine["bundle"]}]:
        path = f"{place}/{file['path']}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(file["content"])
        # As `mailserver apply` does it: Postfix waits for a map that looks as if somebody still wrote it.
        os.utime(path, (0, 0))
    try:
        check(Bundle(place))
        validate_cloudconfig_schema(yaml.safe_load(machine["userData"]), SCHEMA, strict=True)
        return None
    except (Failed, SchemaValidationError) as error:
        return str(error)
    finally:
        shutil.rmtree(place)


machines = json.load(sys.stdin)
with ThreadPoolExecutor(2) as pool:
    outcomes = list(pool.map(look, machines))
refused = {machine["name"]: why for machine, why in zip(machines, outcomes) if why}
print(json.dumps({"refused": refused, "looked": len(outcomes)}))
