// The answers of the other calls have no stop marker: they are whole by their framing only.
#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_COUNT_TOKENS 1
#define PICOCLAUDE_ENABLE_MODELS 1
#define PICOCLAUDE_ENABLE_BATCHES 1
#define PICOCLAUDE_ENABLE_FILES 1
#define PICOCLAUDE_ENABLE_RAW 1
#include "answers.hpp"

namespace {

using scripted::Ending;

unsigned long sessions = 0;

// Is the answer whole after so many bytes, which end so?
template <class Whole, class Ask>
void every_prefix(const std::string& answer, Whole whole, Ask ask) {
  for (std::size_t size = 0; size <= answer.size(); ++size) {
    for (const Ending ending : {Ending::close_notify, Ending::fin, Ending::reset, Ending::keep}) {
      Bench bench{{{answer.substr(0, size), ending}}};
      const bool good = static_cast<bool>(ask(bench));
      ++sessions;
      if (good == whole(size, ending)) continue;
      CAPTURE(size);
      CAPTURE(static_cast<int>(ending));
      CHECK(good == whole(size, ending));
    }
  }
}

template <class Ask>
void in_every_framing(const char* name, Ask ask) {
  CAPTURE(std::string(name));
  const std::string_view body = recordings::get(name).body;
  for (const std::string& answer : {json_answer(body), chunked_answer(body)}) {
    every_prefix(
        answer,
        [&](std::size_t size, Ending) {
          return size == answer.size();
        },
        ask);
  }
  const std::string answer = unframed_answer(body);
  const std::size_t last = answer.rfind('}');  // blanks behind it may be missing
  every_prefix(
      answer,
      [&](std::size_t size, Ending ending) {
        return size > last && ending == Ending::close_notify;
      },
      ask);
}

}  // namespace

TEST_SUITE_BEGIN("endpoints");

TEST_CASE("endpoints: a prefix of any recorded answer succeeds if and only if its framing says that it is whole") {
  sessions = 0;
  pc::Request request;
  request.model = "m";
  request.prompt = "p";
  for (const char* const name : {"count_tokens/ok.json", "count_tokens/beta_context_management.json"}) {
    in_every_framing(name, [&](Bench& bench) {
      return pc::count_tokens(bench.claude, request).status;
    });
  }
  for (const char* const name : {"models/one.json", "models/old_shape.json"}) {
    in_every_framing(name, [](Bench& bench) {
      pc::GetModel get{"m"};
      return run(bench.claude, get);
    });
  }
  in_every_framing("models/list_page2.json", [](Bench& bench) {
    pc::ListModels list;
    return each(bench.claude, list, [](const pc::Model&) {});
  });
  for (const char* const name : {"batches/in_progress.json", "batches/canceling.json", "batches/ended.json"}) {
    in_every_framing(name, [](Bench& bench) {
      pc::GetBatch get{"b"};
      return run(bench.claude, get);
    });
  }
  in_every_framing("batches/list_page2.json", [](Bench& bench) {
    pc::ListBatches list;
    return each(bench.claude, list, [](const pc::Batch&) {});
  });
  in_every_framing("batches/deleted.json", [](Bench& bench) {
    pc::DeleteBatch remove{"b"};
    return run(bench.claude, remove);
  });
  for (const char* const name : {"files/metadata.json", "files/metadata_generated.json"}) {
    in_every_framing(name, [](Bench& bench) {
      pc::GetFile get{"f"};
      return run(bench.claude, get);
    });
  }
  in_every_framing("files/list_last.json", [](Bench& bench) {
    pc::ListFiles list;
    return each(bench.claude, list, [](const pc::File&) {});
  });
  in_every_framing("files/deleted.json", [](Bench& bench) {
    pc::DeleteFile remove{"f"};
    return run(bench.claude, remove);
  });
  in_every_framing("models/one.json", [](Bench& bench) {
    pc::RawCall raw;
    raw.method = "GET";
    raw.path = "/v1/models/m";
    raw.tells_tokens = true;
    return run(bench.claude, raw);
  });
  MESSAGE(sessions << " sessions");
}

TEST_CASE(
    "endpoints: a prefix of a batch's results succeeds only behind a whole line, where its end is authenticated") {
  sessions = 0;
  for (const char* const name : {"results.jsonl", "results_blank_lines.jsonl", "results_no_final_newline_crlf.jsonl"}) {
    CAPTURE(std::string(name));
    const std::string_view body = recordings::get(std::string("batches/") + name).body;
    const auto ask = [](Bench& bench) {
      pc::BatchResults results{"b"};
      return each(bench.claude, results, [](const pc::BatchResult&) {});
    };
    const std::string framed[] = {
        scripted::with_length("HTTP/1.1 200 OK", "content-type: application/x-jsonl\r\n", body),
        chunked_answer(body, "application/x-jsonl")};
    for (const std::string& answer : framed) {
      every_prefix(
          answer,
          [&](std::size_t size, Ending) {
            return size == answer.size();
          },
          ask);
    }
    const std::string answer = unframed_answer(body, "application/x-jsonl");
    const std::size_t head = answer.find("\r\n\r\n") + 4;
    every_prefix(
        answer,
        [&](std::size_t size, Ending ending) {
          if (size < head || ending != Ending::close_notify) return false;
          // At a line's start, or where only its end is missing.
          const bool at_start = size == head || answer[size - 1] == '\n' || answer[size - 1] == '\r';
          return at_start || size == answer.size() || answer[size] == '\n' || answer[size] == '\r';
        },
        ask);
  }
  MESSAGE(sessions << " sessions");
}

TEST_SUITE_END();
