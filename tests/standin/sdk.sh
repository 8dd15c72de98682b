# Sourced by check.sh: what the official TypeScript SDK says about the stand-in. Installed into the build directory,
# once.

if [ ! -d "$work/node_modules/@anthropic-ai/sdk" ]; then
  cp "$here/package.json" "$work/package.json"
  (cd "$work" && timeout 45 npm install --no-package-lock --no-audit --no-fund --loglevel=error) >npm.log 2>&1
fi
if [ ! -d "$work/node_modules/@anthropic-ai/sdk" ]; then
  echo "SKIPPED  the TypeScript SDK: npm could not install it ($(tail -n 1 npm.log))"
else
  cp "$here/sdk.mjs" "$work/sdk.mjs"
  serve sdk --pace 1
  NODE_EXTRA_CA_CERTS=$PWD/sdk.pem STANDIN_URL=https://localhost:$port timeout 120 node "$work/sdk.mjs" >sdk.out 2>&1
  code=$?
  grep -E '^(ok|FAILED) ' sdk.out
  checks=$((checks + $(grep -c '^ok ' sdk.out)))
  verdict 'the TypeScript SDK is content' "$code" "$(grep -v '^ok ' sdk.out)"
fi
