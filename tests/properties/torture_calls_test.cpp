// The torture of torture_test.cpp for calls besides Messages, whose answers have no stop marker.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_FILES 1
#include "endpoints/answers.hpp"

using scripted::Wrong;

namespace {

std::string recorded(const char* name) { return json_answer(recordings::get(name).body); }

// Makes one call; what came of it is written to `told`.
using Ask = pc::Status (*)(Bench& bench, std::string& told);

struct Session {
  const char* name;
  std::vector<scripted::Answer> (*answers)();
  Ask ask;
  bool is_post = false;  // what a server may have acted on is not sent twice
  bool goes_on = false;  // a second try asks for what comes behind, which this server does not know: it begins anew
};

const Session sessions[] = {
    {"the tokens of a request",
        [] {
          return std::vector<scripted::Answer>{{recorded("count_tokens/ok.json")}};
        },
        [](Bench& bench, std::string& told) {
          pc::Request request;
          request.model = "m";
          request.prompt = "p";
          const pc::TokenCount count = pc::count_tokens(bench.claude, request);
          told = std::to_string(count.input_tokens);
          return count.status;
        }},
    {"a page of models",
        [] {
          return std::vector<scripted::Answer>{{recorded("models/list_page2.json")}};
        },
        [](Bench& bench, std::string& told) {
          pc::ListModels list;
          return each(bench.claude, list, [&](const pc::Model& model) {
            told += text(model.id) + ' ';
          });
        },
        false, true},
    {"a batch's results, with their messages",
        [] {
          return std::vector<scripted::Answer>{
              {chunked_answer(recordings::get("batches/results.jsonl").body, "application/x-jsonl")}};
        },
        [](Bench& bench, std::string& told) {
          pc::BatchResults results{"b"};
          return each(bench.claude, results, [&](const pc::BatchResult& result) {
            told += text(result.custom_id) + ' ';
          });
        }},
    {"a download of a stated size",
        [] {
          return std::vector<scripted::Answer>{
              {scripted::with_length("HTTP/1.1 200 OK", "content-type: image/png\r\n", std::string(900, 'x'))}};
        },
        [](Bench& bench, std::string& told) {
          pc::DownloadFile download{"file_1"};
          return fetch(bench.claude, download, [&](std::string_view bytes) {
            told += bytes;
          });
        }},
    {"a new batch",
        [] {
          return std::vector<scripted::Answer>{{recorded("batches/in_progress.json")}};
        },
        [](Bench& bench, std::string& told) {
          static pc::Request request;
          request.model = "m";
          request.max_tokens = 1;
          request.prompt = "p";
          pc::CreateBatch create{{[](void*, std::uint32_t) -> pc::BatchItem {
                                    return {"a", &request};
                                  },
              nullptr, 3}};
          const pc::Status status = run(bench.claude, create);
          told = text(create.item.id);
          return status;
        },
        true},
    {"an upload that is read once",
        [] {
          return std::vector<scripted::Answer>{{recorded("files/metadata.json")}};
        },
        [](Bench& bench, std::string& told) {
          static const std::string content(3'000, 'y');
          pc::UploadFile upload{"a", "text/plain", std::string_view(content)};
          upload.is_read_once = true;
          const pc::Status status = run(bench.claude, upload);
          told = text(upload.item.id);
          return status;
        },
        true},
};

// May a fault come to this status?
bool is_possible(Wrong wrong, pc::Error error) {
  using pc::Error;
  switch (wrong) {
    case Wrong::end: return error == Error::connection_closed || error == Error::truncated;
    case Wrong::reset:
      return error == Error::connection_lost || error == Error::connect_failed || error == Error::truncated;
    case Wrong::silence:
    case Wrong::storm:
      return error == Error::connect_timeout || error == Error::idle_timeout || error == Error::first_byte_timeout;
    case Wrong::impossible: return error == Error::transport_broken;
    case Wrong::corrupt: return blame(error) != pc::Blame::caller;
    default: return false;
  }
}

struct Played {
  pc::Status status;
  std::string told;
  unsigned long calls = 0;
  unsigned requests = 0;
  unsigned long given = 0;
  bool next_is_good = false;
};

Played play(const Session& session, const scripted::Fault& fault, std::uint8_t retries) {
  Bench bench;
  bench.config.max_retries = retries;
  for (int connection = 0; connection < 4; ++connection) bench.transport.script.push_back({session.answers()});
  bench.transport.read_size = 150;
  bench.transport.send_size = 300;
  bench.transport.fault = fault;
  Played played;
  played.status = session.ask(bench, played.told);
  played.calls = bench.transport.calls;
  played.requests = bench.transport.requests;
  bench.transport.fault = {};
  bench.claude.disconnect();
  if (bench.transport.is_open()) return played;
  bench.transport.forget();
  bench.transport.script = {{{{recorded("models/one.json")}}}};
  pc::GetModel get{"m"};
  played.next_is_good = static_cast<bool>(run(bench.claude, get)) && !get.item.id.empty();
  return played;
}

}  // namespace

TEST_SUITE_BEGIN("torture");

TEST_CASE("torture: every call of the transport in other endpoints' sessions x 8 faults x {once, persistent}") {
  unsigned long count = 0;
  unsigned long successes = 0;
  for (const Session& session : sessions) {
    CAPTURE(std::string(session.name));
    const Played good = play(session, {}, 0);
    CHECK(good.status.error == pc::Error::none);
    CHECK(good.next_is_good);
    CHECK(good.told.size() > 3);
    CHECK(good.calls >= 4);
    for (unsigned long at = 1; at <= good.calls; ++at) {
      for (const Wrong wrong : scripted::wrongs) {
        for (const bool persistent : {false, true}) {
          for (const std::uint8_t retries : {std::uint8_t{0}, std::uint8_t{2}}) {
            const Played played = play(session, {at, wrong, persistent}, retries);
            const pc::Error error = played.status.error;
            CAPTURE(at);
            CAPTURE(static_cast<int>(wrong));
            CAPTURE(persistent);
            CAPTURE(retries);
            CAPTURE(std::string(name(error)));
            ++count;
            successes += error == pc::Error::none ? 1 : 0;
            // Success says all, once; a bit that was flipped in the bytes themselves cannot be noticed.
            const std::string told =
                session.goes_on && retries != 0 ? played.told.substr(0, good.told.size()) : played.told;
            if (error == pc::Error::none && wrong != Wrong::corrupt && told != good.told) CHECK(told == good.told);
            if (error == pc::Error::none && played.told.size() + 8 < good.told.size()) CHECK(played.told == good.told);
            if (error != pc::Error::none && !is_possible(wrong, error)) CHECK(std::string(name(error)) == "another");
            const bool harmless =
                wrong == Wrong::one_byte || wrong == Wrong::late || (wrong == Wrong::storm && !persistent);
            if (harmless && error != pc::Error::none) CHECK(error == pc::Error::none);
            if (session.is_post && played.requests > 1) CHECK(played.requests == 1);
            if (!played.next_is_good) CHECK(played.next_is_good);
          }
        }
      }
    }
  }
  CHECK(successes > 0);
  MESSAGE(count << " sessions, " << successes << " of them successes");
}

TEST_SUITE_END();
