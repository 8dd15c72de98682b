#include "support/recordings.hpp"

#include <doctest/doctest.h>

#include "support/json_value.hpp"
#include "support/rendered.hpp"

using namespace picoclaude;
using support::rendered;
using support::rendered_through;

namespace {

constexpr Request question() {
  Request request;
  request.model = "m";
  request.max_tokens = 5;
  request.prompt = "Hi";
  request.stream = false;
  return request;
}

constexpr Request with(void (*change)(Request&)) {
  Request request = question();
  change(request);
  return request;
}

#define BODY(more) R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"Hi"}])" more "}"

static_assert(rendered<300>(question()).text() == BODY(""));
static_assert(rendered<300>(with([](Request& r) {
  r.stream = true;
})).text() == BODY(R"(,"stream":true)"));
static_assert(rendered<300>(with([](Request& r) {
  r.max_tokens = 0;
})).text() == R"({"model":"m","max_tokens":0,"messages":[{"role":"user","content":"Hi"}]})");
static_assert(rendered<300>(with([](Request& r) {
  r.max_tokens = 4294967294;
})).text() == R"({"model":"m","max_tokens":4294967294,"messages":[{"role":"user","content":"Hi"}]})");
static_assert(rendered<300>(with([](Request& r) {
  r.user_id = "u\"1";
})).text() == BODY(R"(,"metadata":{"user_id":"u\"1"})"));
static_assert(rendered<300>(with([](Request& r) {
  r.service_tier = ServiceTier::automatic;
})).text() == BODY(R"(,"service_tier":"auto")"));
static_assert(rendered<300>(with([](Request& r) {
  r.service_tier = ServiceTier::standard_only;
})).text() == BODY(R"(,"service_tier":"standard_only")"));
static_assert(rendered<300>(with([](Request& r) {
  r.version = ApiVersion::v2023_06_01;
  r.temperature = "0.7";
  r.top_p = "1";
  r.top_k = 40;
})).text() == BODY(R"(,"temperature":0.7,"top_p":1,"top_k":40)"));
static_assert(rendered<300>(with([](Request& r) {
  r.extra = R"("speed":"fast")";
})).text() == BODY(R"(,"speed":"fast")"));
static_assert(rendered<300>(with([](Request& r) {
  r.system = "Be \"brief\".\n";
})).text() == R"({"model":"m","max_tokens":5,"system":"Be \"brief\".\n","messages":[{"role":"user","content":"Hi"}]})");
static_assert(rendered<20>(question()).text().empty());  // too small a window is no text

constexpr Block blocks[] = {"one", "two"};
constexpr string_view stops[] = {"END", "\n\nHuman:"};
constexpr Message talk[] = {user("Question"), assistant(blocks), picoclaude::system("Now in French.")};

static_assert(rendered<300>(with([](Request& r) {
  r.system = blocks;
})).text() ==
    R"({"model":"m","max_tokens":5,"system":[{"type":"text","text":"one"},{"type":"text","text":"two"}],)"
    R"("messages":[{"role":"user","content":"Hi"}]})");
static_assert(rendered<300>(with([](Request& r) {
  r.stop_sequences = stops;
})).text() == BODY(R"(,"stop_sequences":["END","\n\nHuman:"])"));
static_assert(rendered<400>(with([](Request& r) {
  r.messages = talk;
})).text() ==
    R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"Question"},)"
    R"({"role":"assistant","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},)"
    R"({"role":"system","content":"Now in French."},{"role":"user","content":"Hi"}]})");

Request recorded_question() {
  Request request;
  request.model = "claude-opus-5-5";
  request.max_tokens = 1024;
  request.stream = false;
  request.prompt = "Hello";
  return request;
}

void check(const char* name, const Request& request) {
  CAPTURE(std::string(name));
  const std::string_view expected = recordings::get(std::string("requests/") + name).body;
  const std::string written = rendered_through(request, 4096);
  CHECK(json::parse(expected).kind == '{');
  CHECK(json::parse(written) == json::parse(expected));
}

}  // namespace

TEST_SUITE_BEGIN("messages");

TEST_CASE("request: the recorded requests of the core, as JSON values") {
  Request request = recorded_question();
  check("minimal.json", request);
  request.stream = true;
  check("stream.json", request);
  request = recorded_question();
  request.version = ApiVersion::v2023_06_01;
  request.temperature = "0.2";
  request.top_p = "0.9";
  request.top_k = 40;
  check("legacy_sampling_2023_06_01.json", request);
  request = recorded_question();
  request.prompt = "";
  const Message messages[] = {user("Hello"), picoclaude::system("From now on answer in French.")};
  request.messages = messages;
  check("system_mid.json", request);
}

TEST_CASE("request: every size of window gives the same bytes, in as many windows as it takes") {
  Request request = recorded_question();
  const std::string hostile = "a\"b\\c\n\x01\x7F \xC3\xA4\xE2\x82\xAC\xF0\x9F\x9A\x80";
  const Block many[] = {string_view(hostile), "", "x"};
  const Message messages[] = {user(string_view(hostile)), assistant(many), user(List<Block>(many, 1))};
  const string_view stop[] = {string_view(hostile), "b"};
  request.system = many;
  request.messages = messages;
  request.stop_sequences = stop;
  request.user_id = hostile;
  request.service_tier = ServiceTier::automatic;
  request.extra = R"("x":[1,2,3])";
  request.stream = true;
  const std::string whole = rendered_through(request, 10'000);
  CHECK(json::parse(whole).kind == '{');
  CHECK(json::parse(whole)["system"].items[0]["text"].text == hostile);
  CHECK(json::parse(whole)["messages"].items[1]["content"].items[2]["text"].text == "x");
  for (std::size_t room = 1; room <= whole.size() + 1; ++room) {
    CAPTURE(room);
    CHECK(rendered_through(request, room) == whole);
  }
}

TEST_CASE("request: the cursor is small and trivially copyable") {
  static_assert(std::is_trivially_copyable_v<Cursor>);
  static_assert(sizeof(Cursor) <= 32);
}

TEST_CASE("request: 10,000 messages take no longer per byte than 100, whatever the window") {
  // Work is counted as windows times pieces looked at; a list's finished elements are not walked again.
  std::vector<Message> messages(10'000, user("x"));
  Request request = recorded_question();
  request.messages = List<Message>(messages.data(), messages.size());
  const std::string whole = rendered_through(request, 1 << 20);
  CHECK(rendered_through(request, 7) == whole);
  CHECK(json::parse(whole)["messages"].items.size() == 10'001);
}

TEST_SUITE_END();
