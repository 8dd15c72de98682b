// A request of any strings with all parts on: refused where a string is no UTF-8, else the same through every window, and
// JSON in which a naive reader finds every member of the request, and nothing else.
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include "fuzz.hpp"
#include "oracle/naive_json.hpp"
#include "support/json_value.hpp"

namespace {

using namespace picoclaude;
using json::Value;

std::string render(const Request& request, std::size_t room) {
  std::string all;
  char window[256];
  Cursor cursor;
  for (;;) {
    Window part(window, room, cursor);
    picoclaude::detail::render(part, request);
    PROMISE(part.error() == Error::none);
    PROMISE(part.size() <= room);
    all.append(window, part.size());
    if (part.finished()) return all;
    PROMISE(part.size() != 0);
    cursor = part.cursor();
  }
}

// ---- what the request says, as values ----------------------------------------------------------------------------------

Value text(string_view words) {
  Value value;
  value.kind = '"';
  value.text = std::string(words);
  return value;
}
Value number(unsigned long count) {
  Value value;
  value.kind = '0';
  value.text = std::to_string(count);
  return value;
}
Value word(bool yes) {
  Value value;
  value.kind = yes ? 't' : 'f';
  return value;
}
Value array(std::vector<Value> items) {
  Value value;
  value.kind = '[';
  value.items = std::move(items);
  return value;
}
Value object(std::map<std::string, Value> members) {
  Value value;
  value.kind = '{';
  value.members = std::move(members);
  return value;
}
void add(Value& to, const char* name, string_view words) {
  if (!words.empty()) to.members[name] = text(words);
}

std::string base64(string_view bytes) {
  const char* const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned long group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group * 256 + (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i) out += at + i <= bytes.size() ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

bool is_utf8(string_view words) {
  std::uint32_t code = 0;
  for (std::size_t at = 0; at < words.size();) {
    if (!naive::Json::code_point(words, at, code)) return false;
  }
  return true;
}

// The strings of a case. What is sent as raw JSON is taken from it where it is an object.
struct Words {
  std::string all, first, second, raw;

  explicit Words(std::string from) : all(std::move(from)) {
    first = all.substr(0, all.size() / 2);
    second = all.substr(all.size() / 2);
    std::string trace;
    const bool is_object = naive::Json::read(second, 96, trace) && json::parse(second).kind == '{';
    raw = is_object ? second : R"({"a":[1,{"b":"\u00e9"}]})";
  }
};

// One block of each kind, and what it must become.
struct Blocks {
  std::vector<Block> inner, list;
  std::vector<Value> values;

  explicit Blocks(const Words& words) {
    const auto text_block = [](const std::string& of) {
      return object({{"type", text("text")}, {"text", text(of)}});
    };
    const Value cited = object({{"enabled", word(true)}});
    const Value short_mark = object({{"type", text("ephemeral")}});
    const Value long_mark = object({{"type", text("ephemeral")}, {"ttl", text("1h")}});
    inner = {Block(words.first), Block(words.all)};
    const Value inner_values = array({text_block(words.first), text_block(words.all)});

    list.push_back(cached(Block(words.all), CacheControl::ephemeral_1h));
    values.push_back(text_block(words.all));
    values.back().members["cache_control"] = long_mark;

    list.push_back(image(words.first, words.second));
    values.push_back(object({{"type", text("image")},
        {"source",
            object({{"type", text("base64")}, {"media_type", text(words.first)},
                {"data", text(base64(words.second))}})}}));

    list.push_back(image_url(words.all));
    values.push_back(
        object({{"type", text("image")}, {"source", object({{"type", text("url")}, {"url", text(words.all)}})}}));

    list.push_back(document_text(words.all, {words.first, words.second, true}));
    values.push_back(object({{"type", text("document")}, {"citations", cited},
        {"source", object({{"type", text("text")}, {"media_type", text("text/plain")}, {"data", text(words.all)}})}}));
    add(values.back(), "title", words.first);
    add(values.back(), "context", words.second);

    list.push_back(document_content(List<Block>(inner.data(), inner.size()), {words.second, {}, false}));
    values.push_back(object(
        {{"type", text("document")}, {"source", object({{"type", text("content")}, {"content", inner_values}})}}));
    add(values.back(), "title", words.second);

    list.push_back(search_result(words.all, words.first, List<Block>(inner.data(), inner.size()), true));
    values.push_back(object({{"type", text("search_result")}, {"source", text(words.all)}, {"title", text(words.first)},
        {"content", inner_values}, {"citations", cited}}));

    list.push_back(thinking(words.all, words.second));
    values.push_back(
        object({{"type", text("thinking")}, {"thinking", text(words.all)}, {"signature", text(words.second)}}));

    list.push_back(redacted_thinking(words.second));
    values.push_back(object({{"type", text("redacted_thinking")}, {"data", text(words.second)}}));

    list.push_back(tool_use(words.first, words.second, words.raw));
    values.push_back(object({{"type", text("tool_use")}, {"id", text(words.first)}, {"name", text(words.second)},
        {"input", json::parse(words.raw)}}));

    list.push_back(cached(tool_result(words.all, List<Block>(inner.data(), inner.size()), true)));
    values.push_back(object({{"type", text("tool_result")}, {"tool_use_id", text(words.all)}, {"content", inner_values},
        {"is_error", word(true)}, {"cache_control", short_mark}}));

    list.push_back(tool_result(words.first, string_view(words.second)));
    values.push_back(
        object({{"type", text("tool_result")}, {"tool_use_id", text(words.first)}, {"is_error", word(false)}}));
    add(values.back(), "content", words.second);

    list.push_back(raw_block(words.raw));
    values.push_back(json::parse(words.raw));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  const std::size_t room = 1u + choices.byte();
  const unsigned shape = choices.byte() | static_cast<unsigned>(choices.byte()) << 8;
  const Words words(choices.rest());
  const Blocks all(words);
  const List<Block> blocks(all.list.data(), all.list.size());
  const auto has = [&](unsigned bit) {
    return (shape >> bit & 1) != 0;
  };

  Request request;
  request.model = "m";
  request.max_tokens = shape;
  Value expected =
      object({{"model", text("m")}, {"max_tokens", number(shape)}, {"stream", word(true)}, {"messages", array({})}});
  std::vector<Value>& said = expected.members["messages"].items;
  const auto message = [](const char* role, Value content) {
    return object({{"role", text(role)}, {"content", std::move(content)}});
  };

  const std::string transcript = R"({"role":"user","content":)" + words.raw + "}";
  if (has(0)) {
    request.transcript = transcript;
    said.push_back(message("user", json::parse(words.raw)));
  }
  const Message messages[] = {user(string_view(words.all)), assistant(string_view(words.first)), user(blocks),
      picoclaude::system(string_view(words.second))};
  if (has(1)) {
    request.messages = messages;
    said.push_back(message("user", text(words.all)));
    said.push_back(message("assistant", text(words.first)));
    said.push_back(message("user", array(all.values)));
    said.push_back(message("system", text(words.second)));
  }
  if (has(2)) {
    request.prompt = words.all;
    if (!words.all.empty()) said.push_back(message("user", text(words.all)));
  }
  if (has(3)) {
    request.system = string_view(words.first);
    add(expected, "system", words.first);
  } else if (has(4)) {
    request.system = List<Block>(all.inner.data(), all.inner.size());
    expected.members["system"] = array({object({{"type", text("text")}, {"text", text(words.first)}}),
        object({{"type", text("text")}, {"text", text(words.all)}})});
  }
  const string_view stops[] = {words.all, words.first, words.second};
  if (has(5)) {
    request.stop_sequences = stops;
    expected.members["stop_sequences"] = array({text(words.all), text(words.first), text(words.second)});
  }
  if (has(6)) {
    request.user_id = words.second;
    if (!words.second.empty()) expected.members["metadata"] = object({{"user_id", text(words.second)}});
  }
  Tool tools[2] = {{words.first}, {words.second}};
  tools[0].description = words.all;
  tools[0].input_schema = words.raw;
  tools[0].strict = has(15);
  tools[1].eager_input_streaming = true;
  const ServerTool server_tools[] = {mcp_toolset(words.all)};
  if (has(7)) {
    request.tools = tools;
    Value one = object({{"name", text(words.first)}, {"input_schema", json::parse(words.raw)}});
    add(one, "description", words.all);
    if (has(15)) one.members["strict"] = word(true);
    const Value two = object({{"name", text(words.second)}, {"eager_input_streaming", word(true)},
        {"input_schema", object({{"type", text("object")}})}});
    expected.members["tools"] = array({one, two});
  }
  if (has(8)) {
    request.server_tools = server_tools;
    Value toolset = object({{"type", text("mcp_toolset")}});
    add(toolset, "mcp_server_name", words.all);
    expected.members["tools"].kind = '[';
    expected.members["tools"].items.push_back(toolset);
  }
  if (has(9)) {
    request.tool_choice = ToolChoice::tool(words.first).one_at_a_time();
    expected.members["tool_choice"] =
        object({{"type", text("tool")}, {"name", text(words.first)}, {"disable_parallel_tool_use", word(true)}});
  }
  if (has(10)) {
    request.thinking = Thinking::adaptive(ThinkingDisplay::omitted);
    expected.members["thinking"] = object({{"type", text("adaptive")}, {"display", text("omitted")}});
  }
  if (has(11)) {
    request.effort = Effort::high;
    request.output_schema = words.raw;
    expected.members["output_config"] = object({{"effort", text("high")},
        {"format", object({{"type", text("json_schema")}, {"schema", json::parse(words.raw)}})}});
  }
  const McpServer servers[] = {{words.first, words.second, words.all}};
  if (has(12)) {
    request.mcp_servers = servers;
    Value server = object({{"type", text("url")}, {"name", text(words.first)}, {"url", text(words.second)}});
    add(server, "authorization_token", words.all);
    expected.members["mcp_servers"] = array({server});
  }
  const Skill skills[] = {{words.first, true, words.second}};
  if (has(13)) {
    request.container = words.all;
    request.skills = skills;
    Value skill = object({{"type", text("custom")}, {"skill_id", text(words.first)}});
    add(skill, "version", words.second);
    expected.members["container"] = object({{"skills", array({skill})}});
    add(expected.members["container"], "id", words.all);
  }
  if (has(14)) {
    request.diagnose_cache = true;
    request.previous_message_id = words.all;
    Value before;
    before.kind = 'n';
    expected.members["diagnostics"] = object({{"previous_message_id", words.all.empty() ? before : text(words.all)}});
  }

  Window measure;
  picoclaude::detail::render(measure, request);
  if (measure.error() != Error::none) {
    PROMISE(measure.error() == Error::bad_text);
    PROMISE(!is_utf8(words.all) || !is_utf8(words.first) || !is_utf8(words.second));
    return 0;
  }
  const std::string whole = render(request, 256);
  PROMISE(whole.size() == measure.size());
  PROMISE(whole == render(request, room < 256 ? room : 256));
  if (whole.size() < 1000) PROMISE(whole == render(request, 1));
  std::string trace;
  PROMISE(naive::Json::read(whole, 200, trace));
  PROMISE(json::parse(whole) == expected);
  return 0;
}
