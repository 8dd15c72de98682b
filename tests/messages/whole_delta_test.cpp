#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "picoclaude/messages/event_reader.hpp"

using namespace picoclaude;

namespace {

const std::string start = "data: {\"type\":\"message_start\",\"message\":{}}\n\n";

std::string block(int index, const std::string& type) {
  return "data: {\"type\":\"content_block_start\",\"index\":" + std::to_string(index) +
      ",\"content_block\":{\"type\":\"" + type + "\"}}\n\n";
}

// What a reader that is handed pieces of this size tells, and whether it could go on.
std::string told(const std::string& bytes, std::size_t piece) {
  std::string events;
  std::string last;
  EventReader reader;
  std::vector<char> room(bytes.size() * 2 + 64);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    char* base = room.data();
    const Room held = reader.held();
    if (held.size != 0) {
      std::memmove(base, held.data, held.size);
      reader.held_moved(base);
      base += held.size;
    }
    base += EventReader::margin;
    const std::size_t size = bytes.copy(base, piece, at);
    char* next = base;
    while (const Event event = reader.read(next, base + size)) {
      const std::string name =
          "\n" + std::to_string(static_cast<int>(event.kind)) + "." + std::to_string(event.index) + " ";
      if (event.text.empty() || name != last) events += name;
      last = name;
      events += event.text;
    }
  }
  return events + "\nerror " + std::to_string(static_cast<int>(reader.error()));
}

const std::string usual =
    "event: content_block_delta\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";

}  // namespace

#if PICOCLAUDE_WIDE

namespace {

struct Taken {
  bool whole = false;
  std::string text;
  unsigned index = 0;
  unsigned payload = 0;
  bool plain = false;
  std::size_t size = 0;
};

Taken taken(std::string bytes) {
  detail::WholeDelta delta;
  Taken taken;
  taken.whole = delta.read(bytes.data(), bytes.data() + bytes.size());
  if (!taken.whole) return taken;
  taken.text.assign(delta.text().data, delta.text().size);
  taken.index = delta.index();
  taken.payload = delta.payload();
  taken.plain = delta.plain();
  taken.size = static_cast<std::size_t>(delta.behind() - bytes.data());
  return taken;
}

bool takes(const std::string& json) { return taken("data: " + json + "\n\n").whole; }

}  // namespace

TEST_CASE("whole delta: the usual one, with all that it says") {
  const Taken delta = taken(usual + "event: more");
  CHECK(delta.whole);
  CHECK(delta.text == "Hi");
  CHECK(delta.index == 0);
  CHECK(delta.payload == 0);
  CHECK(delta.plain);
  CHECK(delta.size == usual.size());
}

TEST_CASE("whole delta: each payload with its type") {
  const char* const all[][2] = {{"text_delta", "text"}, {"thinking_delta", "thinking"},
      {"signature_delta", "signature"}, {"input_json_delta", "partial_json"}};
  for (unsigned type = 0; type < 4; ++type) {
    for (unsigned member = 0; member < 4; ++member) {
      const std::string delta = std::string("{\"type\":\"") + all[type][0] + "\",\"" + all[member][1] + "\":\"x\"}";
      const Taken taken_ = taken("data: {\"type\":\"content_block_delta\",\"index\":3,\"delta\":" + delta + "}\n\n");
      CHECK(taken_.whole == (type == member));
      if (type != member) continue;
      CHECK(taken_.payload == type);
      CHECK(taken_.index == 3);
    }
  }
}

TEST_CASE("whole delta: members in any order, and blanks between them") {
  const char* const members[] = {"\"type\" : \"content_block_delta\"", "\"index\":  12",
      "\"delta\": {\"text\":\"ab\" , \"type\" :\"text_delta\"  }"};
  const unsigned orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders) {
    const std::string json =
        std::string("{ ") + members[order[0]] + " ,  " + members[order[1]] + ", " + members[order[2]] + "    }";
    const Taken delta = taken("data: " + json + "\n\n");
    CHECK(delta.whole);
    CHECK(delta.index == 12);
    CHECK(delta.text == "ab");
    CHECK(delta.size == json.size() + 8);
  }
}

TEST_CASE("whole delta: what must be decoded is told, and taken to its own quote") {
  const auto text = [](const std::string& inside) {
    return taken("data: {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + inside +
        "\"},\"type\":\"content_block_delta\"}\n\n");
  };
  for (const char* const inside : {"a\\\"b", "\\\\", "\\u00e4x", "\xC3\xA4", "\\n"}) {
    const Taken delta = text(inside);
    CHECK(delta.whole);
    CHECK_FALSE(delta.plain);
    CHECK(delta.text == inside);
  }
  CHECK(text("").plain);
  CHECK(text("").text.empty());
  CHECK_FALSE(text("a\tb").whole);
  CHECK_FALSE(text("\\").whole);
  const Taken cut = taken(
      "data: {\"index\":0,\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\\\n\n\"}}\n\n");
  CHECK_FALSE(cut.whole);
}

TEST_CASE("whole delta: an index of up to four digits, as an integer is written") {
  const auto index = [](const std::string& digits) {
    return taken("data: {\"type\":\"content_block_delta\",\"index\":" + digits +
        ",\"delta\":{\"type\":\"text_delta\",\"text\":\"\"}}\n\n");
  };
  CHECK(index("0").index == 0);
  CHECK(index("7").index == 7);
  CHECK(index("4095").index == 4095);
  CHECK(index("9999").index == 9999);
  for (const char* const digits : {"", "-1", "00", "01", "1.0", "1e0", "1E0", "99999", "65536", "a", "\"1\"", "1 2"}) {
    CHECK_FALSE(index(digits).whole);
  }
}

TEST_CASE("whole delta: what is cut anywhere is left") {
  for (std::size_t size = 0; size < usual.size(); ++size) {
    CHECK_FALSE(taken(usual.substr(0, size)).whole);
  }
}

TEST_CASE("whole delta: what is unusual is left") {
  const std::string type = "\"type\":\"content_block_delta\"";
  const std::string index = "\"index\":0";
  const std::string delta = "\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}";
  CHECK(takes("{" + type + "," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + index + "}"));
  CHECK_FALSE(takes("{" + type + "," + delta + "}"));
  CHECK_FALSE(takes("{" + index + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + type + "," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta + ",\"more\":1}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta + ",}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta + "}}"));
  CHECK_FALSE(takes("{" + type + "," + index + "," + delta + "} "));
  CHECK_FALSE(takes("{" + type + " " + index + "," + delta + "}"));
  CHECK_FALSE(takes("{\"type\" \"content_block_delta\"," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{\"type\":\"content_block_stop\"," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{\"type\":null," + index + "," + delta + "}"));
  CHECK_FALSE(takes("{" + type + ",\"index\" 0," + delta + "}"));
  CHECK_FALSE(takes("{" + type + "," + index + ",\"delta\" {}}"));
  CHECK_FALSE(takes("{" + type + "," + index + ",\"delta\":{}}"));
  CHECK_FALSE(takes("{" + type + "," + index + ",\"delta\":null}"));
  CHECK_FALSE(takes("[" + type + "," + index + "," + delta + "}"));
  for (const char* const inside :
      {"\"type\":\"text_delta\"", "\"text\":\"x\"", "\"type\":\"text_delta\",\"text\":\"x\",\"text\":\"x\"",
          "\"type\":\"text_delta\",\"type\":\"text_delta\",\"text\":\"x\"", "\"type\":\"text_delta\",\"text\":null",
          "\"type\":\"text_delta\",\"text\" \"x\"", "\"type\" \"text_delta\",\"text\":\"x\"",
          "\"type\":\"no_delta\",\"text\":\"x\"", "\"type\":\"citations_delta\",\"citation\":{}",
          "\"type\":\"text_delta\",\"text\":\"x\",\"more\":\"x\"", "\"type\":\"text_delta\",\"text\":\"x\",", ""}) {
    CHECK_FALSE(takes("{" + type + "," + index + ",\"delta\":{" + inside + "}}"));
  }
  const std::string json = "{" + type + "," + index + "," + delta + "}";
  CHECK_FALSE(taken("data:" + json + "\n\n").whole);
  CHECK_FALSE(taken("data: " + json + "\ndata: \n\n").whole);
  CHECK_FALSE(taken("data: " + json + "\r\n\r\n").whole);
  CHECK_FALSE(taken("event: ping\ndata: " + json + "\n\n").whole);
  CHECK_FALSE(taken("event: content_block_delta\nevent: content_block_delta\ndata: " + json + "\n\n").whole);
  CHECK_FALSE(taken(": " + json + "\n\n").whole);
}

TEST_CASE("whole delta: nothing of what is read is changed") {
  const std::string bytes =
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\u0041\"}}\n\n";
  std::string copy = bytes;
  detail::WholeDelta delta;
  CHECK(delta.read(copy.data(), copy.data() + copy.size()));
  CHECK(copy == bytes);
}

#endif

TEST_CASE("whole delta: at once as byte by byte, with any byte of it changed, taken away or added") {
  const std::string more[] = {
      usual,
      "data: { \"delta\" : {\"text\":\"a\\u00e4\\n\",\"type\":\"text_delta\"}, \"index\": 0,\"type\":\"content_block_delta\" }\n\n",
      "data: {\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"\xC3\xA4\\ud83d\\ude00\"},\"type\":\"content_block_delta\"}\n\n",
      "event: content_block_delta\n"
      "data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"h\"}}\n\n",
  };
  const std::string fronts[] = {
      start,
      start + block(0, "text"),
      start + block(0, "text") + block(1, "thinking"),
      start + block(0, "thinking") + block(1, "text"),
      start + block(0, "what") + block(1, "text"),
  };
  const std::string bytes = std::string("\"\\{}[],:0a1e. \t\r\n") + '\0' + "\x80\xC3";
  for (const std::string& front : fronts) {
    for (const std::string& delta : more) {
      const auto same = [&front](const std::string& changed) {
        const std::string stream = front + changed + usual;
        const std::string bytewise = told(stream, 1);
        if (told(stream, stream.size()) == bytewise && told(stream, front.size()) == bytewise) return true;
        MESSAGE(stream);
        return false;
      };
      REQUIRE(same(delta));
      for (std::size_t at = 0; at < delta.size(); ++at) {
        std::string changed = delta;
        REQUIRE(same(changed.erase(at, 1)));
        for (const char byte : bytes) {
          changed = delta;
          changed[at] = byte;
          REQUIRE(same(changed));
          if (at % 3 == 0) REQUIRE(same(std::string(delta).insert(at, 1, byte)));
        }
      }
    }
  }
}
