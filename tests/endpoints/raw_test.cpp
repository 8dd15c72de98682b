#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_RAW 1
#include "answers.hpp"

namespace {

using pc::Json;

// The tokens of an answer, one a line.
std::string tokens(Bench& bench, pc::RawCall& call) {
  call.tells_tokens = true;
  std::string out;
  const pc::Status status = run(bench.claude, call, [&](const pc::Event& event) {
    if (event.kind != pc::EventKind::token) return;
    std::uint32_t value = 0;
    switch (call.token()) {
      case Json::begin_object: out += "{"; break;
      case Json::end_object: out += "}"; break;
      case Json::begin_array: out += "["; break;
      case Json::end_array: out += "]"; break;
      case Json::key: out += text(event.text) + ":"; break;
      case Json::begin_string: out += "<"; break;
      case Json::text: out += text(event.text); break;
      case Json::end_string: out += ">"; break;
      case Json::number: out += call.integer(value) ? std::to_string(value) : "?"; break;
      case Json::yes: out += "yes"; break;
      case Json::no: out += "no"; break;
      case Json::null: out += "null"; break;
      default: out += "!"; break;
    }
    out += ' ';
  });
  return out + text(pc::name(status.error));
}

std::string bytes(Bench& bench, pc::RawCall& call) {
  std::string out;
  const pc::Status status = fetch(bench.claude, call, [&](std::string_view some) {
    out += some;
  });
  return out + ' ' + text(pc::name(status.error));
}

}  // namespace

TEST_CASE("raw: any answer as bytes") {
  Bench bench{{{scripted::with_length("HTTP/1.1 200 OK", "content-type: text/plain\r\n", "any thing")}}};
  pc::RawCall call{"GET", "/v1/anything?x=%20y"};
  CHECK(bytes(bench, call) == "any thing none");
  CHECK(bench.request() == "GET /v1/anything?x=%20y HTTP/1.1\r\n\r\n");
}

TEST_CASE("raw: an answer without a body is complete at its head") {
  Bench bench{{{"HTTP/1.1 204 No Content\r\n\r\n"}}};
  pc::RawCall call{"DELETE", "/v1/thing"};
  CHECK(bytes(bench, call) == " none");
  CHECK(bench.claude.status().http == 204);
}

TEST_CASE("raw: a body of text, with its type and length") {
  Bench bench{{{json_answer("{}")}, {json_answer("{}")}, {json_answer("{}")}}};
  pc::RawCall call{"POST", "/v1/thing"};
  call.body = R"({"a":1})";
  CHECK(bytes(bench, call) == "{} none");
  CHECK(bench.request() ==
      "POST /v1/thing HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}");
}

TEST_CASE("raw: a POST without a body says so, a GET says nothing") {
  Bench post{{{json_answer("{}")}}};
  pc::RawCall call{"POST", "/v1/thing"};
  CHECK(bytes(post, call) == "{} none");
  CHECK(post.request() == "POST /v1/thing HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
  Bench get{{{json_answer("{}")}}};
  call.method = "OPTIONS";
  CHECK(bytes(get, call) == "{} none");
  CHECK(get.request() == "OPTIONS /v1/thing HTTP/1.1\r\n\r\n");
}

TEST_CASE("raw: a body from a source, of known size and in chunks") {
  const auto source = [](std::uint32_t size) {
    return pc::Source{[](void*, std::uint32_t offset, char* out, std::size_t room) {
                        return std::string_view("0123456789").copy(out, room, offset);
                      },
        nullptr, size};
  };
  Bench known{{{json_answer("{}")}}};
  pc::RawCall call{"PUT", "/v1/thing"};
  call.content_type = "text/plain";
  call.content = source(10);
  CHECK(bytes(known, call) == "{} none");
  CHECK(
      known.request() == "PUT /v1/thing HTTP/1.1\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\n0123456789");
  Bench endless{{{json_answer("{}")}}};
  call.content = source(pc::Source::unknown_size);
  CHECK(bytes(endless, call) == "{} none");
  CHECK(endless.request() ==
      "PUT /v1/thing HTTP/1.1\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
      "000a\r\n0123456789\r\n0\r\n\r\n");
}

TEST_CASE("raw: the base URL's path and the caller's headers are kept") {
  Bench bench{{{json_answer("{}")}}};
  bench.config.base_url = "https://api.anthropic.com/gateway";
  pc::RawCall call{"GET", "/v1/skills"};
  call.beta = "skills-2025-10-02";
  static constexpr pc::Header header[] = {{"accept", "application/json"}};
  call.headers = header;
  CHECK(bytes(bench, call) == "{} none");
  CHECK(bench.request() ==
      "GET /gateway/v1/skills HTTP/1.1\r\nanthropic-beta: skills-2025-10-02\r\naccept: application/json\r\n\r\n");
}

TEST_CASE("raw: JSON is told token by token") {
  Bench bench{{{json_answer(R"({"a":[1,-2,3.5,true,false,null],"b":{"c":"x\ny"},)"
                            "\r\n"
                            R"( "d":""})")}}};
  pc::RawCall call{"GET", "/v1/thing"};
  CHECK(tokens(bench, call) == "{ a: [ 1 ? ? yes no null ] b: { c: < x\ny > } d: < > } none");
}

TEST_CASE("raw: tokens are the same at every cut, and strings only come in more pieces") {
  const std::string body = R"({"name":"caf\u00e9 \ud83d\ude80","list":[{"n":12},{"n":345}]})";
  const std::string answer = chunked_answer(body);
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    Bench bench{{{answer}}};
    bench.transport.cut = cut;
    pc::RawCall call{"GET", "/v1/thing"};
    std::string got = tokens(bench, call);
    // Take out what stands between two pieces of a string.
    std::string joined;
    bool in_string = false;
    for (const char c : got) {
      if (c == '>') in_string = false;
      if (!in_string || c != ' ') joined += c;
      if (c == '<') in_string = true;
    }
    CHECK(joined == "{ name: <caf\xC3\xA9\xF0\x9F\x9A\x80> list: [ { n: 12 } { n: 345 } ] } none");
    Bench short_one{{{answer.substr(0, cut), scripted::Ending::close_notify}}};
    CHECK(tokens(short_one, call).find("none") == std::string::npos);
  }
}

TEST_CASE("raw: what is not JSON is no token") {
  for (const char* const body : {"", "{", "[1,]", "nul", "{}x"}) {
    CAPTURE(body);
    Bench bench{{{json_answer(body)}}};
    pc::RawCall call{"GET", "/v1/thing"};
    const std::string got = tokens(bench, call);
    CHECK(got.substr(got.size() - 8) == "bad_json");
  }
}

TEST_CASE("raw: depth tells how many arrays and objects are open") {
  Bench bench{{{json_answer("[[{}]]")}}};
  pc::RawCall call{"GET", "/v1/thing"};
  call.tells_tokens = true;
  std::string depths;
  CHECK(run(bench.claude, call, [&](const pc::Event&) {
    depths += std::to_string(call.depth());
  }));
  CHECK(depths == "123210");
}

TEST_CASE("raw: methods and paths that would make another request are refused") {
  Bench bench;
  for (const char* const method : {"", "get", "GET ", "G\nT", "OPTIONSS", "HEAD", "CONNECT"}) {
    CAPTURE(method);
    pc::RawCall call{method, "/v1/thing"};
    CHECK(bytes(bench, call) == " bad_request");
  }
  for (const char* const path : {"", "v1", "/a b", "/a\r\nx: y", "/a#b", "/\xC3\xA4", "/\x7F"}) {
    CAPTURE(path);
    pc::RawCall call{"GET", path};
    CHECK(bytes(bench, call) == " bad_request");
  }
  pc::RawCall call{"POST", "/v1/thing"};
  call.body = "x";
  call.content_type = "text/plain\r\nx: y";
  CHECK(bytes(bench, call) == " bad_header");
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("raw: a lost GET is sent again, a lost POST is not") {
  for (const char* const method : {"GET", "PUT", "DELETE", "POST", "PATCH"}) {
    CAPTURE(method);
    Bench bench;
    bench.config.max_retries = 1;
    bench.transport.script = {{{{"HTTP/1.1 200 OK\r\n", scripted::Ending::reset}}}, {{{json_answer("{}")}}}};
    pc::RawCall call{method, "/v1/thing"};
    call.body = "x";
    const bool safe = std::string_view(method) != "POST" && std::string_view(method) != "PATCH";
    CHECK(bytes(bench, call) == (safe ? "{} none" : " truncated"));
  }
}

TEST_CASE("raw: a call without a body was sent with its head") {
  for (const char* const method : {"GET", "PUT", "DELETE", "POST", "PATCH"}) {
    CAPTURE(method);
    Bench bench;
    bench.config.max_retries = 1;
    bench.transport.script = {{{{"", scripted::Ending::reset}}}, {{{json_answer("{}")}}}};
    pc::RawCall call{method, "/v1/thing"};
    const bool safe = std::string_view(method) != "POST" && std::string_view(method) != "PATCH";
    CHECK(bytes(bench, call) == (safe ? "{} none" : " connection_lost"));
    CHECK(bench.transport.requests == (safe ? 2 : 1));
    Bench unsent;
    unsent.config.max_retries = 1;
    unsent.transport.script = {{{}, {pc::Io::failed(pc::Error::connect_failed)}}, {{{json_answer("{}")}}}};
    CHECK(bytes(unsent, call) == "{} none");
    CHECK(unsent.transport.requests == 1);
  }
}

TEST_CASE("raw: an error of the service is an error of the call") {
  Bench bench{{{refused_answer("HTTP/1.1 403 Forbidden", recordings::get("errors/403_permission.json").body)}}};
  pc::RawCall call{"GET", "/v1/organizations"};
  CHECK(bytes(bench, call) == " permission");
}
