// Uploads a file, and prints the id by which image and document blocks name it.
//
//   upload FILE [TYPE]      TYPE is a media type: image/png, application/pdf (without: application/octet-stream)
//   upload - NAME TYPE      what comes on the standard input, as long as it comes
//   upload --list           all files
//   upload --delete ID
//
// The settings are those of quickstart.cpp. The file is never in memory as a whole.
#define PICOCLAUDE_ENABLE_FILES 1
#include <picoclaude.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#define IS_TERMINAL() (_isatty(2) != 0)
#else
#include <unistd.h>
#define IS_TERMINAL() (isatty(2) != 0)
#endif

namespace {

using picoclaude::string_view;
using Client = picoclaude::Client<picoclaude::MbedtlsTransport<>>;

const char* setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// A file as a source of bytes: read where the library asks, which is from the beginning when it is sent again.
struct Disk {
  std::FILE* file;
  std::uint32_t size;  // Source::unknown_size for what cannot be measured

  static std::size_t read(void* context, std::uint32_t offset, char* out, std::size_t room) {
    auto& disk = *static_cast<Disk*>(context);
    const bool known = disk.size != picoclaude::Source::unknown_size;
    if (known && offset == 0) std::rewind(disk.file);
    if (IS_TERMINAL() && offset / 262144 != (offset + room) / 262144) {
      std::fprintf(stderr, "\r%lu KB ", static_cast<unsigned long>(offset / 1024));
      if (known) std::fprintf(stderr, "of %lu KB ", static_cast<unsigned long>(disk.size / 1024));
    }
    const std::size_t got = std::fread(out, 1, room, disk.file);
    return got == 0 && std::ferror(disk.file) != 0 ? picoclaude::Source::failed : got;
  }
};

// What the service says of its refusal goes to the terminal.
void complain(const picoclaude::Event& event) {
  if (event.kind == picoclaude::EventKind::error_text) std::fwrite(event.text.data(), 1, event.text.size(), stderr);
}

int verdict(const picoclaude::Status& status) {
  if (status) return 0;
  std::fprintf(stderr, "\nupload: %s (HTTP status %u, native code %ld)\n", name(status.error).data(),
      unsigned{status.http}, static_cast<long>(status.native));
  return 1;
}

int upload(Client& claude, Disk disk, const char* filename, const char* type) {
  picoclaude::UploadFile file{filename, type, picoclaude::Source{Disk::read, &disk, disk.size}};
  file.is_read_once = disk.size == picoclaude::Source::unknown_size;
  const auto status = run(claude, file, complain);
  if (IS_TERMINAL()) std::fputs("\r\x1B[K", stderr);
  if (status) std::puts(file.item.id.c_str());
  return verdict(status);
}

int upload_path(Client& claude, const char* path, const char* type) {
  std::FILE* const file = std::fopen(path, "rb");
  if (file == nullptr || std::fseek(file, 0, SEEK_END) != 0) return std::perror(path), 1;
  const long size = std::ftell(file);
  if (size < 0 || static_cast<unsigned long>(size) > picoclaude::UploadFile::max_size) {
    return std::fprintf(stderr, "upload: %s is too long\n", path), 1;
  }
  const char* const slash = std::strrchr(path, '/');
  const int result =
      upload(claude, {file, static_cast<std::uint32_t>(size)}, slash != nullptr ? slash + 1 : path, type);
  std::fclose(file);
  return result;
}

int list(Client& claude) {
  picoclaude::ListFiles files;
  return verdict(each(claude, files, [](const picoclaude::File& file) {
    std::printf("%s %10lu %s %s\n", file.id.c_str(), static_cast<unsigned long>(file.size_bytes),
        file.mime_type.c_str(), file.filename.c_str());
  }));
}

}  // namespace

int main(int argc, char** argv) {
  const char* ca = setting("PICOCLAUDE_CA", nullptr);
  picoclaude::MbedtlsTransport tls{ca != nullptr ? picoclaude::file_roots(ca) : picoclaude::system_roots()};
  picoclaude::Workspace<8192> memory;
  picoclaude::Config config;
  config.api_key = setting("ANTHROPIC_API_KEY", "");
  config.base_url = setting("PICOCLAUDE_BASE_URL", "https://api.anthropic.com");
  config.total_ms = 0;  // a file may have 500 MB: only silence is a reason to give up
  picoclaude::Client claude{tls, memory, config};

  const string_view first = argc > 1 ? argv[1] : "";
  if (first == "--list") return list(claude);
  if (first == "--delete" && argc == 3) {
    picoclaude::DeleteFile file{argv[2]};
    return verdict(run(claude, file, complain));
  }
  if (first == "-" && argc == 4) {
#if defined(_WIN32)
    _setmode(0, _O_BINARY);
#endif
    return upload(claude, {stdin, picoclaude::Source::unknown_size}, argv[2], argv[3]);
  }
  if (first.empty() || first[0] == '-' || argc > 3) {
    return std::puts("upload FILE [TYPE], upload - NAME TYPE, upload --list, upload --delete ID"), 2;
  }
  return upload_path(claude, argv[1], argc == 3 ? argv[2] : "application/octet-stream");
}
