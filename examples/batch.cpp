// Many questions at half the price: submits a file of prompts as one batch, waits, and writes what became of each.
//
//   batch PROMPTS RESULTS         a batch of all prompts; its id is kept in RESULTS.id
//   batch RESULTS                 goes on with that batch: after Ctrl-C, a power cut or a week
//
// PROMPTS is JSON Lines: {"prompt":"Name a moon.","custom_id":"moon-1"} (without a custom_id, its number).
// RESULTS becomes JSON Lines: {"custom_id":"moon-1","message":{...}} or {"custom_id":"moon-2","error":"expired"}.
// The settings are those of quickstart.cpp. Neither file is ever in memory as a whole.
#define PICOCLAUDE_ENABLE_BATCHES 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#if defined(_WIN32)
#include <io.h>
#define IS_TERMINAL() (_isatty(2) != 0)
#else
#include <unistd.h>
#define IS_TERMINAL() (isatty(2) != 0)
#endif

namespace {

using picoclaude::EventKind;
using picoclaude::Json;
using picoclaude::string_view;

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

[[noreturn]] void stop(const char* what, const char* which = "") {
  std::fprintf(stderr, "\nbatch: %s%s\n", what, which);
  std::exit(1);
}

// ---- prompts ---------------------------------------------------------------------------------------------------------

// Hands out line after line of a file. Lines are asked for in their order, some twice, and all of them a second time.
class Prompts {
 public:
  explicit Prompts(const char* path) : file_(std::fopen(path, "rb")) {
    if (file_ == nullptr) stop("cannot read ", path);
    request_.model = setting("PICOCLAUDE_MODEL", "claude-haiku-4-5");
    request_.max_tokens = 1024;
  }
  ~Prompts() { std::fclose(file_); }

  picoclaude::BatchSource source() {
    std::uint32_t count = 0;
    while (read_line()) ++count;
    rewind();
    return {give, this, count};
  }

 private:
  static picoclaude::BatchItem give(void* context, std::uint32_t at) {
    auto& prompts = *static_cast<Prompts*>(context);
    if (at + 1 < prompts.lines_) prompts.rewind();
    while (prompts.lines_ < at + 1) {
      if (!prompts.read_line()) return {};  // the file has become shorter: nothing has no custom_id, and is refused
      if (prompts.lines_ == at + 1) prompts.parse();
    }
    return {prompts.custom_id_, &prompts.request_};
  }

  void rewind() {
    std::rewind(file_);
    lines_ = 0;
  }

  bool read_line() {
    do {
      if (std::fgets(line_, sizeof line_, file_) == nullptr) return false;
      if (std::strchr(line_, '\n') == nullptr && !std::feof(file_)) stop("a line of the prompts is too long");
    } while (line_[std::strspn(line_, " \t\r\n")] == '\0');
    ++lines_;
    return true;
  }

  // The line's strings are decoded where they stand. What is not JSON leaves the prompt empty, and is refused.
  void parse() {
    std::snprintf(number_, sizeof number_, "%lu", static_cast<unsigned long>(lines_));
    custom_id_ = number_;
    request_.prompt = {};
    picoclaude::JsonReader json;
    string_view* into = nullptr;
    char* next = line_;
    char* const end = line_ + std::strcspn(line_, "\r\n");
    for (Json token = json.read(next, end); token != Json::more; token = json.read(next, end)) {
      if (token == Json::failed) return void(request_.prompt = {});
      const string_view text = json.text();
      if (token == Json::key)
        into = json.depth() != 1  ? nullptr
            : text == "prompt"    ? &request_.prompt
            : text == "custom_id" ? &custom_id_
                                  : nullptr;
      if (token == Json::begin_string && into != nullptr) json.deliver();
      if (token == Json::text) *into = text;
    }
  }

  std::FILE* file_;
  std::uint32_t lines_ = 0;  // that were read; the last one is in line_
  picoclaude::Request request_;
  string_view custom_id_;
  char number_[12] = {};
  char line_[65536];
};

// ---- results ---------------------------------------------------------------------------------------------------------

// Appends lines to a file, behind its last whole one. What stands there of another line is the beginning of the next
// one, which is written over it.
class Results {
 public:
  explicit Results(const char* path) : file_(std::fopen(path, "r+b")) {
    if (file_ == nullptr) file_ = std::fopen(path, "w+b");
    if (file_ == nullptr) stop("cannot write ", path);
    find_end();
  }
  ~Results() { std::fclose(file_); }

  // The custom_id of the last whole line.
  string_view last() const { return {last_, last_size_}; }

  void write(string_view text) { std::fwrite(text.data(), 1, text.size(), file_); }

  void begin(string_view custom_id, string_view member) {
    write(start);
    write(custom_id);
    write("\",\"");
    write(member);
    write("\":");
    begun_ = true;
  }
  bool begun() const { return begun_; }

  void end() {
    write("}\n");
    if (std::fflush(file_) != 0) stop("cannot write the results");
    end_ = std::ftell(file_);
    begun_ = false;
  }
  // What was written of a line will be told again.
  void take_back() {
    std::fseek(file_, end_, SEEK_SET);
    begun_ = false;
  }

 private:
  static constexpr string_view start = "{\"custom_id\":\"";

  void find_end() {
    char id[64];
    std::size_t size = 0;
    std::size_t at = 0;  // in the line
    bool in_id = true;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_), ++at) {
      if (at >= start.size() && in_id && c != '"' && size < sizeof id) {
        id[size++] = static_cast<char>(c);
      } else if (at >= start.size()) {
        in_id = false;
      }
      if (c != '\n') continue;
      std::memcpy(last_, id, size);
      last_size_ = size;
      end_ = std::ftell(file_);
      size = 0;
      at = static_cast<std::size_t>(-1);
      in_id = true;
    }
    std::fseek(file_, end_, SEEK_SET);
  }

  std::FILE* file_;
  long end_ = 0;  // of the last whole line
  bool begun_ = false;
  char last_[64] = {};
  std::size_t last_size_ = 0;
};

// ---- the three steps -------------------------------------------------------------------------------------------------

using Client = picoclaude::Client<picoclaude::MbedtlsTransport<>>;

void progress(const char* text) {
  if (IS_TERMINAL()) std::fprintf(stderr, "\r%-70s", text);
}

// What the service says of its refusal goes to the terminal.
void complain(const picoclaude::Event& event) {
  if (event.kind == EventKind::error_text) std::fwrite(event.text.data(), 1, event.text.size(), stderr);
}

void check(const picoclaude::Status& status) {
  if (status) return;
  std::fprintf(stderr, "\nbatch: %s (HTTP status %u, native code %ld)\n", name(status.error).data(),
      unsigned{status.http}, static_cast<long>(status.native));
  std::exit(1);
}

void submit(Client& claude, const char* prompts_path, const char* id_path) {
  static Prompts prompts{prompts_path};
  picoclaude::CreateBatch batch{prompts.source()};
  progress("sending ...");
  const auto status = run(claude, batch, complain);
  if (picoclaude::blame(status.error) == picoclaude::Blame::caller) {
    std::fprintf(stderr, "\nbatch: prompt %lu of this file:", static_cast<unsigned long>(batch.refused_at()) + 1);
  }
  check(status);
  std::FILE* const file = std::fopen(id_path, "wb");
  if (file == nullptr || std::fputs(batch.item.id.c_str(), file) < 0 || std::fclose(file) != 0) {
    stop("cannot keep the id of this batch: ", batch.item.id.c_str());
  }
}

void wait(Client& claude, const char* id) {
  picoclaude::AwaitBatch batch{id};
  batch.shortest_ms = 2'000;
  const auto status = run(claude, batch, [&](const picoclaude::Event& event) {
    complain(event);
    char text[160];
    std::snprintf(text, sizeof text, "%s: %lu requests in progress%s", id,
        static_cast<unsigned long>(batch.item.counts.processing),
        event.kind == EventKind::retrying ? " (no answer)" : "");
    progress(text);
  });
  check(status);
  if (!batch.item.has_results) stop("the results of this batch are gone: ", id);
  if (batch.is_expiring()) {
    std::fprintf(stderr, "\nbatch: these results can be had for %lu hours more\n",
        static_cast<unsigned long>(batch.results_left_s() / 3600));
  }
}

void write_results(Client& claude, const char* id, const char* path) {
  static Results out{path};
  picoclaude::BatchResults results{id};
  results.as_json = true;
  results.after_custom_id = out.last();
  const auto status = run(claude, results, [&](const picoclaude::Event& event) {
    const picoclaude::BatchResult& item = results.item;
    if (event.kind == EventKind::retrying) out.take_back();
    if (event.kind == EventKind::data) {
      if (!out.begun()) out.begin(item.custom_id, "message");
      out.write(event.text);
    }
    if (event.kind == EventKind::error_text && item.custom_id.empty()) complain(event);
    if (event.kind != EventKind::item) return;
    if (!out.begun()) {
      using picoclaude::ResultType;
      out.begin(item.custom_id, "error");
      out.write("\"");
      out.write(item.type == ResultType::canceled ? "canceled"
              : item.type == ResultType::expired  ? "expired"
                                                  : name(item.error));
      out.write("\"");
    }
    out.end();
  });
  check(status);
  std::fprintf(stderr, "%s%lu results\n", IS_TERMINAL() ? "\r\x1B[K" : "", static_cast<unsigned long>(results.count));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) return std::puts("batch PROMPTS RESULTS, or: batch RESULTS"), 2;
  const char* const results_path = argv[argc - 1];
  char id_path[1024];
  std::snprintf(id_path, sizeof id_path, "%s.id", results_path);

  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<4096> memory;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  config.total_ms = 0;  // a batch may have 256 MB: only silence is a reason to give up
  picoclaude::Client claude{tls, memory, config};

  if (argc == 3) submit(claude, argv[1], id_path);

  std::FILE* const file = std::fopen(id_path, "rb");
  char id[96] = {};
  if (file == nullptr || std::fgets(id, sizeof id, file) == nullptr) stop("there is no batch in ", id_path);
  std::fclose(file);
  wait(claude, id);
  write_results(claude, id, results_path);
  return 0;
}
