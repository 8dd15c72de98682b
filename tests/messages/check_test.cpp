#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_CHECK 1
#define PICOCLAUDE_ENABLE_TOOLS 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#define PICOCLAUDE_ENABLE_CACHING 1
#define PICOCLAUDE_ENABLE_THINKING 1
#define PICOCLAUDE_ENABLE_OUTPUT 1
#define PICOCLAUDE_ENABLE_SERVER_TOOLS 1
#define PICOCLAUDE_ENABLE_TRANSCRIPT 1
#include <picoclaude.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/run.hpp"

using namespace picoclaude;

namespace {

constexpr Request question() {
  Request request;
  request.model = "claude-opus-5-5";
  request.max_tokens = 4096;
  request.prompt = "Hello";
  return request;
}

// A good request after one change.
template <class Change>
constexpr Rule after(Change change) {
  Request request = question();
  change(request);
  return check(request);
}

// A good request with these messages instead of its prompt.
template <std::size_t N>
Rule talk(const Message (&messages)[N], string_view prompt = {}) {
  Request request = question();
  request.prompt = prompt;
  request.messages = messages;
  return check(request);
}

// One user message of these blocks.
Rule said(std::vector<Block> blocks, Role role = Role::user) {
  const Message messages[] = {user("Hello"), {role, List<Block>{blocks.data(), blocks.size()}}};
  return talk(messages, role == Role::user ? string_view{} : "Go on.");
}

}  // namespace

static_assert(check(question()) == Rule::none);
static_assert(name(Rule::missing_tool_result) == "missing_tool_result");
static_assert(name(Rule::missing_beta) == "missing_beta");

TEST_CASE("check: every rule has its own name, in the order of the rules") {
  const char* const names[] = {"none", "missing_model", "missing_max_tokens", "missing_messages", "sampling_refused",
      "bad_number", "user_id_too_long", "empty_stop_sequence", "not_a_member", "not_an_object", "not_utf8",
      "body_too_large", "too_many_messages", "too_many_images", "first_not_user", "empty_text", "empty_content",
      "prefill_ends_in_blank", "system_misplaced", "system_not_text", "block_in_wrong_role", "block_in_wrong_place",
      "too_deep", "empty_source", "bad_media_type", "image_too_large", "bad_title", "mixed_citations",
      "citations_with_schema", "bad_thinking", "thinking_forces_tool", "prefill_with_schema", "too_many_breakpoints",
      "breakpoint_order", "cached_thinking", "bad_tool_name", "duplicate_tool_name", "too_many_strict_tools",
      "unknown_tool_choice", "no_tools_to_choose", "bad_call_id", "missing_tool_result", "stray_tool_result",
      "result_behind_other", "both_domain_lists", "unknown_mcp_server", "too_many_skills", "compaction_with_edits",
      "missing_beta"};
  unsigned number = 0;
  for (const char* const expected : names) CHECK(name(static_cast<Rule>(number++)) == expected);
  CHECK(name(static_cast<Rule>(number)) == "?");
}

TEST_CASE("check: the request as a whole") {
  static_assert(after([](Request& request) {
    request.model = {};
  }) == Rule::missing_model);
  static_assert(after([](Request& request) {
    request.max_tokens = Request::not_set;
  }) == Rule::missing_max_tokens);
  static_assert(after([](Request& request) {
    request.prompt = {};
  }) == Rule::missing_messages);
  static_assert(after([](Request& request) {
    request.temperature = "0.5";
  }) == Rule::sampling_refused);
  static_assert(after([](Request& request) {
    request.version = ApiVersion::v2023_06_01;
    request.temperature = "hot";
  }) == Rule::bad_number);
  static_assert(after([](Request& request) {
    request.version = ApiVersion::v2023_06_01;
    request.temperature = "0.5";
  }) == Rule::none);
  static_assert(after([](Request& request) {
    request.extra = R"({"speed":"fast"})";
  }) == Rule::not_a_member);
  static_assert(after([](Request& request) {
    request.extra = R"("speed":"fast")";
  }) == Rule::none);
  static_assert(after([](Request& request) {
    request.output_schema = "schema";
  }) == Rule::not_an_object);
  static_assert(after([](Request& request) {
    request.prompt = "\xFF";
  }) == Rule::not_utf8);
  static constexpr string_view stops[] = {"END", ""};
  static_assert(after([](Request& request) {
    request.stop_sequences = stops;
  }) == Rule::empty_stop_sequence);
  static_assert(after([](Request& request) {
    request.stop_sequences = List<string_view>{stops, 1};
  }) == Rule::none);
  const std::string user_id(513, 'u');
  CHECK(after([&](Request& request) {
    request.user_id = user_id;
  }) == Rule::user_id_too_long);
  CHECK(after([&](Request& request) {
    request.user_id = slice(user_id, 0, 512);
  }) == Rule::none);
  std::string characters;
  for (int i = 0; i < 512; ++i) characters += "\xC3\xBC";  // 1,024 bytes
  CHECK(after([&](Request& request) {
    request.user_id = characters;
  }) == Rule::none);
}

TEST_CASE("check: 32 MB are the most, measured and not sent") {
  Source source{[](void*, std::uint32_t, char*, std::size_t) {
                  return std::size_t{0};
                },
      nullptr, 0};
  const Block blocks[] = {pdf(source)};
  const Message messages[] = {user(blocks)};
  const auto rule = [&](std::uint32_t size) {
    source.size = size;
    Request request = question();
    request.prompt = {};
    request.messages = messages;
    return check(request);
  };
  CHECK(rule(25165000) == Rule::none);  // 33,553,336 letters
  CHECK(rule(25165824) == Rule::body_too_large);
  CHECK(rule(0xFFFFFFFF) == Rule::body_too_large);
}

TEST_CASE("check: texts and messages must say something") {
  CHECK(after([](Request& request) {
    request.prompt = " \n";
  }) == Rule::empty_text);
  CHECK(talk({user("")}) == Rule::empty_content);
  CHECK(talk({user(" ")}) == Rule::empty_text);
  CHECK(said({""}) == Rule::empty_text);
  CHECK(said({"Hello", "\t"}) == Rule::empty_text);
  CHECK(said({"\r\n"}) == Rule::empty_text);
  CHECK(said({"Hello"}) == Rule::none);
  CHECK(talk({user("Hello"), assistant("Hi")}, " ") == Rule::empty_text);
}

TEST_CASE("check: the order of messages") {
  CHECK(talk({assistant("Hi")}, "Hello") == Rule::first_not_user);
  CHECK(talk({picoclaude::system("French")}, "Hello") == Rule::system_misplaced);
  CHECK(talk({user("Hello"), picoclaude::system("French")}) == Rule::none);
  CHECK(talk({user("Hello"), picoclaude::system("French")}, "And now?") == Rule::system_misplaced);
  CHECK(talk({user("Hello"), picoclaude::system("French"), assistant("Salut")}, "And now?") == Rule::none);
  CHECK(talk({user("Hello"), picoclaude::system("French"), user("And now?")}) == Rule::system_misplaced);
  CHECK(talk({user("Hello"), assistant("Hi"), picoclaude::system("French"), assistant("Salut")}, "?") ==
      Rule::system_misplaced);
  const Block searched[] = {raw_block("{}")};
  CHECK(
      talk({user("Hello"), assistant(searched), picoclaude::system("French"), assistant("Salut")}, "?") == Rule::none);
  const Block photo[] = {image_url("https://example.org/a.png")};
  CHECK(talk({user("Hello"), picoclaude::system(photo)}) == Rule::system_not_text);
  CHECK(after([&](Request& request) {
    request.system = photo;
  }) == Rule::system_not_text);
  CHECK(talk({user("Hello"), assistant("The answer is ")}) == Rule::prefill_ends_in_blank);
  CHECK(talk({user("Hello"), assistant("The answer is")}) == Rule::none);
  CHECK(talk({user("Hello"), assistant("The answer is ")}, "Go on.") == Rule::none);
  const Block prefill[] = {"The answer", "is\n"};
  CHECK(talk({user("Hello"), assistant(prefill)}) == Rule::prefill_ends_in_blank);
  const Block ending[] = {"The answer is ", raw_block("{}")};
  CHECK(talk({user("Hello"), assistant(ending)}) == Rule::none);
  CHECK(talk({user("Hello"), assistant("Hi"), picoclaude::system("French"), assistant("Salut")}) ==
      Rule::system_misplaced);
  std::vector<Message> many(100'001, user("x"));
  Request request = question();
  request.messages = List<Message>{many.data(), many.size()};
  CHECK(check(request) == Rule::too_many_messages);
}

TEST_CASE("check: nothing is held against the first message behind a transcript") {
  const auto behind = [](List<Message> messages, string_view prompt = {}) {
    return after([&](Request& request) {
      request.transcript = R"({"role":"user","content":"Hello"},{"role":"assistant","content":[]})";
      request.prompt = prompt;
      request.messages = messages;
    });
  };
  CHECK(behind({}) == Rule::none);
  CHECK(behind({}, "And now?") == Rule::none);
  CHECK(behind({}, " ") == Rule::empty_text);
  const Block results[] = {tool_result("toolu_1", "on")};
  const Block calls[] = {tool_use("toolu_2", "lamp", "{}")};
  const Block raw[] = {raw_block("{}")};
  const Message answered[] = {user(results)};
  CHECK(behind(answered) == Rule::none);
  const Message later[] = {user("Hello"), assistant("Hi"), user(results)};
  CHECK(behind(later) == Rule::stray_tool_result);
  const Message prefilled[] = {assistant("It is")};
  CHECK(behind(prefilled) == Rule::none);
  CHECK(behind(prefilled, "Go on.") == Rule::none);
  const Message blank[] = {assistant("It is ")};
  CHECK(behind(blank) == Rule::prefill_ends_in_blank);
  const Message called[] = {assistant(calls)};
  CHECK(behind(called) == Rule::missing_tool_result);
  const Message told[] = {picoclaude::system("French")};
  CHECK(behind(told) == Rule::none);
  CHECK(behind(told, "And now?") == Rule::system_misplaced);
  const Message searched[] = {assistant(raw), picoclaude::system("French"), assistant("Salut")};
  CHECK(behind(searched, "And now?") == Rule::none);
}

TEST_CASE("check: which block may stand where") {
  const Block photo = image_file("file_1");
  const Block paper = document_file("file_1");
  const Block text[] = {"x"};
  const Block found = search_result("kb://1", "KB", text);
  for (const Block& block : {photo, paper, found}) {
    CHECK(said({block}) == Rule::none);
    CHECK(said({block}, Role::assistant) == Rule::block_in_wrong_role);
  }
  for (const Block& block : {thinking("", "c2ln"), redacted_thinking("x")}) {
    CHECK(said({block}) == Rule::block_in_wrong_role);
    CHECK(said({block, "ok"}, Role::assistant) == Rule::none);
  }
  CHECK(said({tool_use("toolu_1", "lamp", "{}")}) == Rule::block_in_wrong_role);
  CHECK(said({tool_result("toolu_1", "on")}, Role::assistant) == Rule::block_in_wrong_role);
  Request old = question();
  old.version = ApiVersion::v2023_06_01;
  const Block papers[] = {paper};
  const Message messages[] = {user("Hello"), assistant(papers)};
  old.messages = messages;
  CHECK(check(old) == Rule::none);  // under the older version a document may be the assistant's
}

TEST_CASE("check: what a block of blocks may hold") {
  const Block photo[] = {image_file("file_1")};
  const Block call[] = {tool_use("toolu_2", "lamp", "{}")};
  const Block text[] = {"x"};
  const Block blank[] = {" "};
  const Block found[] = {search_result("kb://1", "KB", text)};
  const Block wrong[] = {search_result("kb://1", "KB", photo)};
  const Block deep[] = {search_result("kb://1", "KB", found)};
  const auto result = [](Content content) {
    const Block calls[] = {tool_use("toolu_1", "lamp", "{}")};
    const Block results[] = {tool_result("toolu_1", content)};
    return talk({user("Hello"), assistant(calls), user(results)});
  };
  CHECK(result("on") == Rule::none);
  CHECK(result({}) == Rule::none);
  CHECK(result(photo) == Rule::none);
  CHECK(result(found) == Rule::none);
  CHECK(result(call) == Rule::block_in_wrong_place);
  CHECK(result(blank) == Rule::empty_text);
  CHECK(result(wrong) == Rule::block_in_wrong_place);
  CHECK(result(deep) == Rule::block_in_wrong_place);
  CHECK(said({document_content(photo)}) == Rule::none);
  CHECK(said({document_content(found)}) == Rule::block_in_wrong_place);
  CHECK(said({document_content({})}) == Rule::empty_content);
  CHECK(said({search_result("kb://1", "KB", List<Block>{})}) == Rule::empty_content);
  const Block three[] = {document_content(deep)};
  CHECK(result(three) == Rule::block_in_wrong_place);
  Block inner[] = {"x"};
  inner[0].content = text;  // nobody makes such a block
  const Block results[] = {search_result("kb://1", "KB", inner)};
  CHECK(result(results) == Rule::too_deep);
}

TEST_CASE("check: images") {
  CHECK(said({image("image/png", "PNG")}) == Rule::none);
  CHECK(said({image("image/gif", "GIF")}) == Rule::none);
  CHECK(said({image("image/bmp", "BM")}) == Rule::bad_media_type);
  CHECK(said({image("", "BM")}) == Rule::bad_media_type);
  CHECK(said({image("image/png", "")}) == Rule::empty_source);
  CHECK(said({image_url("")}) == Rule::empty_source);
  CHECK(said({image_file("")}) == Rule::empty_source);
  Source source{nullptr, nullptr, 0};
  CHECK(said({image("image/png", source)}) == Rule::empty_source);
  Block unread = image("image/png", source);
  unread.source = nullptr;
  CHECK(said({unread}) == Rule::empty_source);
  source.size = 10 * 1024 * 1024 / 4 * 3;
  CHECK(said({image("image/webp", source)}) == Rule::none);
  ++source.size;
  CHECK(said({image("image/webp", source)}) == Rule::image_too_large);
  const std::string large(10 * 1024 * 1024 / 4 * 3 + 1, 'x');
  CHECK(said({image("image/png", large)}) == Rule::image_too_large);
  CHECK(said({image("image/png", slice(large, 1))}) == Rule::none);
  CHECK(said(std::vector<Block>(600, image_file("file_1"))) == Rule::none);
  CHECK(said(std::vector<Block>(601, image_file("file_1"))) == Rule::too_many_images);
}

TEST_CASE("check: documents and search results") {
  About about;
  const std::string title(501, 't');
  about.title = title;
  CHECK(said({document_text("x", about)}) == Rule::bad_title);
  about.title = slice(title, 1);
  CHECK(said({document_text("x", about)}) == Rule::none);
  CHECK(said({document_text("")}) == Rule::empty_source);
  CHECK(said({pdf("")}) == Rule::empty_source);
  const Block text[] = {"x"};
  CHECK(said({search_result("", "KB", text)}) == Rule::empty_source);
  CHECK(said({search_result("kb://1", "", text)}) == Rule::bad_title);
  about.citations = true;
  CHECK(said({document_text("x", about), document_text("y")}) == Rule::mixed_citations);
  CHECK(said({document_text("x", about), search_result("kb://1", "KB", text, true)}) == Rule::none);
  const Block cited[] = {document_text("x", about), "Cite."};
  const Message messages[] = {user(cited)};
  Request request = question();
  request.messages = messages;
  CHECK(check(request) == Rule::none);
  request.output_schema = R"({"type":"object"})";
  CHECK(check(request) == Rule::citations_with_schema);
}

TEST_CASE("check: thinking, output and cache") {
  CHECK(after([](Request& request) {
    request.thinking = Thinking::enabled(1023);
  }) == Rule::bad_thinking);
  CHECK(after([](Request& request) {
    request.thinking = Thinking::enabled(4096);
  }) == Rule::bad_thinking);
  CHECK(said({cached(thinking("", "c2ln")), "ok"}, Role::assistant) == Rule::cached_thinking);
  const Tool lamp[] = {{"lamp"}};
  for (const ToolChoice choice : {ToolChoice::any(), ToolChoice::tool("lamp")}) {
    const auto rule = [&](Thinking thinking) {
      return after([&](Request& request) {
        request.tools = lamp;
        request.tool_choice = choice;
        request.thinking = thinking;
      });
    };
    CHECK(rule(Thinking::enabled(1024)) == Rule::thinking_forces_tool);
    CHECK(rule(Thinking::adaptive()) == Rule::none);
  }
  const Message prefill[] = {user("Hello"), assistant("{")};
  const auto with_schema = [](List<Message> messages, string_view prompt, string_view transcript = {}) {
    return after([&](Request& request) {
      request.prompt = prompt;
      request.messages = messages;
      request.transcript = transcript;
      request.output_schema = R"({"type":"object"})";
    });
  };
  CHECK(with_schema(prefill, {}) == Rule::prefill_with_schema);
  CHECK(with_schema(prefill, "Go on.") == Rule::none);
  CHECK(with_schema(List<Message>{prefill, 1}, {}) == Rule::none);
  CHECK(with_schema({}, {}, R"({"role":"user","content":"Hello"})") == Rule::none);
  const Block five[] = {cached("1"), cached("2"), cached("3"), cached("4"), cached("5")};
  CHECK(after([&](Request& request) {
    request.system = five;
  }) == Rule::too_many_breakpoints);
  const auto with_marks = [](CacheControl first, CacheControl second) {
    const Block blocks[] = {cached("1", first), cached("2", second)};
    return after([&](Request& request) {
      request.system = blocks;
    });
  };
  CHECK(with_marks(CacheControl::ephemeral_5m, CacheControl::ephemeral_1h) == Rule::breakpoint_order);
  CHECK(with_marks(CacheControl::ephemeral_1h, CacheControl::ephemeral_5m) == Rule::none);
  CHECK(with_marks(CacheControl::ephemeral_1h, CacheControl::ephemeral_1h) == Rule::none);
}

TEST_CASE("check: tools and the choice between them") {
  const auto rule = [](List<Tool> tools, ToolChoice choice = {}) {
    return after([&](Request& request) {
      request.tools = tools;
      request.tool_choice = choice;
    });
  };
  const Tool two[] = {{"lamp"}, {"heat_2-B"}};
  CHECK(rule(two) == Rule::none);
  CHECK(rule(two, ToolChoice::tool("lamp")) == Rule::none);
  CHECK(rule(two, ToolChoice::tool("door")) == Rule::unknown_tool_choice);
  CHECK(rule(two, ToolChoice::automatic()) == Rule::none);
  CHECK(rule(two, ToolChoice::none()) == Rule::none);
  CHECK(rule({}, ToolChoice::automatic()) == Rule::no_tools_to_choose);
  const Tool same[] = {{"lamp"}, {"lamp"}};
  CHECK(rule(same) == Rule::duplicate_tool_name);
  const std::string name(129, 'n');
  for (const string_view wrong :
      {string_view(""), string_view("a b"), string_view("l\xC3\xBC"), string_view("a{b"), string_view(name)}) {
    const Tool bad[] = {{wrong}};
    CHECK(rule(bad) == Rule::bad_tool_name);
  }
  const Tool longest[] = {{slice(name, 1)}};
  CHECK(rule(longest) == Rule::none);
  Tool schema[] = {{"lamp"}};
  schema[0].input_schema = "true";
  CHECK(rule(schema) == Rule::not_an_object);
  schema[0].input_schema = R"({"type":"object"})";
  CHECK(rule(schema) == Rule::none);
  const char* letters = "abcdefghijklmnopqrstu";
  Tool strict[21] = {};
  for (unsigned i = 0; i < 21; ++i) strict[i] = {string_view(letters + i, 1)};
  for (Tool& tool : strict) tool.strict = true;
  CHECK(rule(strict) == Rule::too_many_strict_tools);
  strict[20].strict = false;
  CHECK(rule(strict) == Rule::none);
}

TEST_CASE("check: calls and their results") {
  const Block calls[] = {tool_use("toolu_1", "lamp", "{}"), tool_use("toolu_2", "lamp", "{}")};
  const Block both[] = {tool_result("toolu_2", "on"), tool_result("toolu_1", "off"), "And now?"};
  const Block one[] = {tool_result("toolu_1", "on")};
  const Block other[] = {tool_result("toolu_2", "on")};
  const Block stray[] = {tool_result("toolu_1", "on"), tool_result("toolu_2", "on"), tool_result("toolu_3", "on")};
  const Block twice[] = {tool_result("toolu_1", "on"), tool_result("toolu_1", "on"), tool_result("toolu_2", "on")};
  const Block late[] = {tool_result("toolu_1", "on"), "And now?", tool_result("toolu_2", "on")};
  const Block raw[] = {raw_block("{}")};
  CHECK(talk({user("Hello"), assistant(calls), user(both)}) == Rule::none);
  CHECK(talk({user("Hello"), assistant(calls), user(one), user(other)}) == Rule::none);  // one turn
  CHECK(talk({user("Hello"), assistant(calls), assistant("..."), user(both)}) == Rule::none);
  CHECK(talk({user("Hello"), assistant(calls), user(one)}) == Rule::missing_tool_result);
  CHECK(talk({user("Hello"), assistant(calls)}) == Rule::missing_tool_result);
  CHECK(talk({user("Hello"), assistant(calls)}, "And now?") == Rule::missing_tool_result);
  CHECK(talk({user("Hello"), assistant(calls), picoclaude::system("French"), user(both)}) == Rule::system_misplaced);
  CHECK(talk({user("Hello"), assistant(calls), user(stray)}) == Rule::stray_tool_result);
  CHECK(talk({user("Hello"), assistant(calls), user(twice)}) == Rule::stray_tool_result);
  CHECK(talk({user("Hello"), assistant(calls), user(late)}) == Rule::result_behind_other);
  CHECK(talk({user(one)}) == Rule::stray_tool_result);
  CHECK(talk({user("Hello"), user(one)}) == Rule::result_behind_other);
  CHECK(talk({user("Hello"), assistant("Hi"), user(one)}) == Rule::stray_tool_result);
  // A raw block may be the call or the result.
  CHECK(talk({user("Hello"), assistant(raw), user(one)}) == Rule::none);
  CHECK(talk({user("Hello"), assistant(calls), user(raw)}) == Rule::none);
  const Block beside[] = {raw_block("{}"), tool_result("toolu_1", "on")};
  CHECK(talk({user("Hello"), assistant(calls), user(beside)}) == Rule::none);
  CHECK(said({tool_use("toolu 1", "lamp", "{}")}, Role::assistant) == Rule::bad_call_id);
  CHECK(said({tool_use("", "lamp", "{}")}, Role::assistant) == Rule::bad_call_id);
  CHECK(said({tool_use("toolu_1", "la mp", "{}")}, Role::assistant) == Rule::bad_tool_name);
}

TEST_CASE("check: tools of the service") {
  static constexpr string_view domains[] = {"example.org"};
  ServerTool search[] = {web_search()};
  CHECK(after([&](Request& request) {
    request.server_tools = search;
  }) == Rule::none);
  search[0].allowed_domains = domains;
  CHECK(after([&](Request& request) {
    request.server_tools = search;
  }) == Rule::none);
  search[0].blocked_domains = domains;
  CHECK(after([&](Request& request) {
    request.server_tools = search;
  }) == Rule::both_domain_lists);
  const McpServer servers[] = {{"lamps", "https://a.org"}, {"inventory", "https://b.org"}, {"doors", "https://c.org"}};
  const ServerTool toolset[] = {mcp_toolset("inventory")};
  CHECK(after([&](Request& request) {
    request.server_tools = toolset;
  }) == Rule::unknown_mcp_server);
  CHECK(after([&](Request& request) {
    request.server_tools = toolset;
    request.mcp_servers = List<McpServer>{servers, 1};
    request.beta = "mcp-client-2025-11-20";
  }) == Rule::unknown_mcp_server);
  const auto with_servers = [&](string_view beta) {
    return after([&](Request& request) {
      request.server_tools = toolset;
      request.mcp_servers = servers;
      request.beta = beta;
    });
  };
  CHECK(with_servers("") == Rule::missing_beta);
  CHECK(with_servers("files-api-2025-04-14") == Rule::missing_beta);
  CHECK(with_servers("mcp-client-2025-11-20") == Rule::none);
  CHECK(with_servers("compact-2026-01-12,mcp-client-2025-11-20") == Rule::none);
  const Skill skills[9] = {};
  CHECK(after([&](Request& request) {
    request.skills = skills;
  }) == Rule::too_many_skills);
  CHECK(after([&](Request& request) {
    request.skills = List<Skill>{skills, 8};
  }) == Rule::none);
  ContextEdit edits[1];
  const auto with_edits = [&](string_view beta, bool compaction = false) {
    return after([&](Request& request) {
      request.context_edits = edits;
      request.compaction.summarize = compaction;
      request.beta = beta;
    });
  };
  CHECK(with_edits("") == Rule::missing_beta);
  CHECK(with_edits("context-management-2025-06-27") == Rule::none);
  CHECK(with_edits("context-management-2025-06-27", true) == Rule::compaction_with_edits);
  edits[0].type = ContextEdit::Type::compact;
  CHECK(with_edits("context-management-2025-06-27") == Rule::missing_beta);
  CHECK(with_edits("context-management-2025-06-27,compact-2026-01-12") == Rule::none);
  CHECK(after([&](Request& request) {
    request.compaction.summarize = true;
  }) == Rule::missing_beta);
  CHECK(after([&](Request& request) {
    request.compaction.summarize = true;
    request.beta = "compact-2026-09-04";
  }) == Rule::none);
  search[0] = web_search();
  CHECK(after([&](Request& request) {
    request.tool_choice = ToolChoice::tool("web_search");
    request.server_tools = search;
  }) == Rule::none);
  CHECK(after([&](Request& request) {
    request.tool_choice = ToolChoice::tool("web_search");
    request.server_tools = List<ServerTool>{search, 0};
  }) == Rule::no_tools_to_choose);
}

TEST_CASE("check: begin() asks it, and tells the rule") {
  scripted::Bench<> bench{{scripted::answers({scripted::greeting()})}};
  bench.request.prompt = " ";
  const Status refused = bench.client.begin(bench.request);
  CHECK(refused.error == Error::bad_request);
  CHECK(refused.native == static_cast<int>(Rule::empty_text));
  CHECK(bench.client.status().native == static_cast<int>(Rule::empty_text));
  CHECK(bench.client.done());
  CHECK(bench.transport.calls == 0);
  bench.request.model = {};  // what is refused without it is told as it is
  CHECK(bench.client.begin(bench.request).error == Error::missing_model);
  CHECK(bench.client.status().native == 0);
  bench.request.model = "claude-haiku-4-5";
  bench.request.prompt = "Hello";
  CHECK(bench.client.begin(bench.request).error == Error::none);
  Request wrong = bench.request;
  wrong.prompt = " ";
  CHECK(bench.client.begin(wrong).error == Error::busy);
  CHECK(bench.client.begin(wrong).native == 0);
  CHECK(scripted::finish(bench.client).text == "Hi!");
}

TEST_CASE("check: the marks of server tools and of the whole request are counted in their order") {
  ServerTool search[] = {web_search()};
  search[0].cache_control = CacheControl::ephemeral_5m;
  const Block system[] = {cached("a", CacheControl::ephemeral_1h)};
  Request request = question();
  request.server_tools = search;
  CHECK(picoclaude::detail::refusal_of(request) == Error::none);
  request.system = system;
  CHECK(picoclaude::detail::refusal_of(request) == Error::bad_cache_control);
  search[0].cache_control = CacheControl::ephemeral_1h;
  CHECK(picoclaude::detail::refusal_of(request) == Error::none);
  request.cache_control = CacheControl::ephemeral_5m;
  CHECK(picoclaude::detail::refusal_of(request) == Error::none);
  search[0].cache_control = CacheControl::none;
  request.system = {};
  const Block minutes[] = {cached("a", CacheControl::ephemeral_5m)};
  request.system = minutes;
  request.cache_control = CacheControl::ephemeral_1h;
  CHECK(picoclaude::detail::refusal_of(request) == Error::bad_cache_control);
}
