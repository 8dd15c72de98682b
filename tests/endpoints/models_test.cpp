#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_MODELS 1
#include "answers.hpp"

namespace {

using pc::Capability;

std::string_view page_1() { return recordings::get("models/list_page1.json").body; }
std::string_view page_2() { return recordings::get("models/list_page2.json").body; }

// The ids that a list gives, and how it ends.
std::string list(Bench& bench, pc::ListModels& models) {
  std::string ids;
  const pc::Status status = each(bench.claude, models, [&](const pc::Model& model) {
    ids += text(model.id) + ' ';
  });
  return ids + text(pc::name(status.error));
}

constexpr const char* all_three = "claude-opus-5-5 claude-haiku-4-5-20251001 claude-sonnet-4-5-20250929 none";

}  // namespace

TEST_CASE("models: one model tells its limits and what it can do") {
  Bench bench{{{json_answer(recordings::get("models/one.json").body)}}};
  pc::GetModel get{"claude-opus-5-5"};
  REQUIRE(run(bench.claude, get));
  CHECK(bench.request() == "GET /v1/models/claude-opus-5-5 HTTP/1.1\r\n\r\n");
  const pc::Model& model = get.item;
  CHECK(model.id.view() == "claude-opus-5-5");
  CHECK(std::string(model.display_name.c_str()) == "Claude Opus 5.5");
  CHECK(model.created_at.view() == "2026-09-22T00:00:00Z");
  CHECK(model.deprecated_at.empty());
  CHECK(model.retires_at.empty());
  CHECK(model.lifecycle == pc::Lifecycle::active);
  CHECK(model.line == pc::ModelLine::opus);
  CHECK(model.max_input_tokens == 1000000);
  CHECK(model.max_tokens == 128000);
  CHECK(model.tells_capabilities);
  constexpr Capability can[] = {Capability::batch, Capability::citations, Capability::code_execution,
      Capability::image_input, Capability::pdf_input, Capability::structured_outputs, Capability::context_management,
      Capability::clear_thinking, Capability::clear_tool_uses, Capability::effort, Capability::effort_low,
      Capability::effort_medium, Capability::effort_high, Capability::effort_max, Capability::server_tools,
      Capability::server_web_search, Capability::server_code_execution, Capability::thinking,
      Capability::thinking_adaptive};
  for (const Capability capability : can) {
    CAPTURE(static_cast<int>(capability));
    CHECK(model.supports(capability));
  }
  constexpr Capability cannot[] = {Capability::compact, Capability::effort_xhigh, Capability::thinking_between_tools,
      Capability::thinking_disabled, Capability::thinking_enabled};
  for (const Capability capability : cannot) {
    CAPTURE(static_cast<int>(capability));
    CHECK_FALSE(model.supports(capability));
  }
}

TEST_CASE("models: what an older service does not tell is not known") {
  Bench bench{{{json_answer(recordings::get("models/old_shape.json").body)}}};
  pc::GetModel get{"claude-x"};
  REQUIRE(run(bench.claude, get));
  CHECK(get.item.id.view() == "claude-x");
  CHECK(get.item.display_name.view() == "X");
  CHECK(get.item.lifecycle == pc::Lifecycle::unknown);
  CHECK(get.item.line == pc::ModelLine::unknown);
  CHECK(get.item.max_tokens == 0);
  CHECK_FALSE(get.item.tells_capabilities);
}

TEST_CASE("models: words that are not known are said to be others") {
  Bench bench{{{json_answer(
      R"({"id":"m","lifecycle":"dormant","line":"poem","capabilities":{"fly":{"supported":true},"effort":{"huge":{"supported":true}}}})")}}};
  pc::GetModel get{"m"};
  REQUIRE(run(bench.claude, get));
  CHECK(get.item.lifecycle == pc::Lifecycle::other);
  CHECK(get.item.line == pc::ModelLine::other);
  CHECK(get.item.tells_capabilities);
  CHECK(get.item.capabilities == 0);
}

TEST_CASE("models: pages follow one another on one connection") {
  Bench bench{{{json_answer(page_1())}, {json_answer(page_2())}}};
  pc::ListModels models;
  CHECK(list(bench, models) == all_three);
  CHECK(bench.transport.opened() == 1);
  CHECK(bench.request() ==
      "GET /v1/models HTTP/1.1\r\n\r\n"
      "GET /v1/models?after_id=claude-haiku-4-5-20251001 HTTP/1.1\r\n"
      "host: api.anthropic.com\r\nuser-agent: picoclaude/0.1.0\r\nanthropic-version: 2026-10-21\r\n"
      "x-api-key: sk-test\r\n\r\n");
  CHECK(models.item.deprecated_at.view() == "2026-09-30T00:00:00Z");
  CHECK(models.item.retires_at.view() == "2026-11-30T00:00:00Z");
  CHECK(models.item.lifecycle == pc::Lifecycle::deprecated);
}

TEST_CASE("models: a model of a list knows nothing of the one before it") {
  Bench bench{{{json_answer(page_1())}, {json_answer(page_2())}}};
  pc::ListModels models;
  unsigned seen = 0;
  CHECK(each(bench.claude, models, [&](const pc::Model& model) {
    if (seen == 1) {
      CHECK(model.max_input_tokens == 200000);
      CHECK_FALSE(model.tells_capabilities);
      CHECK(model.capabilities == 0);
    } else {
      CHECK(model.supports(Capability::thinking));
    }
    ++seen;
  }));
  CHECK(seen == 3);
}

TEST_CASE("models: each page may be asked for again, and each that came earns a part of a retry") {
  const auto page = [](unsigned number, bool more) {
    const std::string id = "m" + std::to_string(number);
    return json_answer(
        R"({"data":[{"id":")" + id + R"("}],"has_more":)" + (more ? "true" : "false") + R"(,"last_id":")" + id + "\"}");
  };
  const std::string busy = refused_answer("HTTP/1.1 529 x", "{}");
  // Three retries are the whole budget; each page gives back a tenth of one.
  for (const unsigned pages : {8u, 9u, 10u, 11u}) {
    CAPTURE(pages);
    Bench bench;
    bench.config.max_retries = 3;
    std::vector<scripted::Answer> answers(3, scripted::Answer{busy});
    for (unsigned number = 0; number < pages; ++number) answers.push_back({page(number, true)});
    answers.push_back({busy});
    answers.push_back({page(pages, false)});
    bench.transport.script = {{std::move(answers)}};
    pc::ListModels models;
    const std::string ids = list(bench, models);
    CHECK(ids.substr(ids.rfind(' ') + 1) == (pages < 10 ? "overloaded" : "none"));
    CHECK(bench.transport.requests == 3 + pages + (pages < 10 ? 1 : 2));
  }
}

TEST_CASE("models: a list may be limited, filtered and begun behind a model") {
  Bench bench{{{json_answer(R"({"data":[],"has_more":false,"first_id":null,"last_id":null})")}}};
  pc::ListModels models;
  models.limit = 100;
  models.after_id = "a b/c";
  models.active = models.retired = true;
  CHECK(list(bench, models) == "none");
  CHECK(bench.request() ==
      "GET /v1/models?lifecycle%5B%5D=active&lifecycle%5B%5D=retired&limit=100&after_id=a%20b%2Fc HTTP/1.1\r\n\r\n");
}

TEST_CASE("models: no cut changes a list") {
  const std::string first = json_answer(page_1());
  const std::string second = chunked_answer(page_2());
  for (std::size_t cut = 1; cut < first.size() + second.size(); ++cut) {
    Bench bench{{{first}, {second}}};
    bench.transport.cut = cut;
    pc::ListModels models;
    CHECK(list(bench, models) == all_three);
  }
  for (const std::size_t size : {1u, 2u, 3u, 5u}) {
    Bench bench{{{first}, {second}}};
    bench.transport.read_size = size;
    pc::ListModels models;
    CHECK(list(bench, models) == all_three);
  }
}

TEST_CASE("models: a list that ends early is an error, wherever it ends") {
  const std::string answer = json_answer(page_2());
  for (std::size_t size = 0; size < answer.size(); ++size) {
    Bench bench{{{answer.substr(0, size), scripted::Ending::close_notify}}};
    pc::ListModels models;
    CHECK(list(bench, models).find("none") == std::string::npos);
  }
}

TEST_CASE("models: a page that was cut goes on behind the last model") {
  const std::string whole = json_answer(page_1());
  const std::size_t first_end = whole.find("},{\"type\"") + 1;
  const std::size_t second_end = whole.find("\"capabilities\":null}") + 20;
  for (std::size_t size = first_end; size < whole.size(); ++size) {
    const bool both = size >= second_end;
    const std::string rest =
        json_answer(both ? R"({"data":[],"has_more":false})" : R"({"data":[{"id":"second"}],"has_more":false})");
    Bench bench;
    bench.config.max_retries = 1;
    bench.transport.script = {{{{whole.substr(0, size), scripted::Ending::fin}}}, {{{rest}}}};
    pc::ListModels models;
    CHECK(list(bench, models) ==
        (both ? "claude-opus-5-5 claude-haiku-4-5-20251001 none" : "claude-opus-5-5 second none"));
    CHECK(bench.request(1) ==
        (both ? "GET /v1/models?after_id=claude-haiku-4-5-20251001 HTTP/1.1\r\n\r\n"
              : "GET /v1/models?after_id=claude-opus-5-5 HTTP/1.1\r\n\r\n"));
  }
}

TEST_CASE("models: members come in any order, and unknown ones are skipped") {
  Bench bench{{{json_answer(
      R"({"last_id":"b","warnings":[{"id":"no"}],"x":{"data":[{"id":"no"}]},"has_more":false,)"
      R"("data":[{"max_tokens":5,"extra":{"id":"no","deep":[[[[[[[[{"id":"no"}]]]]]]]]},"id":"a"},{"id":"b","max_tokens":18446744073709551616}]})")}}};
  pc::ListModels models;
  CHECK(list(bench, models) == "a b none");
  CHECK(models.item.max_tokens == 0xFFFFFFFF);
}

TEST_CASE("models: a list ends when nothing more is said to come") {
  for (const char* const body : {R"({"data":[],"has_more":true,"last_id":"x"})",
           R"({"data":[],"has_more":true,"last_id":null})", R"({"data":[]})", "{}"}) {
    CAPTURE(body);
    Bench bench{{{json_answer(body)}}};
    pc::ListModels models;
    CHECK(list(bench, models) == "none");
    CHECK(bench.transport.requests == 1);
  }
}

TEST_CASE("models: a page that leads to itself ends the list with an error") {
  const std::string page = json_answer(R"({"data":[{"id":"a"}],"has_more":true,"last_id":"a"})");
  Bench bench{{{page}, {page}, {page}}};
  pc::ListModels models;
  CHECK(list(bench, models) == "a a bad_json");
}

TEST_CASE("models: an id or a cursor that is too long to keep is an error, a name is cut") {
  const std::string id(96, 'i');
  Bench bench{{{json_answer(R"({"id":")" + id + R"("})")}}};
  pc::GetModel get{"m"};
  CHECK(run(bench.claude, get).error == pc::Error::out_of_room);
  Bench fits{{{json_answer(R"({"id":")" + id.substr(1) + R"(","display_name":")" + std::string(31, 'n') + "\xC3\xA4" +
      std::string(30, 'n') + "\xC3\xA4" + R"("})")}}};
  REQUIRE(run(fits.claude, get));
  CHECK(get.item.id.size() == 95);
  CHECK(get.item.display_name.view() == std::string(31, 'n') + "\xC3\xA4" + std::string(30, 'n'));
  CHECK(get.item.display_name.is_cut());
  for (const std::size_t size : {254u, 255u, 256u}) {
    Bench cursor{
        {{json_answer(R"({"data":[{"id":"a"}],"has_more":true,"last_id":")" + std::string(size, 'c') + R"("})")},
            {json_answer(R"({"data":[{"id":"b"}],"has_more":false})")}}};
    pc::ListModels models;
    CHECK(list(cursor, models) == (size <= 255 ? "a b none" : "a out_of_room"));
  }
}

TEST_CASE("models: an id that would name something else is not sent") {
  Bench bench;
  for (const char* const id : {"", ".", ".."}) {
    pc::GetModel get{id};
    CHECK(run(bench.claude, get).error == pc::Error::bad_request);
  }
  CHECK(bench.transport.calls == 0);
}

TEST_CASE("models: headers of the caller travel along, and none can be smuggled in") {
  Bench bench{{{json_answer(recordings::get("models/one.json").body)}}};
  pc::GetModel get{"a/../b?c\r\nx: y"};
  get.version = pc::ApiVersion::v2023_06_01;
  get.beta = "one,two";
  static constexpr pc::Header header[] = {{"x-mine", "yes"}};
  get.headers = header;
  REQUIRE(run(bench.claude, get));
  CHECK(bench.request() ==
      "GET /v1/models/a%2F..%2Fb%3Fc%0D%0Ax%3A%20y HTTP/1.1\r\n"
      "anthropic-version: 2023-06-01\r\nanthropic-beta: one,two\r\nx-mine: yes\r\n\r\n");
}

TEST_CASE("models: a list is at rest between two pages only as long as it takes") {
  scripted::Ticking transport;
  transport.script = {{{{json_answer(page_1())}, {json_answer(page_2())}}}};
  pc::Workspace<1024> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  pc::ListModels models;
  REQUIRE(claude.begin(models));
  std::string ids;
  for (unsigned tick = 0; tick < 50 && !claude.done(); ++tick) {
    const pc::Event event = claude.next();
    if (event.kind == pc::EventKind::item) ids += text(models.item.id) + ' ';
  }
  CHECK(claude.status());
  CHECK(ids + "none" == all_three);
}
