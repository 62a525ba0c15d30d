#!/bin/sh
# Makes dist/: JavaScript and types, and beside them the files of the hosts in their native syntax, which the renderers read, and the schema of reports.
set -eu
cd "$(dirname "$0")"
rm -rf dist
node_modules/.bin/tsc
find cloud-init -type f ! -name '*.ts' | while read -r file; do
  mkdir -p "dist/$(dirname "$file")"
  cp "$file" "dist/$file"
done
cp dns/faces/report.schema.json dist/dns/faces/
cp policy-pack/PulumiPolicy.yaml policy-pack/package.json dist/policy-pack/
