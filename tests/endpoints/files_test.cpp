#define PICOCLAUDE_ENABLE_MBEDTLS 0
#define PICOCLAUDE_ENABLE_FILES 1
#define PICOCLAUDE_ENABLE_VISION 1
#define PICOCLAUDE_ENABLE_DOCUMENTS 1
#include "answers.hpp"

namespace {

std::string_view body_of(const char* name) { return recordings::get(std::string("files/") + name).body; }

constexpr const char* file_id = "file_011FxFile0000000000000001";

std::string list(Bench& bench, pc::ListFiles& files) {
  std::string ids;
  const pc::Status status = each(bench.claude, files, [&](const pc::File& file) {
    ids += text(file.id) + ' ';
  });
  return ids + text(pc::name(status.error));
}

// Bytes that are not in memory as far as the library knows: given in pieces of at most `piece`.
struct Card {
  std::string bytes;
  std::size_t piece = scripted::all;
  std::size_t broken_at = scripted::all;
  std::vector<std::uint32_t> offsets;

  pc::Source source() { return {read, this, static_cast<std::uint32_t>(bytes.size())}; }
  pc::Source endless() { return {read, this, pc::Source::unknown_size}; }

  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t size) {
    Card& card = *static_cast<Card*>(context);
    card.offsets.push_back(offset);
    if (offset >= card.broken_at) return pc::Source::failed;
    if (size > card.piece) size = card.piece;
    return card.bytes.copy(out, size, offset);
  }
};

// The content of the chunks of a body; "?" when they are not right.
std::string unchunked(std::string_view body) {
  std::string out;
  for (;;) {
    const std::size_t line = body.find("\r\n");
    if (line == std::string_view::npos || line == 0) return "?";
    const std::size_t size = std::strtoul(std::string(body.substr(0, line)).c_str(), nullptr, 16);
    body.remove_prefix(line + 2);
    if (size == 0) return body == "\r\n" ? out : "?";
    if (body.size() < size + 2 || body.substr(size, 2) != "\r\n") return "?";
    out += body.substr(0, size);
    body.remove_prefix(size + 2);
  }
}

std::string boundary_of(const std::string& request) {
  const std::size_t at = request.find("boundary=") + 9;
  return request.substr(at, request.find("\r\n", at) - at);
}

std::string multipart(
    const std::string& boundary, const std::string& name, const std::string& type, const std::string& content) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
      "\"\r\nContent-Type: " + type + "\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n";
}

}  // namespace

// ---- metadata ---------------------------------------------------------------------------------------------------------

TEST_CASE("files: a file's metadata, whole and in small reads") {
  for (const std::size_t size : {scripted::all, std::size_t{1}, std::size_t{3}}) {
    Bench bench{{{json_answer(body_of("metadata.json"))}}};
    bench.transport.read_size = size;
    pc::GetFile get{file_id};
    REQUIRE(run(bench.claude, get));
    CHECK(bench.request() == "GET /v1/files/file_011FxFile0000000000000001 HTTP/1.1\r\n\r\n");
    CHECK(get.item.id.view() == file_id);
    CHECK(get.item.filename.view() == "report \"\xC3\xA4\".pdf");
    CHECK(get.item.mime_type.view() == "application/pdf");
    CHECK(get.item.size_bytes == 1048577);
    CHECK(get.item.created_at.view() == "2026-11-21T10:00:00Z");
    CHECK(get.item.expires_at.empty());
    CHECK_FALSE(get.item.downloadable);
  }
}

TEST_CASE("files: a file that a tool made can be downloaded, and expires") {
  Bench bench{{{json_answer(body_of("metadata_generated.json"))}}};
  pc::GetFile get{file_id};
  REQUIRE(run(bench.claude, get));
  CHECK(get.item.downloadable);
  CHECK(get.item.expires_at.view() == "2027-01-01T00:00:00Z");
}

TEST_CASE("files: every recorded file is the same at every cut, and nothing at every early end") {
  for (const char* const name : {"metadata.json", "metadata_generated.json"}) {
    const std::string answer = json_answer(body_of(name));
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Bench bench{{{answer}}};
      bench.transport.cut = cut;
      pc::GetFile get{file_id};
      CHECK(run(bench.claude, get));
      CHECK(get.item.id.view() == file_id);
      CHECK(get.item.size_bytes == 1048577);
      Bench short_one{{{answer.substr(0, cut), scripted::Ending::close_notify}}};
      CHECK_FALSE(run(short_one.claude, get));
    }
  }
}

TEST_CASE("files: a name that is too long is cut at a code point") {
  std::string name;
  for (int i = 0; i < 150; ++i) name += "\xC3\xA4";
  Bench bench{{{json_answer(R"({"id":"f","filename":")" + name + R"(","size_bytes":5000000000})")}}};
  pc::GetFile get{"f"};
  REQUIRE(run(bench.claude, get));
  CHECK(get.item.filename.is_cut());
  CHECK(get.item.filename.view() == name.substr(0, 254));
  CHECK(get.item.size_bytes == 0xFFFFFFFF);
}

TEST_CASE("files: pages are followed by their tokens, over an empty one, to the last") {
  Bench bench{{{json_answer(body_of("list_page1.json"))}, {json_answer(body_of("list_empty_but_more.json"))},
      {json_answer(body_of("list_last.json"))}}};
  pc::ListFiles files;
  files.limit = 50;
  CHECK(list(bench, files) == "file_011FxFile0000000000000001 file_011FxFile0000000000000001 none");
  const std::string sent = bench.request();
  const std::size_t first = sent.find("GET /v1/files?limit=50 HTTP/1.1");
  const std::size_t second = sent.find("GET /v1/files?limit=50&page=cGFnZTI%3D HTTP/1.1");
  const std::size_t third = sent.find("GET /v1/files?limit=50&page=cGFnZTM%3D HTTP/1.1");
  CHECK(first == 0);
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
}

TEST_CASE("files: the older shape of a page is read as well") {
  Bench bench{{{json_answer(body_of("list_beta_shape.json"))}}};
  pc::ListFiles files;
  CHECK(list(bench, files) == "file_011FxFile0000000000000001 none");
}

TEST_CASE("files: a list is the same at every cut") {
  const std::string first = json_answer(body_of("list_page1.json"));
  const std::string second = chunked_answer(body_of("list_empty_but_more.json"));
  const std::string third = json_answer(body_of("list_last.json"));
  for (std::size_t cut = 1; cut < first.size() + second.size() + third.size(); ++cut) {
    Bench bench{{{first}, {second}, {third}}};
    bench.transport.cut = cut;
    pc::ListFiles files;
    CHECK(list(bench, files) == "file_011FxFile0000000000000001 file_011FxFile0000000000000001 none");
  }
}

TEST_CASE("files: a page by token that was cut behind a file is not repeated by itself") {
  const std::string page = json_answer(body_of("list_page1.json"));
  Bench bench;
  bench.config.max_retries = 2;
  bench.transport.script = {{{{page.substr(0, page.size() - 1), scripted::Ending::fin}}}, {{{page}}}};
  pc::ListFiles files;
  CHECK(list(bench, files) == "file_011FxFile0000000000000001 truncated");
  bench.transport.script.push_back({{{page.substr(0, 90), scripted::Ending::fin}}});
  bench.transport.script.push_back({{{json_answer(body_of("list_last.json"))}}});
  bench.transport.script.erase(bench.transport.script.begin() + 1);
  CHECK(list(bench, files) == "file_011FxFile0000000000000001 none");
}

TEST_CASE("files: some files may be asked for by their ids") {
  Bench bench{{{json_answer(R"({"data":[],"next_page":null})")}}};
  pc::ListFiles files;
  static constexpr pc::string_view ids[] = {"file_1", "file_2"};
  files.ids = ids;
  CHECK(list(bench, files) == "none");
  CHECK(bench.request() == "GET /v1/files?ids%5B%5D=file_1&ids%5B%5D=file_2 HTTP/1.1\r\n\r\n");
  files.limit = 5;
  CHECK(list(bench, files) == "bad_request");
  files.limit = 0;
  files.page = "x";
  CHECK(list(bench, files) == "bad_request");
  files.page = {};
  const std::vector<pc::string_view> many(101, "f");
  files.ids = {many.data(), many.size()};
  CHECK(list(bench, files) == "bad_request");
}

TEST_CASE("files: a list may begin at a page that was known before") {
  Bench bench{{{json_answer(body_of("list_last.json"))}}};
  pc::ListFiles files;
  files.page = "cGFnZTI=";
  CHECK(list(bench, files) == "file_011FxFile0000000000000001 none");
  CHECK(bench.request() == "GET /v1/files?page=cGFnZTI%3D HTTP/1.1\r\n\r\n");
}

TEST_CASE("files: deleting tells what was deleted") {
  Bench bench{{{json_answer(body_of("deleted.json"))}}};
  pc::DeleteFile gone{file_id};
  CHECK(run(bench.claude, gone));
  CHECK(gone.item.id.view() == file_id);
  CHECK(bench.request() == "DELETE /v1/files/file_011FxFile0000000000000001 HTTP/1.1\r\n\r\n");
}

// ---- upload -----------------------------------------------------------------------------------------------------------

TEST_CASE("files: a file in memory is uploaded with its exact length") {
  Bench bench{{{json_answer(body_of("metadata.json"))}}};
  pc::UploadFile upload{"a.txt", "text/plain", "hello"};
  upload.expires_in_s = 3600;
  REQUIRE(run(bench.claude, upload));
  CHECK(upload.item.id.view() == file_id);
  const std::string boundary = boundary_of(bench.request());
  CHECK(boundary.size() == 26);
  // The recorded body, with our boundary.
  std::string expected(body_of("upload_request_body.bin"));
  const std::string recorded = "----cppbound7MA4YWxkTrZu0gW";
  for (std::size_t at = 0; (at = expected.find(recorded, at)) != std::string::npos;) {
    expected.replace(at, recorded.size(), boundary);
  }
  CHECK(bench.request() ==
      "POST /v1/files HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=" + boundary +
          "\r\ncontent-length: " + std::to_string(expected.size()) + "\r\n\r\n" + expected);
}

TEST_CASE("files: a file is the same through a window of any size, from a source in pieces of any size") {
  Card card;
  for (int i = 0; i < 300; ++i) card.bytes += static_cast<char>(i);
  for (std::size_t size = 40; size < 700; size += 11) {
    card.piece = size % 7 + 1;
    scripted::Blocking transport;
    transport.script = {{{{json_answer(body_of("metadata.json"))}}}};
    std::vector<char> memory(size);
    pc::Config config;
    config.api_key = "k";
    pc::Client<scripted::Blocking> claude{transport, pc::Room{memory.data(), memory.size()}, config};
    pc::UploadFile upload{"b.bin", "application/octet-stream", card.source()};
    REQUIRE(run(claude, upload));
    const std::string sent(transport.request(0));
    CHECK(sent.substr(sent.find("\r\n\r\n") + 4) ==
        multipart(boundary_of(sent), "b.bin", "application/octet-stream", card.bytes));
  }
}

TEST_CASE("files: a file whose size is not known before is sent in chunks") {
  for (const std::size_t size : {0u, 1u, 13u, 300u, 5000u}) {
    for (const std::size_t room : {64u, 65u, 100u, 1024u, 8192u}) {
      Card card;
      card.bytes.assign(size, 'x');
      card.piece = 700;
      scripted::Blocking transport;
      transport.script = {{{{json_answer(body_of("metadata.json"))}}}};
      std::vector<char> memory(room);
      pc::Config config;
      config.api_key = "k";
      pc::Client<scripted::Blocking> claude{transport, pc::Room{memory.data(), memory.size()}, config};
      pc::UploadFile upload{"b.bin", "image/png", card.endless()};
      upload.expires_in_s = 7'776'000;
      REQUIRE(run(claude, upload));
      const std::string sent(transport.request(0));
      CHECK(sent.find("\r\ntransfer-encoding: chunked\r\n\r\n") != std::string::npos);
      CHECK(sent.find("content-length") == std::string::npos);
      std::string expected = multipart(boundary_of(sent), "b.bin", "image/png", card.bytes);
      expected.insert(expected.rfind("--" + boundary_of(sent)),
          "--" + boundary_of(sent) +
              "\r\nContent-Disposition: form-data; name=\"expires_in_seconds\"\r\n\r\n7776000\r\n");
      CHECK(unchunked(sent.substr(sent.find("\r\n\r\n") + 4)) == expected);
    }
  }
}

TEST_CASE("files: a source that fails ends the upload, and never looks like a shorter file") {
  for (const std::size_t at : {0u, 1u, 999u, 2999u}) {
    for (const bool known : {true, false}) {
      Card card;
      card.bytes.assign(3000, 'x');
      card.piece = 333;
      card.broken_at = at;
      Bench bench{{{json_answer(body_of("metadata.json"))}}};
      pc::UploadFile upload{"b.bin", "image/png", known ? card.source() : card.endless()};
      if (at == 2999) card.piece = 1;  // so that it is asked for just there
      CHECK(run(bench.claude, upload).error == pc::Error::request_changed);
      CHECK_FALSE(upload.holds_boundary());
      CHECK(bench.transport.requests == 0);
      CHECK_FALSE(bench.transport.is_open());
    }
  }
}

TEST_CASE("files: a source that says that it gave more than there was room for ends the upload in front of it") {
  // 100 bytes, then too many.
  const pc::Source source{[](void*, std::uint32_t offset, char* out, std::size_t size) {
                            if (offset != 0) return size + 1;
                            for (unsigned at = 0; at < 100; ++at) out[at] = 'x';
                            return std::size_t{100};
                          },
      nullptr, pc::Source::unknown_size};
  Bench bench{{{json_answer(body_of("metadata.json"))}}};
  pc::UploadFile upload{"b.bin", "image/png", source};
  CHECK(run(bench.claude, upload).error == pc::Error::request_changed);
  const std::string sent(bench.transport.request(0));
  CHECK(sent.substr(sent.size() - 4) == "\r\n\r\n");
  CHECK(sent.find("\r\n\r\n") == sent.size() - 4);  // only the head
}

TEST_CASE("files: a source that gives less than it said ends the upload") {
  Card card;
  card.bytes.assign(100, 'x');
  Bench bench{{{json_answer(body_of("metadata.json"))}}};
  pc::UploadFile upload{"b.bin", "image/png", {Card::read, &card, 101}};
  CHECK(run(bench.claude, upload).error == pc::Error::request_changed);
  CHECK(bench.transport.requests == 0);
}

TEST_CASE("files: content that holds the boundary is not sent, and another nonce helps") {
  Bench bench{{{json_answer(body_of("metadata.json"))}}};
  const std::string dashes(200, '-');
  pc::UploadFile probe{"a.bin", "text/plain", std::string_view(dashes)};
  REQUIRE(run(bench.claude, probe));
  const std::string boundary = boundary_of(bench.request());
  for (const std::string& delimiter : {"\r\n--" + boundary, "\r\r\n--" + boundary, "\r\n\r\n--" + boundary}) {
    for (const std::size_t place : {0u, 1u, 57u}) {
      for (const std::size_t room : {64u, 101u, 1024u}) {
        std::string content(200, 'x');
        content.replace(place, delimiter.size(), delimiter);
        scripted::Blocking transport;
        transport.script = {{{{json_answer(body_of("metadata.json"))}}}, {{{json_answer(body_of("metadata.json"))}}}};
        std::vector<char> memory(room);
        pc::Config config;
        config.api_key = "k";
        pc::Client<scripted::Blocking> claude{transport, pc::Room{memory.data(), memory.size()}, config};
        pc::UploadFile upload{"a.bin", "text/plain", std::string_view(content)};
        CHECK(run(claude, upload).error == pc::Error::request_changed);
        CHECK(upload.holds_boundary());
        CHECK(transport.requests == 0);
        upload.nonce = 1;
        CHECK(run(claude, upload));
        CHECK_FALSE(upload.holds_boundary());
      }
    }
  }
  // At the very beginning of the content, the line's end is the head's.
  std::string content = "--" + boundary;
  content.resize(200, 'x');
  Bench again{{{json_answer(body_of("metadata.json"))}}};
  pc::UploadFile upload{"a.bin", "text/plain", std::string_view(content)};
  CHECK(run(again.claude, upload).error == pc::Error::request_changed);
  CHECK(upload.holds_boundary());
}

TEST_CASE("files: a name has 1 to 255 characters that the service takes, and nothing else is sent") {
  const auto refused = [](std::string_view name) {
    Bench bench;
    pc::UploadFile upload{name, "text/plain", "x"};
    const pc::Error error = bench.claude.begin(upload).error;
    CHECK(bench.transport.calls == 0);
    return error;
  };
  CHECK(refused("a") == pc::Error::none);
  CHECK(refused("Bericht \xC3\xA4\xF0\x9F\x9A\x80 (1)'.txt") == pc::Error::none);
  std::string wide;
  for (int i = 0; i < 255; ++i) wide += "\xC3\xA4";
  CHECK(refused(wide) == pc::Error::none);
  CHECK(refused(wide + "a") == pc::Error::bad_request);
  CHECK(refused("") == pc::Error::bad_request);
  for (const char c : std::string_view("<>:\"|?*\\/\r\n\t\0\x7F", 14)) {
    CAPTURE(static_cast<int>(c));
    CHECK(refused(std::string("a") + c + "b") == pc::Error::bad_request);
  }
  CHECK(refused("\xFF.txt") == pc::Error::bad_text);
  CHECK(refused("\xC3") == pc::Error::bad_text);
}

TEST_CASE("files: a type and an expiry that the service does not take are refused") {
  Bench bench;
  const auto refused = [&](std::string_view type, std::uint32_t expires_in_s) {
    pc::UploadFile upload{"a", type, "x"};
    upload.expires_in_s = expires_in_s;
    const pc::Error error = bench.claude.begin(upload).error;
    bench.claude.cancel();
    return error;
  };
  CHECK(refused("text/plain", 0) == pc::Error::none);
  CHECK(refused("text/plain", 3600) == pc::Error::none);
  CHECK(refused("text/plain", 7'776'000) == pc::Error::none);
  CHECK(refused("text/plain", 3599) == pc::Error::bad_request);
  CHECK(refused("text/plain", 7'776'001) == pc::Error::bad_request);
  CHECK(refused("", 0) == pc::Error::bad_request);
  CHECK(refused("text/plain\r\nx: y", 0) == pc::Error::bad_header);
}

TEST_CASE("files: 500 MB are sent, one byte more is refused") {
  Card card;
  Bench bench;
  for (const std::uint32_t size : {500u * 1024 * 1024 - 1, 500u * 1024 * 1024}) {
    pc::UploadFile fits{"a", "text/plain", {Card::read, &card, size}};
    CHECK(bench.claude.begin(fits).error == pc::Error::none);
    bench.claude.cancel();
  }
  pc::UploadFile upload{"a", "text/plain", {Card::read, &card, 500u * 1024 * 1024 + 1}};
  CHECK(bench.claude.begin(upload).error == pc::Error::request_too_long);
}

TEST_CASE("files: an upload that was too early is repeated, unless its source is read only once") {
  const std::string busy = refused_answer("HTTP/1.1 429 No", recordings::get("errors/429_rate_limit.json").body);
  for (const bool known : {true, false}) {
    for (const bool once : {false, true}) {
      Card card;
      card.bytes.assign(3000, 'x');
      Bench bench{{{busy}, {json_answer(body_of("metadata.json"))}}};
      bench.config.max_retries = 2;
      pc::UploadFile upload{"b.bin", "image/png", known ? card.source() : card.endless()};
      upload.is_read_once = once;
      CHECK(run(bench.claude, upload).error == (once ? pc::Error::rate_limit : pc::Error::none));
      CHECK(bench.transport.requests == (once ? 1 : 2));
      unsigned starts = 0;
      for (const std::uint32_t offset : card.offsets) starts += offset == 0;
      CHECK(starts == (once ? 1 : 2));
    }
  }
}

TEST_CASE("files: what is read once is still sent again when nothing of it was read") {
  Card card;
  card.bytes.assign(100, 'x');
  Bench bench;
  bench.config.max_retries = 1;
  bench.transport.script = {{{}, {pc::Io::failed(5)}}, {{{json_answer(body_of("metadata.json"))}}}};
  bench.transport.script[0].answers.push_back({json_answer(body_of("metadata.json"))});
  pc::UploadFile upload{"b.bin", "image/png", card.source()};
  upload.is_read_once = true;
  CHECK(run(bench.claude, upload));
  CHECK(bench.claude.retries() == 1);
}

TEST_CASE("files: a reused connection that was closed does not cost a source that is read once") {
  Card card;
  card.bytes.assign(3000, 'x');
  for (const bool once : {false, true}) {
    Bench bench;
    // The second request is taken, and the connection is closed without a word.
    bench.transport.script = {{{{json_answer(body_of("metadata.json"))}, {"", scripted::Ending::close_notify}}},
        {{{json_answer(body_of("metadata.json"))}}}};
    pc::GetFile get{"f"};
    REQUIRE(run(bench.claude, get));
    pc::UploadFile upload{"b.bin", "image/png", card.source()};
    upload.is_read_once = once;
    CHECK(run(bench.claude, upload).error == (once ? pc::Error::connection_closed : pc::Error::none));
  }
}

TEST_CASE("files: a reused connection that was lost in front of the body costs nothing") {
  Card card;
  card.bytes.assign(100, 'x');
  const std::string name(600, 'n');  // so long that no byte of the body is in the first window
  Bench bench;
  bench.config.user_agent = name;
  bench.transport.script = {{{{json_answer(body_of("metadata.json"))}}}, {{{json_answer(body_of("metadata.json"))}}}};
  pc::GetFile get{"f"};
  REQUIRE(run(bench.claude, get));
  // Of the second request only its first bytes are taken.
  bench.transport.script[0].send_limit = bench.transport.request(0).size() + 40;
  bench.transport.script[0].refusal = pc::Io::failed(pc::Error::connection_lost, 104);
  bench.transport.send_size = 40;
  pc::UploadFile upload{"b.bin", "image/png", card.source()};
  upload.is_read_once = true;
  CHECK(run(bench.claude, upload));
  CHECK(bench.transport.opened() == 2);
  CHECK(bench.claude.retries() == 0);
}

TEST_CASE("files: what the service refuses while an upload runs stops the upload") {
  Card card;
  card.bytes.assign(100'000, 'x');
  Bench bench;
  scripted::Connection connection;
  connection.answers = {{refused_answer("HTTP/1.1 413 No", recordings::get("errors/413_too_large.json").body),
      scripted::Ending::close_notify, 2000}};
  connection.send_limit = 5000;
  bench.transport.script = {connection};
  pc::UploadFile upload{"b.bin", "image/png", card.source()};
  CHECK(run(bench.claude, upload).error == pc::Error::request_too_large);
  CHECK_FALSE(bench.transport.is_open());
}

// ---- download ---------------------------------------------------------------------------------------------------------

namespace {

const std::string& content() {
  static const std::string bytes = [] {
    std::string all;
    for (int i = 0; i < 700; ++i) all += static_cast<char>(i * 7);
    return all;
  }();
  return bytes;
}

std::string with_type(std::string_view headers, std::string_view body) {
  return "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("files: a download is the file, byte for byte, at every cut") {
  const std::string answers[] = {with_type("content-length: 700\r\n", content()),
      with_type("transfer-encoding: chunked\r\n", scripted::chunked(content(), 60)), with_type("", content())};
  for (const std::string& answer : answers) {
    for (std::size_t cut = 1; cut <= answer.size(); ++cut) {
      Bench bench{{{answer, &answer == &answers[2] ? scripted::Ending::close_notify : scripted::Ending::keep}}};
      bench.transport.cut = cut;
      pc::DownloadFile download{"file_1"};
      std::string got;
      CHECK(fetch(bench.claude, download, [&](std::string_view bytes) {
        got += bytes;
      }));
      CHECK(got == content());
      CHECK(download.size == 700);
      CHECK(bench.request() == "GET /v1/files/file_1/content HTTP/1.1\r\n\r\n");
    }
  }
}

TEST_CASE("files: a download that ends early is an error, wherever and however it ends") {
  const std::string answers[] = {with_type("content-length: 700\r\n", content()),
      with_type("transfer-encoding: chunked\r\n", scripted::chunked(content(), 60))};
  for (const std::string& answer : answers) {
    for (std::size_t size = 0; size < answer.size(); ++size) {
      for (const scripted::Ending ending :
          {scripted::Ending::close_notify, scripted::Ending::fin, scripted::Ending::reset, scripted::Ending::keep}) {
        Bench bench{{{answer.substr(0, size), ending}}};
        pc::DownloadFile download{"file_1"};
        CHECK_FALSE(fetch(bench.claude, download, [](std::string_view) {}));
        CHECK(bench.transport.opened() == 1);
      }
    }
  }
}

TEST_CASE("files: a download up to the end of the connection is whole only when that end is proven") {
  const std::string answer = with_type("", content());
  for (const scripted::Ending ending : {scripted::Ending::fin, scripted::Ending::reset, scripted::Ending::keep}) {
    Bench bench{{{answer, ending}}};
    pc::DownloadFile download{"file_1"};
    CHECK_FALSE(fetch(bench.claude, download, [](std::string_view) {}));
  }
  scripted::Unproven transport;
  transport.script = {{{{answer, scripted::Ending::close_notify}}}};
  pc::Workspace<1024> memory;
  pc::Config config;
  config.api_key = "k";
  pc::Client<scripted::Unproven> claude{transport, memory, config};
  pc::DownloadFile download{"file_1"};
  CHECK(fetch(claude, download, [](std::string_view) {}).error == pc::Error::truncated);
}

TEST_CASE("files: an empty file is a file") {
  for (const std::string& answer :
      {with_type("content-length: 0\r\n", ""), with_type("transfer-encoding: chunked\r\n", "0\r\n\r\n")}) {
    Bench bench{{{answer}}};
    pc::DownloadFile download{"file_1"};
    unsigned pieces = 0;
    CHECK(fetch(bench.claude, download, [&](std::string_view) {
      ++pieces;
    }));
    CHECK(pieces == 0);
  }
}

TEST_CASE("files: a download is repeated as long as no byte of it was told") {
  const std::string answer = with_type("content-length: 700\r\n", content());
  Bench bench;
  bench.config.max_retries = 1;
  bench.transport.script = {{{{answer.substr(0, 40), scripted::Ending::reset}}}, {{{answer}}}};
  pc::DownloadFile download{"file_1"};
  std::string got;
  CHECK(fetch(bench.claude, download, [&](std::string_view bytes) {
    got += bytes;
  }));
  CHECK(got == content());
  Bench told;
  told.config.max_retries = 1;
  told.transport.script = {{{{answer.substr(0, answer.size() - 1), scripted::Ending::reset}}}, {{{answer}}}};
  CHECK(fetch(told.claude, download, [](std::string_view) {}).error == pc::Error::truncated);
  CHECK(told.transport.opened() == 1);
}

TEST_CASE("files: a file that cannot be downloaded is refused with the service's words") {
  Bench bench{{{refused_answer("HTTP/1.1 404 Not Found", recordings::get("errors/404_file_expired.json").body)}}};
  pc::DownloadFile download{"file_1"};
  std::string message;
  CHECK(run(bench.claude, download, [&](const pc::Event& event) {
    message += event.text;
  }).error == pc::Error::not_found);
  CHECK(message == recordings::get("errors/404_file_expired.json")["error_message"]);
}

TEST_CASE("files: a file's id stands in image and document blocks") {
  Bench bench{{{json_answer(body_of("metadata.json"))}}};
  pc::UploadFile upload{"a.png", "image/png", "x"};
  REQUIRE(run(bench.claude, upload));
  const pc::Block blocks[] = {pc::image_file(upload.item.id), pc::document_file(upload.item.id)};
  char json[400];
  pc::Window window(json, sizeof json, pc::Cursor{});
  pc::detail::render(window, pc::List<pc::Block>(blocks));
  CHECK(std::string(json, window.size()) ==
      R"([{"type":"image","source":{"type":"file","file_id":"file_011FxFile0000000000000001"}},)"
      R"({"type":"document","source":{"type":"file","file_id":"file_011FxFile0000000000000001"}}])");
}
