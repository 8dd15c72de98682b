#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_BATCHES 1
#include "answers.hpp"

namespace {

std::string_view body_of(const char* name) { return recordings::get(std::string("batches/") + name).body; }

constexpr const char* batch_id = "msgbatch_01FxBatch00000000000001";

pc::Batch read(const char* name, std::size_t read_size = scripted::all) {
  Bench bench{{{json_answer(body_of(name))}}};
  bench.transport.read_size = read_size;
  pc::GetBatch get{batch_id};
  CHECK(run(bench.claude, get));
  CHECK(bench.request() == "GET /v1/messages/batches/msgbatch_01FxBatch00000000000001 HTTP/1.1\r\n\r\n");
  return get.item;
}

std::string list(Bench& bench, pc::ListBatches& batches) {
  std::string ids;
  const pc::Status status = each(bench.claude, batches, [&](const pc::Batch& batch) {
    ids += text(batch.id) + ' ';
  });
  return ids + text(pc::name(status.error));
}

}  // namespace

TEST_CASE("batches: a batch in progress") {
  const pc::Batch batch = read("in_progress.json");
  CHECK(batch.id.view() == batch_id);
  CHECK(batch.status == pc::BatchStatus::in_progress);
  CHECK_FALSE(batch.has_ended());
  CHECK_FALSE(batch.has_results);
  CHECK(batch.counts.processing == 5);
  CHECK(batch.counts.succeeded == 0);
  CHECK(batch.created_at.view() == "2026-11-20T18:37:24.100435Z");
  CHECK(batch.expires_at.view() == "2026-11-21T18:37:24.100435Z");
  CHECK(batch.ended_at.empty());
}

TEST_CASE("batches: a batch that is being cancelled") {
  const pc::Batch batch = read("canceling.json");
  CHECK(batch.status == pc::BatchStatus::canceling);
  CHECK(batch.cancel_initiated_at.view() == "2026-11-20T19:00:00Z");
  CHECK(batch.counts.processing == 5);
  CHECK_FALSE(batch.has_results);
}

TEST_CASE("batches: a batch that has ended, whole and in small reads") {
  for (const std::size_t size : {scripted::all, std::size_t{1}, std::size_t{2}, std::size_t{13}}) {
    const pc::Batch batch = read("ended.json", size);
    CHECK(batch.has_ended());
    CHECK(batch.has_results);
    CHECK(batch.counts.processing == 0);
    CHECK(batch.counts.succeeded == 2);
    CHECK(batch.counts.errored == 1);
    CHECK(batch.counts.canceled == 1);
    CHECK(batch.counts.expired == 1);
    CHECK(batch.ended_at.view() == "2026-11-20T20:00:00Z");
  }
}

TEST_CASE("batches: an archived batch has no results any more") {
  const pc::Batch batch = read("archived.json");
  CHECK(batch.has_ended());
  CHECK_FALSE(batch.has_results);
  CHECK(batch.archived_at.view() == "2026-10-30T00:00:00Z");
}

TEST_CASE("batches: a state that is not known has not ended") {
  Bench bench{{{json_answer(R"({"id":"b","processing_status":"pondering"})")}}};
  pc::GetBatch get{"b"};
  CHECK(run(bench.claude, get));
  CHECK(get.item.status == pc::BatchStatus::other);
  CHECK_FALSE(get.item.has_ended());
}

TEST_CASE("batches: every recorded batch is the same at every cut, and nothing at every early end") {
  for (const char* const name : {"archived.json", "canceling.json", "ended.json", "in_progress.json"}) {
    const std::string answer = json_answer(body_of(name));
    const pc::Batch whole = read(name);
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Bench bench{{{answer}}};
      bench.transport.cut = cut;
      pc::GetBatch get{batch_id};
      CHECK(run(bench.claude, get));
      CHECK(get.item.id.view() == whole.id.view());
      CHECK(get.item.status == whole.status);
      CHECK(get.item.counts.processing == whole.counts.processing);
      CHECK(get.item.counts.succeeded == whole.counts.succeeded);
      CHECK(get.item.archived_at.view() == whole.archived_at.view());
      Bench short_one{{{answer.substr(0, cut), scripted::Ending::close_notify}}};
      CHECK_FALSE(run(short_one.claude, get));
    }
  }
}

TEST_CASE("batches: pages are followed to the empty one") {
  Bench bench{{{json_answer(body_of("list_page1.json"))}, {json_answer(body_of("list_page2.json"))}}};
  pc::ListBatches batches;
  batches.limit = 1;
  CHECK(list(bench, batches) == "msgbatch_01FxBatch00000000000001 none");
  CHECK(bench.transport.requests == 2);
  CHECK(
      bench.request().find("GET /v1/messages/batches?limit=1&after_id=msgbatch_01B HTTP/1.1\r\n") != std::string::npos);
}

TEST_CASE("batches: a list is the same at every cut") {
  const std::string first = json_answer(body_of("list_page1.json"));
  const std::string second = chunked_answer(body_of("list_page2.json"));
  for (std::size_t cut = 1; cut < first.size() + second.size(); ++cut) {
    Bench bench{{{first}, {second}}};
    bench.transport.cut = cut;
    pc::ListBatches batches;
    CHECK(list(bench, batches) == "msgbatch_01FxBatch00000000000001 none");
  }
}

TEST_CASE("batches: cancelling posts nothing to the batch") {
  Bench bench{{{json_answer(body_of("canceling.json"))}}};
  pc::CancelBatch cancel{"msgbatch_1"};
  CHECK(run(bench.claude, cancel));
  CHECK(cancel.item.status == pc::BatchStatus::canceling);
  CHECK(bench.request() == "POST /v1/messages/batches/msgbatch_1/cancel HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
}

TEST_CASE("batches: deleting tells what was deleted") {
  Bench bench{{{json_answer(body_of("deleted.json"))}}};
  pc::DeleteBatch gone{batch_id};
  CHECK(run(bench.claude, gone));
  CHECK(gone.item.id.view() == batch_id);
  CHECK(bench.request() == "DELETE /v1/messages/batches/msgbatch_01FxBatch00000000000001 HTTP/1.1\r\n\r\n");
}

TEST_CASE("batches: what the service refuses is told with its words") {
  Bench bench{{{refused_answer("HTTP/1.1 404 Not Found", recordings::get("errors/404_not_found.json").body)}}};
  pc::DeleteBatch gone{"b"};
  std::string message;
  CHECK(run(bench.claude, gone, [&](const pc::Event& event) {
    message += event.text;
  }).error == pc::Error::not_found);
  CHECK(message == recordings::get("errors/404_not_found.json")["error_message"]);
}

// ---- create ---------------------------------------------------------------------------------------------------------

namespace {

// Requests made on demand, in one place of memory.
struct Maker {
  pc::Request request;
  std::string prompt;
  std::string custom_id;
  unsigned asked = 0;

  static pc::BatchItem give(void* context, std::uint32_t at) {
    Maker& maker = *static_cast<Maker*>(context);
    ++maker.asked;
    maker.prompt = "What is " + std::to_string(at) + " in \"words\"?";
    maker.custom_id = "req-" + std::to_string(at);
    maker.request = {};
    maker.request.model = "claude-haiku-4-5";
    maker.request.max_tokens = 20;
    maker.request.prompt = maker.prompt;
    return {maker.custom_id, &maker.request};
  }
};

constexpr const char* two_requests =
    R"({"requests":[{"custom_id":"req-0","params":{"model":"claude-haiku-4-5","max_tokens":20,)"
    R"("messages":[{"role":"user","content":"What is 0 in \"words\"?"}]}},)"
    R"({"custom_id":"req-1","params":{"model":"claude-haiku-4-5","max_tokens":20,)"
    R"("messages":[{"role":"user","content":"What is 1 in \"words\"?"}]}}]})";

// A batch of one request that `change` has changed.
template <class Change>
pc::Error refusal(Change change) {
  static pc::Request request;
  static pc::string_view custom_id;
  request = {};
  request.model = "m";
  request.max_tokens = 1;
  request.prompt = "p";
  custom_id = "a";
  change(request, custom_id);
  Bench bench;
  pc::CreateBatch create{{[](void*, std::uint32_t) -> pc::BatchItem {
                            return {custom_id, &request};
                          },
      nullptr, 1}};
  const pc::Status status = bench.claude.begin(create);
  CHECK(bench.transport.calls == 0);
  return status.error;
}

}  // namespace

TEST_CASE("batches: requests are made on demand and sent with their exact length") {
  Maker maker;
  Bench bench{{{json_answer(body_of("in_progress.json"))}}};
  pc::CreateBatch create{{Maker::give, &maker, 2}};
  REQUIRE(run(bench.claude, create));
  CHECK(create.item.id.view() == batch_id);
  CHECK(bench.request() ==
      "POST /v1/messages/batches HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 296\r\n\r\n" +
          std::string(two_requests));
}

TEST_CASE("batches: a batch is the same through a window of any size") {
  for (std::size_t size = 40; size < 400; size += 7) {
    Maker maker;
    scripted::Blocking transport;
    transport.script = {{{{json_answer(body_of("in_progress.json"))}}}};
    std::vector<char> memory(size);
    pc::Config config;
    config.api_key = "k";
    pc::Client<scripted::Blocking> claude{transport, pc::Room{memory.data(), memory.size()}, config};
    pc::CreateBatch create{{Maker::give, &maker, 2}};
    REQUIRE(run(claude, create));
    const std::string sent(transport.request(0));
    CHECK(sent.substr(sent.find("\r\n\r\n") + 4) == two_requests);
  }
}

TEST_CASE("batches: each request is asked for once to measure, and once more for each window that it spans") {
  Maker maker;
  Bench bench{{{json_answer(body_of("in_progress.json"))}}};  // windows of 512 bytes
  pc::CreateBatch create{{Maker::give, &maker, 100}};
  REQUIRE(run(bench.claude, create));
  const unsigned windows = static_cast<unsigned>(bench.transport.request(0).size() / 512 + 1);
  CHECK(maker.asked <= 2 * 100 + windows);
}

TEST_CASE("batches: lists of blocks within the messages of a request within a batch") {
  static constexpr pc::Block blocks[] = {"one", "two"};
  static const pc::Message messages[] = {pc::user(blocks), pc::assistant("three"), pc::user(blocks)};
  static pc::Request request;
  request.model = "m";
  request.max_tokens = 5;
  request.messages = messages;
  constexpr const char* content = R"([{"type":"text","text":"one"},{"type":"text","text":"two"}])";
  const std::string params = R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":)" +
      std::string(content) + R"(},{"role":"assistant","content":"three"},{"role":"user","content":)" + content + "}]}";
  for (std::size_t size = 40; size < 120; ++size) {
    scripted::Blocking transport;
    transport.script = {{{{json_answer(body_of("in_progress.json"))}}}};
    std::vector<char> memory(size);
    pc::Config config;
    config.api_key = "k";
    pc::Client<scripted::Blocking> claude{transport, pc::Room{memory.data(), memory.size()}, config};
    pc::CreateBatch create{{[](void*, std::uint32_t at) -> pc::BatchItem {
                              return {at == 0 ? "a" : "b", &request};
                            },
        nullptr, 2}};
    REQUIRE(run(claude, create));
    const std::string sent(transport.request(0));
    CHECK(sent.substr(sent.find("\r\n\r\n") + 4) ==
        R"({"requests":[{"custom_id":"a","params":)" + params + R"(},{"custom_id":"b","params":)" + params + "}]}");
  }
}

TEST_CASE("batches: a custom_id is 1 to 64 letters, digits, _ and -, and nothing else is sent") {
  const auto named = [](const std::string& name) {
    static std::string kept;
    kept = name;
    return refusal([](pc::Request&, pc::string_view& custom_id) {
      custom_id = kept;
    });
  };
  CHECK(named("azAZ09_-") == pc::Error::none);
  CHECK(named(std::string(64, 'x')) == pc::Error::none);
  CHECK(named(std::string(65, 'x')) == pc::Error::bad_request);
  for (const char* const bad : {"", "a b", "a.b", "a/b", "a\"", "\xC3\xA4", "a\n"}) {
    CAPTURE(bad);
    CHECK(named(bad) == pc::Error::bad_request);
  }
  CHECK(named(std::string("a\0b", 3)) == pc::Error::bad_request);
}

TEST_CASE("batches: what a request may not be is refused before anything is sent") {
  using pc::Error;
  using pc::Request;
  using pc::string_view;
  CHECK(refusal([](Request& request, string_view&) {
    request.max_tokens = Request::not_set;
  }) == Error::missing_max_tokens);
  CHECK(refusal([](Request& request, string_view&) {
    request.max_tokens = 0;
  }) == Error::bad_request);
  CHECK(refusal([](Request& request, string_view&) {
    request.model = {};
  }) == Error::missing_model);
  CHECK(refusal([](Request& request, string_view&) {
    request.prompt = {};
  }) == Error::missing_messages);
  CHECK(refusal([](Request& request, string_view&) {
    request.temperature = "1";
  }) == Error::sampling_refused);
  CHECK(refusal([](Request& request, string_view&) {
    request.prompt = "\xFF";
  }) == Error::bad_text);
  CHECK(refusal([](Request& request, string_view&) {
    request.version = pc::ApiVersion::v2023_06_01;
  }) == Error::bad_request);
}

TEST_CASE("batches: the request that was refused is named") {
  Bench bench;
  pc::CreateBatch create{{[](void* context, std::uint32_t at) -> pc::BatchItem {
                            const pc::BatchItem item = Maker::give(context, at);
                            return {at == 7 ? "not this" : item.custom_id, item.params};
                          },
      nullptr, 100}};
  Maker maker;
  create.source.context = &maker;
  CHECK(bench.claude.begin(create).error == pc::Error::bad_request);
  CHECK(create.refused_at() == 7);
  CHECK(maker.asked == 8);
}

TEST_CASE("batches: 1 to 100,000 requests are taken, none and more are refused") {
  Maker maker;
  Bench bench;
  for (const std::uint32_t count : {1u, 99'999u, 100'000u}) {
    pc::CreateBatch create{{Maker::give, &maker, count}};
    CHECK(bench.claude.begin(create).error == pc::Error::none);
    bench.claude.cancel();
    CHECK(maker.asked != 0);
    maker.asked = 0;
  }
  for (const std::uint32_t count : {0u, 100'001u}) {
    pc::CreateBatch create{{Maker::give, &maker, count}};
    CHECK(bench.claude.begin(create).error == pc::Error::bad_request);
  }
  pc::CreateBatch nobody{{nullptr, nullptr, 1}};
  CHECK(bench.claude.begin(nobody).error == pc::Error::bad_request);
  CHECK(maker.asked == 0);
}

TEST_CASE("batches: 256 MB are sent, one byte more is refused") {
  constexpr std::size_t limit = 256 * 1024 * 1024;
  static std::string prompt;
  static pc::Request request;
  static pc::Request last;
  prompt.assign(1024 * 1024, 'x');
  for (pc::Request* const one : {&request, &last}) {
    one->model = "m";
    one->max_tokens = 1;
    one->prompt = prompt;
  }
  pc::CreateBatch create{{[](void*, std::uint32_t at) -> pc::BatchItem {
                            return {"a", at == 255 ? &last : &request};
                          },
      nullptr, 256}};
  // What the head says of the body's size; the server takes no more than that.
  const auto stated = [&](std::size_t last_size) {
    last.prompt = std::string_view(prompt).substr(0, last_size);
    Bench bench;
    bench.transport.script = {{{}, {}, scripted::Ending::keep, 400, pc::Io::wait()}};
    const pc::Error error = bench.claude.begin(create).error;
    if (error != pc::Error::none) return text(pc::name(error));
    while (!bench.claude.done()) bench.claude.next();
    const std::string sent(bench.transport.request(0));
    const std::size_t at = sent.find("content-length: ") + 16;
    return sent.substr(at, sent.find('\r', at) - at);
  };
  const std::size_t smallest = std::strtoul(stated(1).c_str(), nullptr, 10) - 1;
  REQUIRE(smallest < limit);
  CHECK(stated(limit - smallest) == "268435456");
  CHECK(stated(limit - smallest + 1) == "request_too_long");
}

TEST_CASE("batches: a batch whose answer was lost is not created a second time") {
  Maker maker;
  Bench bench;
  bench.config.max_retries = 2;
  bench.transport.script = {{{{"", scripted::Ending::reset}}}, {{{json_answer(body_of("in_progress.json"))}}}};
  pc::CreateBatch create{{Maker::give, &maker, 2}};
  CHECK(run(bench.claude, create).error == pc::Error::connection_lost);
  CHECK(bench.transport.opened() == 1);
}

TEST_CASE("batches: a batch that the service was too busy for is sent again, all of it") {
  Maker maker;
  Bench bench;
  bench.config.max_retries = 2;
  bench.transport.script = {
      {{{refused_answer("HTTP/1.1 529 Overloaded", recordings::get("errors/529_overloaded.json").body)},
          {json_answer(body_of("in_progress.json"))}}}};
  pc::CreateBatch create{{Maker::give, &maker, 2}};
  CHECK(run(bench.claude, create));
  CHECK(bench.transport.requests == 2);
  const std::string sent(bench.transport.request(0));
  CHECK(sent.substr(sent.size() - 296) == two_requests);
}

// ---- await ----------------------------------------------------------------------------------------------------------

namespace {

std::string state(const char* status, const char* date = "Sat, 21 Nov 2026 10:00:00 GMT") {
  const std::string body = std::string(R"({"id":"b","processing_status":")") + status +
      R"(","created_at":"2026-11-20T10:00:00Z","request_counts":{"processing":2},"results_url":)" +
      (std::string_view(status) == "ended" ? R"("https://elsewhere/")" : "null") + "}";
  return scripted::with_length(
      "HTTP/1.1 200 OK", "content-type: application/json\r\ndate: " + std::string(date) + "\r\n", body);
}

}  // namespace

TEST_CASE("batches: waiting looks at growing intervals until the batch has ended") {
  Bench bench{{{state("in_progress")}, {state("in_progress")}, {state("in_progress")}, {state("canceling")},
      {state("something new")}, {state("in_progress")}, {state("in_progress")}, {state("ended")}}};
  pc::AwaitBatch wait{"b"};
  std::vector<std::uint32_t> times;
  CHECK(run(bench.claude, wait, [&](const pc::Event& event) {
    if (event.kind == pc::EventKind::item) times.push_back(bench.transport.now - 1000);
  }));
  CHECK(wait.item.has_ended());
  CHECK(times == std::vector<std::uint32_t>{0, 5000, 12500, 23750, 40625, 65937, 103905, 160857});
}

TEST_CASE("batches: the longest interval is kept") {
  std::vector<scripted::Answer> answers(50, {state("in_progress")});
  answers.push_back({state("ended")});
  Bench bench{answers};
  pc::AwaitBatch wait{"b"};
  wait.shortest_ms = 1000;
  wait.longest_ms = 1500;
  CHECK(run(bench.claude, wait));
  CHECK(bench.transport.waited_ms == 1000 + 49 * 1500);
}

TEST_CASE("batches: waiting lasts longer than any time-out of one exchange, and than the clock's range") {
  Bench bench{std::vector<scripted::Answer>(100, {state("in_progress")})};
  bench.transport.script[0].answers.push_back({state("ended")});
  bench.transport.now = 0xFFFFFF00u;
  pc::AwaitBatch wait{"b"};
  CHECK(run(bench.claude, wait));
  CHECK(bench.transport.waited_ms > 600'000);
}

TEST_CASE("batches: a program that ticks waits as well, and is never blocked") {
  scripted::Ticking transport;
  transport.script = {{{{state("in_progress")}, {state("ended")}}}};
  pc::Workspace<512> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  pc::AwaitBatch wait{"b"};
  REQUIRE(claude.begin(wait));
  unsigned ticks = 0;
  unsigned looks = 0;
  while (!claude.done() && ticks < 10'000) {
    if (claude.next().kind == pc::EventKind::item) ++looks;
    transport.now += 16;
    ++ticks;
  }
  CHECK(claude.status());
  CHECK(looks == 2);
  CHECK(ticks * 16 > 5000);
  CHECK(ticks * 16 < 5300);
}

TEST_CASE("batches: once the batch was seen, waiting outlives every outage") {
  Bench bench;
  bench.config.max_retries = 1;
  const std::string overloaded =
      refused_answer("HTTP/1.1 529 Overloaded", recordings::get("errors/529_overloaded.json").body);
  bench.transport.script = {{{{state("in_progress")}}, {}, scripted::Ending::close_notify},
      {{{"", scripted::Ending::reset}}}, {{{"HTTP/1.1 2", scripted::Ending::fin}}},
      {{{overloaded}, {overloaded}, {state("ended")}}}};
  pc::AwaitBatch wait{"b"};
  unsigned retrying = 0;
  CHECK(run(bench.claude, wait, [&](const pc::Event& event) {
    retrying += event.kind == pc::EventKind::retrying;
  }));
  CHECK(wait.item.has_ended());
  CHECK(retrying == 4);
}

TEST_CASE("batches: an outage that says how long it lasts is not asked before") {
  const std::string body(recordings::get("errors/429_rate_limit.json").body);
  for (const std::uint32_t seconds : {0u, 4u, 30u, 90u}) {
    const std::string busy = scripted::with_length("HTTP/1.1 429 Too Many Requests",
        "content-type: application/json\r\nretry-after: " + std::to_string(seconds) + "\r\n", body);
    Bench bench{{{state("in_progress")}, {busy}, {state("ended")}}};
    pc::AwaitBatch wait{"b"};
    CHECK(run(bench.claude, wait));
    CHECK(wait.item.has_ended());
    // 5 s behind the first look; behind the second half as long again, as long as the service asks, or what that is cut to.
    CHECK(bench.transport.waited_ms == 5'000u + (seconds < 7 ? 7'500u : seconds == 30 ? 30'000u : 60'000u));
  }
}

TEST_CASE("batches: waiting ends with what does not pass") {
  for (const char* const name : {"401_authentication", "403_permission", "404_not_found", "400_invalid_request"}) {
    const std::string line = "HTTP/1.1 " + std::string(name).substr(0, 3) + " No";
    Bench bench{{{state("in_progress")},
        {refused_answer(line, recordings::get("errors/" + std::string(name) + ".json").body)}}};
    pc::AwaitBatch wait{"b"};
    CHECK_FALSE(run(bench.claude, wait));
    CHECK(bench.claude.status().http == std::stoi(std::string(name)));
  }
}

TEST_CASE("batches: waiting for a batch that was never seen ends with the first failure") {
  Bench bench;
  pc::AwaitBatch wait{"b"};
  CHECK(run(bench.claude, wait).error == pc::Error::connect_failed);
}

TEST_CASE("batches: waiting can be cancelled while it rests") {
  scripted::Ticking transport;
  transport.script = {{{{state("in_progress")}}}};
  pc::Workspace<512> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Ticking> claude{transport, memory, config};
  pc::AwaitBatch wait{"b"};
  REQUIRE(claude.begin(wait));
  while (transport.requests == 0 || claude.next()) claude.next();
  CHECK_FALSE(claude.done());
  claude.cancel();
  CHECK(claude.done());
  CHECK(claude.status().error == pc::Error::cancelled);
}

TEST_CASE("batches: results that will soon be gone are warned of, by the service's own clock") {
  using Left = std::pair<std::uint32_t, bool>;
  constexpr std::uint32_t day = 24 * 60 * 60;
  const auto left = [](const char* status, const char* date) {
    Bench bench{{{state(status, date)}, {state("ended", date)}}};
    pc::AwaitBatch wait{"b"};
    CHECK(run(bench.claude, wait));
    return Left{wait.results_left_s(), wait.is_expiring()};
  };
  CHECK(left("ended", "Fri, 20 Nov 2026 10:00:00 GMT") == Left{29 * day, false});
  CHECK(left("ended", "Thu, 17 Dec 2026 09:59:59 GMT") == Left{2 * day + 1, false});
  CHECK(left("ended", "Thu, 17 Dec 2026 10:00:01 GMT") == Left{2 * day - 1, true});
  CHECK(left("ended", "Sat, 19 Dec 2026 09:59:59 GMT") == Left{1, true});
  CHECK(left("ended", "Sat, 19 Dec 2026 10:00:00 GMT") == Left{0, true});
  CHECK(left("ended", "no date") == Left{0, false});
}
