#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_OUTPUT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include "support/recordings.hpp"
#include "support/rendered.hpp"
#include "support/run.hpp"

using namespace picoclaude;

namespace {

constexpr auto moon = structure(string("name", "its usual name"), integer("radius_km").range(1, 10000),
    array("colours", "", string()).max_count(3).optional());
constexpr auto form = moon.without_limits();

constexpr char answer[] = R"({"name":"Ganym\u00e8de","radius_km":2634,"colours":["grey","brown"]})";

// What is read of a text that comes in pieces of `size` bytes.
std::string read(std::string_view text, std::size_t size, InputFault* fault = nullptr) {
  char room[128];
  OutputReader reader{moon, Room{room}};
  for (std::size_t at = 0; at < text.size(); at += size) {
    const std::string piece(text.substr(at, size));  // memory of its own
    reader.take(Event{EventKind::text, 0, piece});
  }
  std::string seen;
  const InputFault found = reader.finish([&](string_view name, int radius_km, Optional<Items<string_view>> colours) {
    seen = std::string(name) + " " + std::to_string(radius_km);
    for (std::size_t i = 0; i < colours.value.size(); ++i) seen += " " + std::string(colours.value[i]);
  });
  if (fault != nullptr) *fault = found;
  return seen;
}

}  // namespace

static_assert(form.schema() ==
    R"({"type":"object","properties":{"name":{"type":"string","description":"its usual name"},)"
    R"("radius_km":{"type":"integer"},"colours":{"type":"array","items":{"type":"string"}}},)"
    R"("required":["name","radius_km"],"additionalProperties":false})");

TEST_CASE("output: an answer becomes values, whatever its pieces") {
  for (std::size_t size = 1; size < sizeof answer; ++size) {
    CHECK(read(answer, size) ==
        "Ganym\xC3\xA8"
        "de 2634 grey brown");
  }
  CHECK(read(R"( {"radius_km" : 1822,"name":"Io"} )", 3) == "Io 1822");
}

TEST_CASE("output: an answer that is cut or of another form is a fault, and reaches nobody") {
  InputFault fault = InputFault::none;
  for (std::size_t size = 0; size + 1 < sizeof answer - 1; ++size) {
    CHECK(read(std::string_view(answer, size), 1, &fault) == "");
    CHECK(fault != InputFault::none);
  }
  CHECK(read("I cannot tell.", 4, &fault) == "");
  CHECK(fault == InputFault::not_json);
  CHECK(read(R"({"name":"Io","radius_km":0})", 4, &fault) == "");
  CHECK(fault == InputFault::out_of_range);
  CHECK(read(R"({"name":"Io"})", 4, &fault) == "");
  CHECK(fault == InputFault::missing);
  CHECK(read(R"({"name":"Io","radius_km":1,"more":1})", 4, &fault) == "");
  CHECK(fault == InputFault::unknown);
}

TEST_CASE("output: a fault is told as soon as it is there, and a retried answer begins anew") {
  char room[128];
  OutputReader reader{moon, Room{room}};
  reader.take(R"({"name":"Io","mass")");
  CHECK(reader.fault() == InputFault::unknown);
  reader.take(Event{EventKind::retrying, 0, {}});
  CHECK(reader.fault() == InputFault::none);
  reader.take(Event{EventKind::thinking, 0, "{"});
  reader.take(Event{EventKind::text, 1, R"({"name":"Io","radius_km":1822})"});
  int radius = 0;
  CHECK(reader.finish([&](string_view, int radius_km, Optional<Items<string_view>>) {
    radius = radius_km;
  }) == InputFault::none);
  CHECK(radius == 1822);
}

TEST_CASE("output: the first fault counts, whatever comes behind it") {
  char room[128];
  OutputReader reader{moon, Room{room}};
  reader.take(R"({"radius_km":0,)");
  const InputFault first = reader.fault();
  CHECK(first != InputFault::none);
  CHECK(first != InputFault::not_json);
  reader.take("}}");
  CHECK(reader.fault() == first);
}

TEST_CASE("output: asked for and read back through a client") {
  scripted::Bench<> bench;
  std::string stream(scripted::hello);
  const std::string escaped = R"({\"name\":\"Io\",\"radius_km\":1822})";
  stream.replace(stream.find("Hi!"), 3, escaped);
  bench.transport.script = {scripted::answers({{scripted::streamed(stream)}})};
  bench.request.output_schema = form.schema();
  bench.request.effort = Effort::low;
  char room[128];
  OutputReader reader{moon, Room{room}};
  REQUIRE(bench.client.begin(bench.request).error == Error::none);
  while (const Event event = bench.client.next()) reader.take(event);
  CHECK(bench.client.status().error == Error::none);
  std::string seen;
  CHECK(reader.finish([&](string_view name, int radius_km, Optional<Items<string_view>>) {
    seen = std::string(name) + " " + std::to_string(radius_km);
  }) == InputFault::none);
  CHECK(seen == "Io 1822");
  CHECK(bench.transport.request(0).find(R"("output_config":{"effort":"low","format":{"type":"json_schema","schema":)" +
            std::string(form.schema()) + "}}") != std::string_view::npos);
}
