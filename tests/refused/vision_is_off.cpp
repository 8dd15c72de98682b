// refused: PICOCLAUDE_ENABLE_VISION is 0
#include <picoclaude.hpp>

picoclaude::Block photo = picoclaude::image("image/png", "...");
picoclaude::Block linked = picoclaude::image_url("https://example.org/a.png");
picoclaude::Block uploaded = picoclaude::image_file("file_1");
