/** A Python program for a host: prints its active bundle as the text that came. */
export const ACTIVE_BUNDLE = `
import json
with open("/srv/mailserver/active/bundle.json") as meta:
    bundle = json.load(meta)
for file in bundle["files"]:
    with open("/srv/mailserver/active/" + file["path"]) as content:
        file["content"] = content.read()
print(json.dumps(bundle))
`;
