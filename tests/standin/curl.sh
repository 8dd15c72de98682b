# Sourced by check.sh: what curl says about the stand-in.

mkdir -p recordings/streams recordings/http
printf 'event: ping\r\ndata: {"type": "ping"}\r\n\r\n: odd\r\revent: x\ndata: \n\ndata: cut' >recordings/streams/odd.sse
printf 'HTTP/1.1 204 No Content\r\nx-odd: yes\r\n\r\n' >recordings/http/odd.http

serve main --pace 0 --recordings "$PWD/recordings"
main=$pid
base=https://localhost:$port
question='[{"role":"user","content":"Name three moons of Jupiter."}]'
plain_body="{\"model\":\"claude-haiku-4-5\",\"max_tokens\":300,\"messages\":$question}"
stream_body="${plain_body%\}},\"stream\":true}"
moons='Io, Europa and Ganymede. Galileo saw them in January 1610, together with Callisto, as four small lights'
moons="$moons beside Jupiter."

key='x-api-key: test'
version='anthropic-version: 2026-10-21'
type='content-type: application/json'

ask() {  # ask PATH CURL-OPTION...: writes body and head, sets $code (curl's exit) and $status
  path=$1
  shift
  status=$(curl -sS --max-time 10 --cacert main.pem -o body -D head -w '%{http_code}' \
    -H "$key" -H "$version" "$@" "$base$path" 2>curl.err)
  code=$?
}
post() {  # post BODY CURL-OPTION...: to the Messages endpoint
  body=$1
  shift
  ask /v1/messages -H "$type" --data-binary "$body" "$@"
}
post_with() {  # post_with KEY VERSION TYPE BODY: the same with other headers
  (key=$1 version=$2 type=$3; post "$4"; echo "$status" >status)
  status=$(cat status)
}
text() { sed -n 's/.*"text_delta","text":"\([^"]*\)".*/\1/p' body | tr -d '\n'; }

# Answers
post "$plain_body"
same 'a message has status 200' 200 "$status"
has 'its text is there' "$moons" body
grep -qi '^request-id: req_' head; verdict 'it has a request-id' $?
grep -qi '^anthropic-ratelimit-requests-remaining: 999' head; verdict 'it has rate limits' $?
post "$stream_body"
same 'a stream has status 200' 200 "$status"
grep -qi '^content-type: text/event-stream' head; verdict 'its type is text/event-stream' $?
grep -qi '^transfer-encoding: chunked' head; verdict 'it is chunked' $?
same 'its deltas make up the text' "$moons" "$(text)"
same 'it ends with message_stop' 'event: message_stop' "$(grep '^event:' body | tail -n 1)"
grep -q ' }$' body; verdict 'its data is padded before the last brace' $?
post "$stream_body" -H 'Transfer-Encoding: chunked'
same 'a chunked request is read' 200 "$status"
{
  printf '{"model":"claude-haiku-4-5","max_tokens":9,"messages":[{"role":"user","content":"'
  head -c 2000000 /dev/zero | tr '\0' x
  printf '"}]}'
} >big.json
post @big.json -H 'Expect: 100-continue'
same 'a body of 2 MB is read, after 100 Continue' 200 "$status"
has 'max_tokens cuts the answer' '"stop_reason":"max_tokens"' body
post_with 'authorization: Bearer test' "$version" "$type" "$plain_body"
same 'a Bearer key is accepted' 200 "$status"

# TLS
ask /v1/models --cacert /dev/null
verdict 'without the authority curl refuses the certificate' $((code == 0))
base=https://127.0.0.1:$port; ask /v1/models
same '127.0.0.1 is in the certificate' 200 "$status"
base=https://api.standin.test:$port; ask /v1/models --resolve "api.standin.test:$port:127.0.0.1"
same 'api.standin.test is in the certificate' 200 "$status"
base=https://other.standin.test:$port; ask /v1/models --resolve "other.standin.test:$port:127.0.0.1"
same 'another name is not' 60 "$code"
base=https://localhost:$port
ask /v1/models --tls-max 1.1
verdict 'TLS 1.1 is refused' $((code == 0))
for flaw in expired not-yet-valid wrong-host unknown-authority; do
  serve "$flaw" --certificate "$flaw"
  curl -sS --max-time 10 --cacert "$flaw.pem" "https://localhost:$port/v1/models" >/dev/null 2>&1
  same "curl refuses a certificate that is $flaw" 60 $?
done
port=$(cat main.port)

# Keep-alive
connects() {  # new connections for each of the addresses
  curl -sS --max-time 10 --cacert main.pem -w '\nconnects: %{num_connects}\n' -H "$key" -H "$version" "$@" 2>curl.err |
    sed -n 's/^connects: //p' | tr '\n' ' '
}
same 'a connection serves several requests' '1 0 0 ' \
  "$(connects "$base/v1/models" "$base/v1/models" "$base/v1/models")"
same 'close-after ends it unannounced' '1 1 ' \
  "$(connects -H 'x-standin: close-after' "$base/v1/models" "$base/v1/models")"

# Refusals
refusal() {  # refusal NAME STATUS TYPE
  same "$1: status $2" "$2" "$status"
  has "$1: $3" "\"$3\"" body
}
post_with 'x-nothing: x' "$version" "$type" "$plain_body"; refusal 'no key' 401 authentication_error
post_with 'x-api-key: invalid' "$version" "$type" "$plain_body"; refusal 'an invalid key' 401 authentication_error
post_with "$key" 'x-nothing: x' "$type" "$plain_body"; refusal 'no version' 400 invalid_request_error
post_with "$key" 'anthropic-version: 2024-01-01' "$type" "$plain_body"
refusal 'an unknown version' 400 invalid_request_error
post_with "$key" "$version" 'content-type: text/plain' "$plain_body"
refusal 'another content type' 400 invalid_request_error
post "$plain_body" -H 'x-api-key: again'; refusal 'two keys' 400 invalid_request_error
post "$plain_body" -H 'anthropic-beta: x-2020-01-01'; refusal 'an unknown beta' 400 invalid_request_error
post '{"model":'; refusal 'cut JSON' 400 invalid_request_error
post '{"model":"claude-x","model":"claude-x"}'; refusal 'a member twice' 400 invalid_request_error
post '{"model":"claude-x","messages":[]}'; refusal 'no max_tokens' 400 invalid_request_error
post "${plain_body%\}},\"temperature\":1}"; refusal 'temperature in 2026-10-21' 400 invalid_request_error
post_with "$key" 'anthropic-version: 2023-06-01' "$type" "${plain_body%\}},\"temperature\":1}"
same 'temperature in 2023-06-01' 200 "$status"
post "${plain_body%\}},\"nonsense\":1}"; refusal 'an unknown member' 400 invalid_request_error
post '{"model":"gpt","max_tokens":1,"messages":[{"role":"user","content":"x"}]}'
refusal 'an unknown model' 404 not_found_error
ask /v1/nothing; refusal 'an unknown path' 404 not_found_error
ask /v1/messages; refusal 'a wrong method' 405 invalid_request_error

# Misbehaviour
wish() { post "$stream_body" -H "x-standin: $1"; }
for pair in 400:invalid_request_error 402:billing_error 403:permission_error 409:conflict_error 413:request_too_large \
  429:rate_limit_error 500:api_error 503:api_error 504:timeout_error 529:overloaded_error; do
  wish "status=${pair%:*}"; refusal "status=${pair%:*}" "${pair%:*}" "${pair#*:}"
done
wish 'status=429,retry-after=7,should-retry=false,error-code=enforced_spend_limit_reached'
grep -qi '^retry-after: 7' head; verdict 'retry-after is sent' $?
grep -qi '^x-should-retry: false' head; verdict 'x-should-retry is sent' $?
has 'error-code is in the details' '"error_code":"enforced_spend_limit_reached"' body
wish 'status=502,html'; has 'html answers a page' '<html>' body
wish 'status=529,empty'; same 'empty answers no body' 0 "$(wc -c <body | tr -d ' ')"
wish 'status=307,redirect=https://elsewhere.test/'
grep -qi '^location: https://elsewhere.test/' head; verdict 'redirect has a location' $?
wish 'nonsense=1'; refusal 'an unknown wish' 400 invalid_request_error
statuses=; for round in 1 2 3 4; do wish 'fail-first=2,id=a'; statuses="$statuses$status "; done
same 'fail-first=2 fails twice' '529 529 200 200 ' "$statuses"
wish 'cut=700'; same 'cut ends the body early' "18 700" "$code $(wc -c <body | tr -d ' ')"
wish 'cut=700,cut-how=notify'; same 'cut-how=notify does so too' "18 700" "$code $(wc -c <body | tr -d ' ')"
wish 'cut=700,cut-how=reset'; same 'cut-how=reset resets' 56 "$code"
post "$stream_body" -H 'x-standin: stall=700' --max-time 1
same 'stall stays silent' "28 700" "$code $(wc -c <body | tr -d ' ')"
wish 'bad-chunk'; same 'bad-chunk is no chunk' 56 "$code"
wish 'no-stop'; same 'no-stop leaves message_stop out' 'event: message_delta' "$(grep '^event:' body | tail -n 1)"
wish 'error-midstream'; same 'error-midstream ends with an error' 'event: error' "$(grep '^event:' body | tail -n 1)"
wish 'chunk=1'; same 'chunk=1 cuts everywhere and changes nothing' "$moons" "$(text)"
wish 'play=odd'; cmp -s body recordings/streams/odd.sse; verdict 'a recording is played byte for byte' $?
wish 'play=missing'; refusal 'a missing recording' 400 invalid_request_error
wish 'raw=odd'; same 'a whole answer is played' 204 "$status"
wish 'words=500'; same 'words=500, and max_tokens=300 cuts them' 300 "$(text | wc -w | tr -d ' ')"
post @big.json -H 'x-standin: early=413' -H 'Expect:' --limit-rate 500k
same 'early=413 answers in mid-upload' 413 "$status"
started=$(date +%s%N); wish 'wait=300'; waited=$((($(date +%s%N) - started) / 1000000))
verdict 'wait=300 is waited' $((waited < 300)) "$waited ms"

# Other endpoints
ask /v1/messages/count_tokens -H "$type" \
  --data '{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hello"}]}'
has 'tokens are counted' '"input_tokens":' body
ask '/v1/models?limit=2'; has 'models come in pages' '"has_more":true' body
ask /v1/models/claude-haiku-4-5; has 'an alias finds its model' '"id":"claude-haiku-4-5-20251001"' body
head -c 5000 /dev/urandom >upload.bin
ask /v1/files -F 'file=@upload.bin;type=application/x-test' -F expires_in_seconds=3600
has 'a file is uploaded' '"size_bytes":5000' body
file=$(sed 's/.*"id":"\([^"]*\)".*/\1/' body)
ask "/v1/files/$file/content"; cmp -s body upload.bin; verdict 'and comes back unchanged' $?
ask "/v1/files/$file" -X DELETE; has 'and can be deleted' file_deleted body
ask /v1/files -F 'file=@upload.bin' -H 'x-standin: sealed'
file=$(sed 's/.*"id":"\([^"]*\)".*/\1/' body)
ask "/v1/files/$file/content"; has 'a sealed file cannot be downloaded' file_not_downloadable body
bad_item='{"custom_id":"b","params":{"model":"claude-x"}}'
ask /v1/messages/batches -H "$type" --data "{\"requests\":[{\"custom_id\":\"a\",\"params\":$plain_body},$bad_item]}"
has 'a batch begins' '"processing_status":"in_progress"' body
batch=$(sed 's/.*"id":"\(msgbatch_[^"]*\)".*/\1/' body)
ask "/v1/messages/batches/$batch/results"; refusal 'results before the end' 404 not_found_error
ask "/v1/messages/batches/$batch"; ask "/v1/messages/batches/$batch"
has 'it ends' '"succeeded":1,"errored":1' body
ask "/v1/messages/batches/$batch/results"
same 'its results are two lines, the last without line feed' 1 "$(wc -l <body | tr -d ' ')"

# Options and endings
kill -TERM "$main"; wait "$main"; same 'SIGTERM ends it with 0' 0 $?
serve short --lifetime 1; wait "$pid"; same 'a lifetime ends it with 0' 0 $?
serve gateway --prefix /gateway/claude --key right --once 2
curl -sS --max-time 10 --cacert gateway.pem -H 'x-api-key: wrong' "https://localhost:$port/gateway/claude/v1/models" |
  grep -q authentication_error; verdict '--key accepts that key only' $?
curl -sS --max-time 10 --cacert gateway.pem -H 'x-api-key: right' -H 'anthropic-version: 2026-10-21' \
  "https://localhost:$port/gateway/claude/v1/models" | grep -q has_more; verdict '--prefix stands before /v1' $?
wait "$pid"; same '--once 2 ends it after two answers' 0 $?
serve bare --plain --misbehave status=529
status=$(curl -sS --max-time 10 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/v1/models")
same '--plain and --misbehave' 529 "$status"
# Strictness that curl itself would never need: bytes as they are, over the clear port
serve clear --plain --pace 0
raw() {  # raw NAME EXPECTED BYTES: the status lines that come back
  printf "$3" >raw.bytes
  (cat raw.bytes; sleep 0.3) | curl -sS --max-time 3 "telnet://127.0.0.1:$port" >raw.out 2>/dev/null
  same "$1" "$2" "$(grep -o 'HTTP/1.1 [0-9]*' raw.out | cut -d ' ' -f 2 | tr '\n' ' ')"
}
fields='x-api-key: k\r\nanthropic-version: 2026-10-21\r\n'
get="GET /v1/models/claude-haiku-5-5 HTTP/1.1\r\nhost: x\r\n$fields"
raw 'two requests sent at once get two answers' '200 200 ' "$get\r\n${get}connection: close\r\n\r\n"
raw 'a bare LF is refused' '400 ' 'GET / HTTP/1.1\nhost: x\n\n'
raw 'a request without Host is refused' '400 ' "GET /v1/models HTTP/1.1\r\n$fields\r\n"
raw 'a folded header is refused' '400 ' "${get}x-a: b\r\n c\r\n\r\n"
raw 'a space before the colon is refused' '400 ' "${get}x-a : b\r\n\r\n"
raw 'a size with a sign is refused' '400 ' "${get}content-length: +0\r\n\r\n"
raw 'two sizes are refused' '400 ' "${get}content-length: 0\r\ncontent-length: 0\r\n\r\n"
raw 'a size and chunks are refused' '400 ' "${get}content-length: 0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
raw 'a chunk without a size is refused' '400 ' "${get}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n"
raw 'HTTP/1.0 is refused' '400 ' 'GET / HTTP/1.0\r\nhost: x\r\n\r\n'

serve paced --pace 30
started=$(date +%s%N)
curl -sS --max-time 10 --cacert paced.pem -H "$key" -H "$version" -H "$type" -d "$stream_body" \
  "https://localhost:$port/v1/messages" >body
took=$((($(date +%s%N) - started) / 1000000))
verdict 'a stream takes its time' $((took < 300)) "$took ms"
